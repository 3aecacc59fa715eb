/** aws-amplify 6 in Node and second factors: setting them up, choosing among them, and passing each. */
import {
  confirmSignIn,
  fetchMFAPreference,
  fetchUserAttributes,
  setUpTOTP,
  signIn,
  signOut,
  updateMFAPreference,
  verifyTOTPSetup,
} from "aws-amplify/auth";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { codeTo, done, makeAppPool, makeAppUser, nextTotp } from "./harness/amplify.ts";
import { type AppPool, newPhoneNumber, SmsConfiguration } from "./harness/app-pool.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { newAddress, password } from "./harness/users.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
  trust(server);
});
afterEach(() => signOut());
afterAll(stopAll);

const wrongCode = { name: "CodeMismatchException" };
const everyFactor = {
  SmsMfaConfiguration: { SmsConfiguration },
  SoftwareTokenMfaConfiguration: { Enabled: true },
  EmailMfaConfiguration: { Subject: "Your code", Message: "Code {####}" },
};

/** Sets an authenticator app up for whoever is signed in; gives its secret. */
async function addApp(): Promise<string> {
  const { sharedSecret } = await setUpTOTP();
  await verifyTOTPSetup({ code: await nextTotp(server, sharedSecret) });
  return sharedSecret;
}

