/** aws-amplify 6 in Node, unmodified and configured as the banner says: what an app does in its first minutes. */

import {
  AdminCreateUserCommand,
  AdminUpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { Amplify } from "aws-amplify";
import { ApiError, get } from "aws-amplify/api";
import {
  autoSignIn,
  confirmResetPassword,
  confirmSignIn,
  confirmSignUp,
  confirmUserAttribute,
  deleteUser,
  deleteUserAttributes,
  fetchAuthSession,
  fetchUserAttributes,
  getCurrentUser,
  resendSignUpCode,
  resetPassword,
  sendUserAttributeVerificationCode,
  signIn,
  signOut,
  signUp,
  updatePassword,
  updateUserAttributes,
} from "aws-amplify/auth";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { requestJson } from "./harness/request.ts";
import { demo, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, newAddress, password } from "./harness/users.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  const { apiEndpoint } = await requestJson<{ apiEndpoint: string }>(
    `${server.url}/demo/config.json`,
    { ca: server.ca },
  );
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: demo.userPoolId,
        userPoolClientId: demo.webClientId,
        userPoolEndpoint: server.url,
        loginWith: { email: true },
      },
    },
    API: { REST: { demo: { endpoint: apiEndpoint, region: demo.region } } },
  });
});
afterEach(() => signOut());
afterAll(stopAll);

const done = { isSignedIn: true, nextStep: { signInStep: "DONE" } };

async function call(path: string, header?: string): Promise<[number, unknown]> {
  const options = header === undefined ? {} : { headers: { Authorization: header } };
  try {
    const { statusCode, body } = await get({ apiName: "demo", path, options }).response;
    return [statusCode, await body.json()];
  } catch (error) {
    if (!(error instanceof ApiError) || !error.response) throw error;
    return [error.response.statusCode, JSON.parse(error.response.body ?? "null")];
  }
}

test("signs up with a code, signs in by SRP and calls the protected API", async () => {
  const username = newAddress();
  const { nextStep } = await signUp({
    username,
    password,
    options: { userAttributes: { email: username, given_name: "Ada" } },
  });
  expect(nextStep).toMatchObject({
    signUpStep: "CONFIRM_SIGN_UP",
    codeDeliveryDetails: { deliveryMedium: "EMAIL", destination: "u***@e***" },
  });
  const first = await server.message(username);
  await resendSignUpCode({ username });
  const second = await server.message(username, first.id);
  await expect(signIn({ username, password })).resolves.toMatchObject({
    nextStep: { signInStep: "CONFIRM_SIGN_UP" },
  });
  await expect(
    confirmSignUp({ username, confirmationCode: first.code ?? "" }),
  ).rejects.toMatchObject({ name: "CodeMismatchException" });
  await confirmSignUp({ username, confirmationCode: second.code ?? "" });

  expect(await signIn({ username, password })).toMatchObject(done);
  expect(await fetchUserAttributes()).toMatchObject({
    email: username,
    email_verified: "true",
    given_name: "Ada",
  });
  const { userId } = await getCurrentUser();
  const { tokens } = await fetchAuthSession();
  const access = tokens?.accessToken.toString() ?? "";
  const id = tokens?.idToken?.toString() ?? "";
  for (const header of [access, `Bearer ${access}`, id, `Bearer ${id}`]) {
    expect(await call("/me", header)).toMatchObject([200, { sub: userId }]);
  }
  expect((await call("/me"))[0]).toBe(401);
  expect((await call("/me", `${access}x`))[0]).toBe(401);
  expect((await call("/admin", access))[0]).toBe(403);
  await signOut();
  expect((await call("/me", access))[0]).toBe(401);
});

test("autoSignIn signs in with the password of the sign-up", async () => {
  const username = newAddress();
  const options = { userAttributes: { email: username }, autoSignIn: true };
  await signUp({ username, password, options });
  const { code } = await server.message(username);
  expect(await confirmSignUp({ username, confirmationCode: code ?? "" })).toMatchObject({
    nextStep: { signUpStep: "COMPLETE_AUTO_SIGN_IN" },
  });
  expect(await autoSignIn()).toMatchObject(done);
  expect(await fetchUserAttributes()).toMatchObject({ email: username });
});

test("an administrator's group opens what is closed to others", async () => {
  await signIn({ username: await makeUser(server, { group: "Admin" }), password });
  const { tokens } = await fetchAuthSession();
  expect((await call("/admin", tokens?.accessToken.toString()))[0]).toBe(200);
});

