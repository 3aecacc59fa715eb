/** aws-amplify 6 in Node and choice-based sign-in (USER_AUTH): one-time codes, passwords, and what follows a sign-up. */
import {
  autoSignIn,
  confirmSignIn,
  confirmSignUp,
  fetchUserAttributes,
  signIn,
  signOut,
  signUp,
} from "aws-amplify/auth";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { codeTo, done, makeAppPool, makeAppUser } from "./harness/amplify.ts";
import { type AppPool, newPhoneNumber } from "./harness/app-pool.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { newAddress, password } from "./harness/users.ts";

let server: Server;
let pool: AppPool;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  pool = await makeAppPool(server, {
    pool: {
      Policies: {
        SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP", "SMS_OTP"] },
      },
    },
    client: { ExplicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] },
  });
});
afterEach(() => signOut());
afterAll(stopAll);

type Preferred = "EMAIL_OTP" | "SMS_OTP" | "PASSWORD" | "PASSWORD_SRP" | "WEB_AUTHN";

/** USER_AUTH, with what the user prefers. */
function choose(username: string, preferredChallenge?: Preferred) {
  const options = {
    authFlowType: "USER_AUTH" as const,
    ...(preferredChallenge ? { preferredChallenge } : {}),
  };
  const isPassword = preferredChallenge === "PASSWORD" || preferredChallenge === "PASSWORD_SRP";
  return signIn({ username, ...(isPassword ? { password } : {}), options });
}

const wrongCode = {
  name: "CodeMismatchException",
  message: "Invalid verification code provided, please try again.",
};

test("signIn USER_AUTH, preferredChallenge EMAIL_OTP", async () => {
  const username = await makeAppUser(server, pool);
  expect((await choose(username, "EMAIL_OTP")).nextStep).toEqual({
    signInStep: "CONFIRM_SIGN_IN_WITH_EMAIL_CODE",
    codeDeliveryDetails: { deliveryMedium: "EMAIL", destination: "u***@e***" },
  });
  await expect(confirmSignIn({ challengeResponse: "00000000" })).rejects.toMatchObject(wrongCode);
  const challengeResponse = await codeTo(server, username);
  expect(challengeResponse).toMatch(/^\d{8}$/);
  expect(await confirmSignIn({ challengeResponse })).toMatchObject(done);
  expect(await fetchUserAttributes()).toMatchObject({ email: username });
});

test("signIn USER_AUTH, preferredChallenge SMS_OTP", async () => {
  const phone = newPhoneNumber();
  const attributes = { phone_number: phone, phone_number_verified: "true" };
  const username = await makeAppUser(server, pool, { attributes });
  expect((await choose(username, "SMS_OTP")).nextStep).toEqual({
    signInStep: "CONFIRM_SIGN_IN_WITH_SMS_CODE",
    codeDeliveryDetails: { deliveryMedium: "SMS", destination: `+*******${phone.slice(-4)}` },
  });
  const challengeResponse = await codeTo(server, phone);
  expect(await confirmSignIn({ challengeResponse })).toMatchObject(done);
});

test.each(["PASSWORD", "PASSWORD_SRP"] as const)(
  "signIn USER_AUTH, preferredChallenge %s",
  async (preferred) => {
    const username = await makeAppUser(server, pool);
    expect(await choose(username, preferred)).toMatchObject(done);
    await signOut();
    const options = { authFlowType: "USER_AUTH", preferredChallenge: preferred } as const;
    await expect(signIn({ username, password: "Wrong-1-Password", options })).rejects.toMatchObject(
      {
        name: "NotAuthorizedException",
        message: "Incorrect username or password.",
      },
    );
  },
);

test("signIn USER_AUTH without a preference: SELECT_CHALLENGE", async () => {
  const phone = newPhoneNumber();
  const attributes = { phone_number: phone, phone_number_verified: "true" };
  const username = await makeAppUser(server, pool, { attributes });
  const { nextStep } = await choose(username);
  if (nextStep.signInStep !== "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION") throw nextStep;
  expect(new Set(nextStep.availableChallenges)).toEqual(
    new Set(["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP", "SMS_OTP"]),
  );
});

test.each(["PASSWORD", "PASSWORD_SRP"] as const)(
  "confirmSignIn SELECT_CHALLENGE with %s",
  async (challengeResponse) => {
    const username = await makeAppUser(server, pool);
    await choose(username);
    expect((await confirmSignIn({ challengeResponse })).nextStep).toEqual({
      signInStep: "CONFIRM_SIGN_IN_WITH_PASSWORD",
    });
    await expect(confirmSignIn({ challengeResponse: "Wrong-1-Password" })).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
    await choose(username);
    await confirmSignIn({ challengeResponse });
    expect(await confirmSignIn({ challengeResponse: password })).toMatchObject(done);
  },
);

test.each([
  ["EMAIL_OTP", "CONFIRM_SIGN_IN_WITH_EMAIL_CODE"],
  ["SMS_OTP", "CONFIRM_SIGN_IN_WITH_SMS_CODE"],
])("confirmSignIn SELECT_CHALLENGE with %s", async (challengeResponse, signInStep) => {
  const phone = newPhoneNumber();
  const attributes = { phone_number: phone, phone_number_verified: "true" };
  const username = await makeAppUser(server, pool, { attributes });
  await choose(username);
  expect((await confirmSignIn({ challengeResponse })).nextStep.signInStep).toBe(signInStep);
  const code = await codeTo(server, challengeResponse === "SMS_OTP" ? phone : username);
  expect(await confirmSignIn({ challengeResponse: code })).toMatchObject(done);
});

test("signIn USER_AUTH with a preference that the user cannot meet: SELECT_CHALLENGE", async () => {
  const username = await makeAppUser(server, pool);
  const { nextStep } = await choose(username, "SMS_OTP");
  if (nextStep.signInStep !== "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION") throw nextStep;
  expect(nextStep.availableChallenges).not.toContain("SMS_OTP");
});

test("a name that nobody has is asked for a code as well, and never gets in", async () => {
  const username = newAddress();
  expect((await choose(username, "EMAIL_OTP")).nextStep.signInStep).toBe(
    "CONFIRM_SIGN_IN_WITH_EMAIL_CODE",
  );
  await expect(confirmSignIn({ challengeResponse: "00000000" })).rejects.toMatchObject(wrongCode);
});

test("autoSignIn USER_AUTH, after a sign-up without password", async () => {
  const username = newAddress();
  const options = {
    userAttributes: { email: username },
    autoSignIn: { authFlowType: "USER_AUTH" as const },
  };
  expect((await signUp({ username, options })).nextStep.signUpStep).toBe("CONFIRM_SIGN_UP");
  const confirmationCode = await codeTo(server, username);
  expect((await confirmSignUp({ username, confirmationCode })).nextStep).toEqual({
    signUpStep: "COMPLETE_AUTO_SIGN_IN",
  });
  expect(await autoSignIn()).toMatchObject(done);
  expect(await fetchUserAttributes()).toMatchObject({ email: username, email_verified: "true" });
});