describe("where second factors are up to the user", () => {
  let pool: AppPool;
  let username: string;
  let phone: string;
  beforeAll(async () => {
    pool = await makeAppPool(server, { mfa: { MfaConfiguration: "OPTIONAL", ...everyFactor } });
  });

  /** A new user, signed in for the first time. */
  async function begin(): Promise<void> {
    phone = newPhoneNumber();
    const attributes = { phone_number: phone, phone_number_verified: "true" };
    username = await makeAppUser(server, pool, { attributes });
    expect(await signIn({ username, password })).toMatchObject(done);
  }

  test("setUpTOTP, verifyTOTPSetup, updateMFAPreference, fetchMFAPreference", async () => {
    await begin();
    expect(await fetchMFAPreference()).toEqual({ enabled: undefined, preferred: undefined });
    const setup = await setUpTOTP();
    const uri = setup.getSetupUri("App", username);
    expect(uri.searchParams.get("secret")).toBe(setup.sharedSecret);
    await expect(verifyTOTPSetup({ code: "000000" })).rejects.toMatchObject({
      name: "EnableSoftwareTokenMFAException",
      message: "Code mismatch and fail enable Software Token MFA",
    });
    await verifyTOTPSetup({ code: await nextTotp(server, setup.sharedSecret) });
    await updateMFAPreference({ totp: "PREFERRED", sms: "ENABLED" });
    const preference = await fetchMFAPreference();
    expect(preference.preferred).toBe("TOTP");
    expect(new Set(preference.enabled)).toEqual(new Set(["TOTP", "SMS"]));
  });

  test.each(["USER_SRP_AUTH", "USER_PASSWORD_AUTH"] as const)(
    "confirmSignIn SOFTWARE_TOKEN_MFA after %s",
    async (authFlowType) => {
      await begin();
      const secret = await addApp();
      await updateMFAPreference({ totp: "PREFERRED" });
      await signOut();
      const { nextStep } = await signIn({ username, password, options: { authFlowType } });
      expect(nextStep).toEqual({ signInStep: "CONFIRM_SIGN_IN_WITH_TOTP_CODE" });
      await expect(confirmSignIn({ challengeResponse: "000000" })).rejects.toMatchObject(wrongCode);
      const challengeResponse = await nextTotp(server, secret);
      expect(await confirmSignIn({ challengeResponse })).toMatchObject(done);
      await expect(fetchUserAttributes()).resolves.toMatchObject({ email: username });
      await signOut();
      await signIn({ username, password, options: { authFlowType } });
      await expect(confirmSignIn({ challengeResponse })).rejects.toMatchObject({
        name: "ExpiredCodeException",
        message: "Your software token has already been used once.",
      });
    },
  );

  test("confirmSignIn SMS_MFA", async () => {
    await begin();
    await updateMFAPreference({ sms: "PREFERRED" });
    await signOut();
    const { nextStep } = await signIn({ username, password });
    expect(nextStep).toEqual({
      signInStep: "CONFIRM_SIGN_IN_WITH_SMS_CODE",
      codeDeliveryDetails: { deliveryMedium: "SMS", destination: `+*******${phone.slice(-4)}` },
    });
    await expect(confirmSignIn({ challengeResponse: "000000" })).rejects.toMatchObject(wrongCode);
    const challengeResponse = await codeTo(server, phone);
    expect(challengeResponse).toMatch(/^\d{6}$/);
    expect(await confirmSignIn({ challengeResponse })).toMatchObject(done);
  });

  test("confirmSignIn EMAIL_OTP as a second factor", async () => {
    await begin();
    await updateMFAPreference({ email: "PREFERRED" });
    await signOut();
    const { nextStep } = await signIn({ username, password });
    expect(nextStep).toEqual({
      signInStep: "CONFIRM_SIGN_IN_WITH_EMAIL_CODE",
      codeDeliveryDetails: { deliveryMedium: "EMAIL", destination: "u***@e***" },
    });
    await expect(confirmSignIn({ challengeResponse: "000000" })).rejects.toMatchObject(wrongCode);
    const challengeResponse = await codeTo(server, username);
    expect(challengeResponse).toMatch(/^\d{6}$/);
    expect(await confirmSignIn({ challengeResponse })).toMatchObject(done);
  });

  test("confirmSignIn SELECT_MFA_TYPE", async () => {
    await begin();
    const secret = await addApp();
    await updateMFAPreference({ totp: "ENABLED", sms: "ENABLED", email: "ENABLED" });
    await signOut();
    const first = await signIn({ username, password });
    expect(first.nextStep.signInStep).toBe("CONTINUE_SIGN_IN_WITH_MFA_SELECTION");
    const { allowedMFATypes } = first.nextStep as { allowedMFATypes?: string[] };
    expect(new Set(allowedMFATypes)).toEqual(new Set(["SMS", "TOTP", "EMAIL"]));
    expect((await confirmSignIn({ challengeResponse: "TOTP" })).nextStep.signInStep).toBe(
      "CONFIRM_SIGN_IN_WITH_TOTP_CODE",
    );
    const totp = await nextTotp(server, secret);
    expect(await confirmSignIn({ challengeResponse: totp })).toMatchObject(done);
    await signOut();
    for (const [answer, step, to] of [
      ["SMS", "CONFIRM_SIGN_IN_WITH_SMS_CODE", phone],
      ["EMAIL", "CONFIRM_SIGN_IN_WITH_EMAIL_CODE", username],
    ] as const) {
      await signIn({ username, password });
      expect((await confirmSignIn({ challengeResponse: answer })).nextStep.signInStep).toBe(step);
      const challengeResponse = await codeTo(server, to);
      expect(await confirmSignIn({ challengeResponse })).toMatchObject(done);
      await signOut();
    }
  });

  test("updateMFAPreference switches a factor off again", async () => {
    await begin();
    await updateMFAPreference({ sms: "PREFERRED" });
    await signOut();
    await signIn({ username, password });
    await confirmSignIn({ challengeResponse: await codeTo(server, phone) });
    await updateMFAPreference({ sms: "DISABLED" });
    await signOut();
    expect(await signIn({ username, password })).toMatchObject(done);
  });
});

