/** amazon-cognito-identity-js, the library under Amplify 5: SRP without Session, refresh by InitiateAuth. */
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { demo, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { makeUser, newAddress, password } from "./harness/users.ts";

let server: Server;
let pool: CognitoUserPool;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  pool = new CognitoUserPool({
    UserPoolId: demo.userPoolId,
    ClientId: demo.webClientId,
    endpoint: server.url,
  });
});
afterAll(stopAll);

type Done<T> = (error: Error | undefined | null, value?: T) => void;

function called<T>(work: (done: Done<T>) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    work((error, value) => (error ? reject(error) : resolve(value as T))),
  );
}

function signIn(user: CognitoUser, Password: string): Promise<CognitoUserSession> {
  return new Promise((resolve, reject) =>
    user.authenticateUser(new AuthenticationDetails({ Username: user.getUsername(), Password }), {
      onSuccess: resolve,
      onFailure: reject,
    }),
  );
}

test("signs up, confirms, signs in, refreshes, changes and signs out", async () => {
  const address = newAddress();
  await called((done) => pool.signUp(address, password, [], [], done));
  const user = new CognitoUser({ Username: address, Pool: pool });
  await expect(signIn(user, password)).rejects.toMatchObject({
    code: "UserNotConfirmedException",
  });
  const { code } = await server.message(address);
  await called((done) => user.confirmRegistration(code ?? "", false, done));
  const session = await signIn(user, password);
  expect(session.isValid()).toBe(true);
  const refreshed = await called<CognitoUserSession>((done) =>
    user.refreshSession(session.getRefreshToken(), done),
  );
  expect(refreshed.getAccessToken().getJwtToken()).not.toBe(session.getAccessToken().getJwtToken());
  expect(refreshed.getRefreshToken().getToken()).toBe(session.getRefreshToken().getToken());
  const attributes = await called<{ Name: string; Value: string }[]>((done) =>
    user.getUserAttributes(done as never),
  );
  expect(attributes.find(({ Name }) => Name === "email_verified")?.Value).toBe("true");
  await called((done) => user.changePassword(password, `${password}2`, done));
  await new Promise<void>((resolve, reject) =>
    user.globalSignOut({ onSuccess: () => resolve(), onFailure: reject }),
  );
  await expect(signIn(user, password)).rejects.toMatchObject({ code: "NotAuthorizedException" });
  expect((await signIn(user, `${password}2`)).isValid()).toBe(true);
});

test("a wrong password is Amazon's own error", async () => {
  const user = new CognitoUser({ Username: await makeUser(server), Pool: pool });
  await expect(signIn(user, "Wrong-1-Password")).rejects.toMatchObject({
    code: "NotAuthorizedException",
    message: "Incorrect username or password.",
  });
});
