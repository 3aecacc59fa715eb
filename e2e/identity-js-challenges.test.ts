/** amazon-cognito-identity-js and what it is asked beyond a password: second factors and new passwords. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { codeTo, makeAppPool, makeAppUser, nextTotp } from "./harness/amplify.ts";
import { type AppPool, newPhoneNumber, SmsConfiguration } from "./harness/app-pool.ts";
import { addApp, authenticate, flows, prefer, stepOf, userOf } from "./harness/identity-js.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
  trust(server);
});
afterAll(stopAll);

const SoftwareTokenMfaConfiguration = { Enabled: true };
const SmsMfaConfiguration = { SmsConfiguration };

describe("second factors", () => {
  let pool: AppPool;
  beforeAll(async () => {
    pool = await makeAppPool(server, {
      mfa: { MfaConfiguration: "OPTIONAL", SmsMfaConfiguration, SoftwareTokenMfaConfiguration },
    });
  });

  async function makeOne(): Promise<{ username: string; phone: string }> {
    const phone = newPhoneNumber();
    const attributes = { phone_number: phone, phone_number_verified: "true" };
    return { username: await makeAppUser(server, pool, { attributes }), phone };
  }

  test.each(flows)("mfaRequired after %s", async (flow) => {
    const { username, phone } = await makeOne();
    const user = userOf(server, pool, { username, flow });
    await authenticate(user);
    await prefer(user, { sms: true });
    const again = userOf(server, pool, { username, flow });
    expect(await authenticate(again)).toMatchObject({
      next: "mfaRequired",
      given: ["SMS_MFA", { CODE_DELIVERY_DELIVERY_MEDIUM: "SMS" }],
    });
    await expect(
      stepOf((callbacks) => again.sendMFACode("000000", callbacks)),
    ).rejects.toMatchObject({ code: "CodeMismatchException" });
    const code = await codeTo(server, phone);
    expect((await stepOf((callbacks) => again.sendMFACode(code, callbacks))).next).toBe(
      "onSuccess",
    );
  });

  test.each(flows)("totpRequired after %s", async (flow) => {
    const { username } = await makeOne();
    const user = userOf(server, pool, { username, flow });
    await authenticate(user);
    const secret = await addApp(server, user);
    await prefer(user, { app: true });
    const again = userOf(server, pool, { username, flow });
    expect(await authenticate(again)).toMatchObject({
      next: "totpRequired",
      given: ["SOFTWARE_TOKEN_MFA", { FRIENDLY_DEVICE_NAME: "phone" }],
    });
    const code = await nextTotp(server, secret);
    const { next } = await stepOf((callbacks) =>
      again.sendMFACode(code, callbacks, "SOFTWARE_TOKEN_MFA"),
    );
    expect(next).toBe("onSuccess");
  });

  test("selectMFAType", async () => {
    const { username } = await makeOne();
    const user = userOf(server, pool, { username });
    await authenticate(user);
    const secret = await addApp(server, user);
    await prefer(user, { sms: false, app: false });
    const again = userOf(server, pool, { username });
    const step = await authenticate(again);
    expect(step.next).toBe("selectMFAType");
    const [, parameters] = step.given as [string, { MFAS_CAN_CHOOSE: string }];
    expect(new Set(JSON.parse(parameters.MFAS_CAN_CHOOSE))).toEqual(
      new Set(["SMS_MFA", "SOFTWARE_TOKEN_MFA"]),
    );
    const chosen = await stepOf((callbacks) =>
      again.sendMFASelectionAnswer("SOFTWARE_TOKEN_MFA", callbacks),
    );
    expect(chosen.next).toBe("totpRequired");
    const code = await nextTotp(server, secret);
    const { next } = await stepOf((callbacks) =>
      again.sendMFACode(code, callbacks, "SOFTWARE_TOKEN_MFA"),
    );
    expect(next).toBe("onSuccess");
  });
});

test("newPasswordRequired, then mfaSetup", async () => {
  const pool = await makeAppPool(server, {
    mfa: { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration },
  });
  const username = await makeAppUser(server, pool, { temporary: true });
  const user = userOf(server, pool, { username });
  const step = await authenticate(user);
  expect(step).toMatchObject({ next: "newPasswordRequired", given: [{ email: username }, []] });
  const asked = await stepOf((callbacks) =>
    user.completeNewPasswordChallenge("A-New-Horse-5-Saddle", {}, callbacks),
  );
  expect(asked.next).toBe("mfaSetup");
  await addApp(server, user);
  expect(user.getSignInUserSession()?.isValid()).toBe(true);
});
