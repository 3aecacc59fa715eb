import {
  AdminGetUserAuthFactorsCommand,
  GetUserAuthFactorsCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { UserPoolSettings } from "../../../domain/pools/pool.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { awaitStep, mfaSettings, setUpApp } from "../../../testing/mfa.ts";
import { registerPasskey } from "../../../testing/passkeys.ts";
import { type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signedInUser } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
  awaitStep(app);
});
afterEach(() => app.close());

const settings = {
  ...mfaSettings,
  allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"],
} as const satisfies Partial<UserPoolSettings>;

function byAdmin({ pool }: TestPool, Username = "ada") {
  return app.client.send(new AdminGetUserAuthFactorsCommand({ UserPoolId: pool.id, Username }));
}

/** What both operations say, which is the same. */
async function factorsOf(home: TestPool, AccessToken: string) {
  const { $metadata, ...own } = await app.client.send(
    new GetUserAuthFactorsCommand({ AccessToken }),
  );
  const { $metadata: _, ...other } = await byAdmin(home);
  expect($metadata.httpStatusCode).toBe(200);
  expect(other).toEqual(own);
  return own;
}

test("are the ways in which the user may begin to sign in", async () => {
  const { home, access } = await signedInUser(app, { settings });
  expect(await factorsOf(home, access)).toEqual({
    Username: "ada",
    ConfiguredUserAuthFactors: ["PASSWORD", "EMAIL_OTP"],
  });
  await registerPasskey(app, access);
  expect(await factorsOf(home, access)).toMatchObject({
    ConfiguredUserAuthFactors: ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"],
  });
});

test("are no codes and no passkeys once a second factor is asked for", async () => {
  const { home, access } = await signedInUser(app, { settings });
  await registerPasskey(app, access);
  await setUpApp(app, access);
  expect(await factorsOf(home, access)).toEqual({
    Username: "ada",
    UserMFASettingList: ["SOFTWARE_TOKEN_MFA"],
    ConfiguredUserAuthFactors: ["PASSWORD"],
  });
});

test("are those that the pool allows", async () => {
  const { home, access } = await signedInUser(app);
  expect(await factorsOf(home, access)).toEqual({
    Username: "ada",
    ConfiguredUserAuthFactors: ["PASSWORD"],
  });
});

test("are told to the user and to administrators of the pool alone", async () => {
  const home = await testPool(app, { settings });
  const other = await testPool(app, { settings });
  await testUser(app, other.pool);
  await expect(byAdmin(home)).rejects.toMatchObject({ name: "UserNotFoundException" });
  await expect(
    app.client.send(new GetUserAuthFactorsCommand({ AccessToken: "not.a.token" })),
  ).rejects.toMatchObject({ name: "NotAuthorizedException" });
});
