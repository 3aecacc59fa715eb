/** A device without a browser, and its user's way through the pages. */
import type { TestApp } from "./app.ts";
import type { TestBrowser, Visit } from "./browser.ts";
import { askToken } from "./oauth.ts";
import { password, type TestPool } from "./pools.ts";

export type TestDevice = {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
  readonly verification_uri_complete: string;
};

/** Asks as a device. */
export function askForDevice(
  app: TestApp,
  home: TestPool,
  fields: Readonly<Record<string, unknown>> = {},
) {
  const path = "/oauth2/device_authorization";
  return askToken(app, home, { path, client_id: home.client.id, ...fields });
}

/** Polls as a device. */
export function poll(
  app: TestApp,
  home: TestPool,
  { device, ...fields }: { device: Pick<TestDevice, "device_code"> } & Record<string, unknown>,
) {
  return askToken(app, home, {
    grant_type: "urn:ietf:params:oauth:grant-type:device_code",
    client_id: home.client.id,
    device_code: device.device_code,
    ...fields,
  });
}

/** Enters a code at `/device`. */
export async function enterCode(
  browser: TestBrowser,
  { pool }: Pick<TestPool, "pool">,
  userCode: string,
): Promise<Visit> {
  const shown = await browser.get(`/${pool.id}/device`);
  return browser.submit(shown.page("device").form, { user_code: userCode });
}

/** Enters a code, signs in where that is asked for, and ends on the question whether the device may. */
export async function comeToConsent(
  browser: TestBrowser,
  home: Pick<TestPool, "pool">,
  { userCode, username = "ada" }: { userCode: string; username?: string },
): Promise<Visit> {
  let visit = await browser.follow(await enterCode(browser, home, userCode));
  if (visit.body.includes('"name":"sign-in"')) {
    const { form } = visit.page("sign-in");
    visit = await browser.follow(await browser.submit(form, { username, password }));
  }
  return visit;
}
