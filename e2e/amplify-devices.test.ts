/** aws-amplify 6 in Node and remembered devices; Node's own `navigator` has the userAgent that names the device. */
import { AdminForgetDeviceCommand } from "@aws-sdk/client-cognito-identity-provider";
import {
  confirmSignIn,
  fetchAuthSession,
  fetchDevices,
  forgetDevice,
  rememberDevice,
  setUpTOTP,
  signIn,
  signOut,
  updateMFAPreference,
  verifyTOTPSetup,
} from "aws-amplify/auth";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { done, makeAppPool, makeAppUser, nextTotp } from "./harness/amplify.ts";
import type { AppPool } from "./harness/app-pool.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
  trust(server);
});
afterEach(() => signOut());
afterAll(stopAll);

let pool: AppPool;
let username: string;
let secret: string;

type Flow = "USER_SRP_AUTH" | "USER_PASSWORD_AUTH";

/**
 * A pool that remembers devices, and a user of it with an authenticator app who signed in on this one. Amplify looks for
 * what it keeps of a device by the name that was typed, or by the one that challenges tell; by USER_PASSWORD_AUTH it finds
 * it where both are the same.
 */
async function begin(onPrompt: boolean, authFlowType: Flow = "USER_SRP_AUTH"): Promise<void> {
  const isTyped = authFlowType === "USER_PASSWORD_AUTH";
  pool = await makeAppPool(server, {
    pool: {
      ...(isTyped ? { UsernameAttributes: undefined, AutoVerifiedAttributes: undefined } : {}),
      DeviceConfiguration: {
        ChallengeRequiredOnNewDevice: true,
        DeviceOnlyRememberedOnUserPrompt: onPrompt,
      },
    },
    mfa: { MfaConfiguration: "OPTIONAL", SoftwareTokenMfaConfiguration: { Enabled: true } },
  });
  username = await makeAppUser(server, pool, isTyped ? { username: "ada" } : {});
  await signIn({ username, password, options: { authFlowType } });
  const { sharedSecret } = await setUpTOTP();
  secret = sharedSecret;
  await verifyTOTPSetup({ code: await nextTotp(server, secret) });
  await updateMFAPreference({ totp: "PREFERRED" });
}

const totpIsAsked = { nextStep: { signInStep: "CONFIRM_SIGN_IN_WITH_TOTP_CODE" } };
const flows: readonly Flow[] = ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"];

test.each(flows)(
  "ConfirmDevice after the tokens; then %s asks the device instead of its user",
  async (authFlowType) => {
    await begin(false, authFlowType);
    const [device, ...others] = await fetchDevices();
    expect(others).toEqual([]);
    expect(device).toMatchObject({
      id: expect.stringMatching(/^us-east-1_[0-9a-f-]{36}$/),
      name: navigator.userAgent,
      createDate: expect.any(Date),
      lastAuthenticatedDate: expect.any(Date),
    });
    await signOut();
    const again = await signIn({ username, password, options: { authFlowType } });
    expect(again).toMatchObject(done);
    const { tokens } = await fetchAuthSession();
    expect(tokens?.accessToken.payload["device_key"]).toBe(device?.id);
    expect(await fetchDevices()).toHaveLength(1);
  },
);

test("a wrong password stays wrong on a remembered device", async () => {
  await begin(false);
  await signOut();
  await expect(signIn({ username, password: "Wrong-1-Password" })).rejects.toMatchObject({
    message: "Incorrect username or password.",
  });
});

test("fetchAuthSession refreshes with the device that signed in", async () => {
  await begin(false);
  const before = (await fetchAuthSession()).tokens?.accessToken.toString();
  const { tokens } = await fetchAuthSession({ forceRefresh: true });
  expect(tokens?.accessToken.toString()).toBeDefined();
  expect(tokens?.accessToken.toString()).not.toBe(before);
  await signOut();
  expect(await signIn({ username, password })).toMatchObject(done);
  const { tokens: after } = await fetchAuthSession({ forceRefresh: true });
  expect(after?.accessToken.payload["device_key"]).toBe((await fetchDevices())[0]?.id);
});

test("rememberDevice, where the user decides", async () => {
  await begin(true);
  await signOut();
  expect(await signIn({ username, password })).toMatchObject(totpIsAsked);
  await confirmSignIn({ challengeResponse: await nextTotp(server, secret) });
  await rememberDevice();
  await signOut();
  expect(await signIn({ username, password })).toMatchObject(done);
});

test("forgetDevice: the next sign-in asks for the second factor again", async () => {
  await begin(false);
  await forgetDevice();
  await signOut();
  expect(await signIn({ username, password })).toMatchObject(totpIsAsked);
  await confirmSignIn({ challengeResponse: await nextTotp(server, secret) });
  expect(await fetchDevices()).toHaveLength(1);
});

test.each(flows)(
  "a device that was forgotten elsewhere is a new one: %s begins again without it",
  async (authFlowType) => {
    await begin(false, authFlowType);
    const [device] = await fetchDevices();
    await signOut();
    await server.client().send(
      new AdminForgetDeviceCommand({
        UserPoolId: pool.userPoolId,
        Username: username,
        DeviceKey: device?.id,
      }),
    );
    expect(await signIn({ username, password, options: { authFlowType } })).toMatchObject(
      totpIsAsked,
    );
    await confirmSignIn({ challengeResponse: await nextTotp(server, secret) });
    const [other] = await fetchDevices();
    expect(other?.id).not.toBe(device?.id);
  },
);