describe("confirmSignIn MFA_SETUP, where a second factor is required", () => {
  /** Names of their own: an address that is the user name could be sent a code at once. */
  const plain = { UsernameAttributes: undefined, AutoVerifiedAttributes: undefined };

  test("TOTP alone", async () => {
    const { SoftwareTokenMfaConfiguration } = everyFactor;
    const mfa = { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration } as const;
    const pool = await makeAppPool(server, { pool: plain, mfa });
    const username = await makeAppUser(server, pool, { username: "ada" });
    const { nextStep } = await signIn({ username, password });
    if (nextStep.signInStep !== "CONTINUE_SIGN_IN_WITH_TOTP_SETUP") throw nextStep;
    const { sharedSecret } = nextStep.totpSetupDetails;
    expect(String(nextStep.totpSetupDetails.getSetupUri("App"))).toContain(`App:${username}`);
    await expect(confirmSignIn({ challengeResponse: "000000" })).rejects.toMatchObject({
      name: "EnableSoftwareTokenMFAException",
    });
    const challengeResponse = await nextTotp(server, sharedSecret);
    expect(await confirmSignIn({ challengeResponse })).toMatchObject(done);
    await signOut();
    await signIn({ username, password });
    const again = await nextTotp(server, sharedSecret);
    expect(await confirmSignIn({ challengeResponse: again })).toMatchObject(done);
  });

  test("TOTP or e-mail", async () => {
    const { SoftwareTokenMfaConfiguration, EmailMfaConfiguration } = everyFactor;
    const pool = await makeAppPool(server, {
      pool: plain,
      mfa: { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration, EmailMfaConfiguration },
    });
    const byMail = await makeAppUser(server, pool, { username: "ada" });
    expect((await signIn({ username: byMail, password })).nextStep).toMatchObject({
      signInStep: "CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION",
      allowedMFATypes: expect.arrayContaining(["TOTP", "EMAIL"]),
    });
    expect((await confirmSignIn({ challengeResponse: "EMAIL" })).nextStep.signInStep).toBe(
      "CONTINUE_SIGN_IN_WITH_EMAIL_SETUP",
    );
    const address = newAddress();
    expect((await confirmSignIn({ challengeResponse: address })).nextStep.signInStep).toBe(
      "CONFIRM_SIGN_IN_WITH_EMAIL_CODE",
    );
    const challengeResponse = await codeTo(server, address);
    expect(await confirmSignIn({ challengeResponse })).toMatchObject(done);
    expect(await fetchUserAttributes()).toMatchObject({ email: address, email_verified: "true" });
    await signOut();

    const byApp = await makeAppUser(server, pool, { username: "eve" });
    await signIn({ username: byApp, password });
    const { nextStep } = await confirmSignIn({ challengeResponse: "TOTP" });
    if (nextStep.signInStep !== "CONTINUE_SIGN_IN_WITH_TOTP_SETUP") throw nextStep;
    const totp = await nextTotp(server, nextStep.totpSetupDetails.sharedSecret);
    expect(await confirmSignIn({ challengeResponse: totp })).toMatchObject(done);
  });
});

test("confirmSignIn NEW_PASSWORD_REQUIRED, with an attribute that is missing, then a second factor", async () => {
  const { SoftwareTokenMfaConfiguration } = everyFactor;
  const pool = await makeAppPool(server, {
    pool: { Schema: [{ Name: "given_name", Required: true, Mutable: true }] },
    mfa: { MfaConfiguration: "ON", SoftwareTokenMfaConfiguration },
  });
  const username = await makeAppUser(server, pool, { temporary: true });
  expect((await signIn({ username, password })).nextStep).toEqual({
    signInStep: "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED",
    missingAttributes: ["given_name"],
  });
  const challengeResponse = "A-New-Horse-5-Saddle";
  await expect(confirmSignIn({ challengeResponse })).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  const { nextStep } = await confirmSignIn({
    challengeResponse,
    options: { userAttributes: { given_name: "Ada" } },
  });
  if (nextStep.signInStep !== "CONTINUE_SIGN_IN_WITH_TOTP_SETUP") throw nextStep;
  const totp = await nextTotp(server, nextStep.totpSetupDetails.sharedSecret);
  expect(await confirmSignIn({ challengeResponse: totp })).toMatchObject(done);
  expect(await fetchUserAttributes()).toMatchObject({ given_name: "Ada" });
});