test("refreshes, on demand and when the access token's hour is over", async () => {
  await signIn({ username: await makeUser(server), password });
  const before = (await fetchAuthSession()).tokens?.accessToken.toString();
  const after = (await fetchAuthSession({ forceRefresh: true })).tokens?.accessToken.toString();
  expect(after).toBeDefined();
  expect(after).not.toBe(before);
  await expect(fetchUserAttributes()).resolves.toHaveProperty("email");
});

test("resets a forgotten password and changes one that is known", async () => {
  const username = await makeUser(server);
  const { nextStep } = await resetPassword({ username });
  expect(nextStep.resetPasswordStep).toBe("CONFIRM_RESET_PASSWORD_WITH_CODE");
  const { code } = await server.message(username);
  const newPassword = "A-New-Horse-5-Saddle";
  await confirmResetPassword({ username, confirmationCode: code ?? "", newPassword });
  await expect(signIn({ username, password })).rejects.toMatchObject({
    name: "NotAuthorizedException",
    message: "Incorrect username or password.",
  });
  expect(await signIn({ username, password: newPassword })).toMatchObject(done);
  await updatePassword({ oldPassword: newPassword, newPassword: password });
  await signOut();
  expect(await signIn({ username, password })).toMatchObject(done);
});

test("changes an address only by the code that was sent there", async () => {
  await signIn({ username: await makeUser(server), password });
  const email = newAddress();
  const outcome = await updateUserAttributes({ userAttributes: { email, given_name: "Grace" } });
  expect(outcome.given_name?.isUpdated).toBe(true);
  expect(outcome.email?.nextStep.updateAttributeStep).toBe("CONFIRM_ATTRIBUTE_WITH_CODE");
  const { code } = await server.message(email);
  await confirmUserAttribute({ userAttributeKey: "email", confirmationCode: code ?? "" });
  expect(await fetchUserAttributes()).toMatchObject({ email, email_verified: "true" });
});

test("asks for another code to an unverified address, and takes an attribute away", async () => {
  const username = await makeUser(server);
  await server.client().send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId: demo.userPoolId,
      Username: username,
      UserAttributes: [
        { Name: "email_verified", Value: "false" },
        { Name: "given_name", Value: "Ada" },
      ],
    }),
  );
  await signIn({ username, password });
  expect(await sendUserAttributeVerificationCode({ userAttributeKey: "email" })).toMatchObject({
    destination: "u***@e***",
    deliveryMedium: "EMAIL",
    attributeName: "email",
  });
  const { code } = await server.message(username);
  await confirmUserAttribute({ userAttributeKey: "email", confirmationCode: code ?? "" });
  await deleteUserAttributes({ userAttributeKeys: ["given_name"] });
  const attributes = await fetchUserAttributes();
  expect(attributes).toMatchObject({ email_verified: "true" });
  expect(attributes).not.toHaveProperty("given_name");
});

test("a user whom an administrator invited chooses a password", async () => {
  const username = newAddress();
  // Without one they would sign in by the codes that the pool allows.
  const TemporaryPassword = "A-First-Horse-7";
  await server.client().send(
    new AdminCreateUserCommand({
      UserPoolId: demo.userPoolId,
      Username: username,
      TemporaryPassword,
      DesiredDeliveryMediums: ["EMAIL"],
      UserAttributes: [
        { Name: "email", Value: username },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  const { code: temporary } = await server.message(username);
  expect(temporary).toBe(TemporaryPassword);
  expect(await signIn({ username, password: TemporaryPassword })).toMatchObject({
    nextStep: { signInStep: "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED" },
  });
  expect(await confirmSignIn({ challengeResponse: password })).toMatchObject(done);
});

test("signing out everywhere ends the sessions of other devices", async () => {
  const username = await makeUser(server);
  await signIn({ username, password });
  const { tokens } = await fetchAuthSession();
  const access = tokens?.accessToken.toString() ?? "";
  await signOut({ global: true });
  expect((await call("/me", access))[0]).toBe(401);
});

test("a user who deletes the account is gone", async () => {
  const username = await makeUser(server);
  await signIn({ username, password });
  await deleteUser();
  await expect(signIn({ username, password })).rejects.toMatchObject({
    name: "NotAuthorizedException",
  });
});
