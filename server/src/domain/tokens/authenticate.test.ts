import { createPrivateKey } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deleteUser, updateUser } from "../../store/users.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestPool, testCall, testPool, testUser } from "../../testing/pools.ts";
import type { User } from "../users/user.ts";
import { authenticate } from "./authenticate.ts";
import { prepareFamily, type TokenPair } from "./issue.ts";
import { signJws } from "./jws.ts";
import { signOutEverywhere } from "./revoke.ts";

let app: TestApp;
let home: TestPool;
let ada: User;

beforeEach(async () => {
  app = await testApp();
  home = await testPool(app);
  ada = await testUser(app, home.pool);
});
afterEach(() => app.close());

async function signIn({ pool, client }: TestPool = home, user: User = ada): Promise<TokenPair> {
  const call = testCall(app);
  const family = await prepareFamily(call, { pool, client, user });
  await call.change((trx) => family.store(trx));
  return family.tokens;
}

function refusal(message: string, code = "NotAuthorizedException") {
  return { code, message };
}

const isInvalid = refusal("Invalid Access Token");

test("the access token of a stored family names its holder", async () => {
  const { pool, client } = home;
  const call = testCall(app);
  const family = await prepareFamily(call, { pool, client, user: ada });
  await expect(authenticate(testCall(app), family.tokens.accessToken)).rejects.toMatchObject(
    refusal("Access Token has been revoked"),
  );
  await call.change((trx) => family.store(trx));
  const holder = await authenticate(testCall(app), family.tokens.accessToken);
  expect(holder.user.username).toBe("ada");
  expect(holder.claims.client_id).toBe(client.id);
  expect(holder.about).toMatchObject({
    userPoolId: pool.id,
    clientId: client.id,
    sub: ada.id,
    callerSub: ada.id,
  });
});

test("an ID token is no access token", async () => {
  const { idToken = "" } = await signIn();
  await expect(authenticate(testCall(app), idToken)).rejects.toMatchObject(isInvalid);
});

test("a token expires to the second", async () => {
  const { accessToken } = await signIn();
  const { exp } = payloadOf(accessToken);
  app.clock.advance(Number(exp) * 1000 - 1_000 - app.clock.now());
  await authenticate(testCall(app), accessToken);
  app.clock.advance(1_000);
  await expect(authenticate(testCall(app), accessToken)).rejects.toMatchObject(
    refusal("Access Token has expired"),
  );
});

test("signing out everywhere, disabling and deleting the user end a token at once, each in AWS's words", async () => {
  const { accessToken } = await signIn();
  const call = testCall(app);
  const { db } = app.context.store;
  const key = { userPoolId: ada.userPoolId, id: ada.id };
  await call.change((trx) => signOutEverywhere(trx, call, ada));
  await expect(authenticate(testCall(app), accessToken)).rejects.toMatchObject(
    refusal("Access Token has been revoked"),
  );
  await updateUser(db, key, { set: { enabled: 0 } });
  await expect(authenticate(testCall(app), accessToken)).rejects.toMatchObject(
    refusal("User is disabled."),
  );
  await deleteUser(db, key);
  await expect(authenticate(testCall(app), accessToken)).rejects.toMatchObject(
    refusal("User does not exist.", "UserNotFoundException"),
  );
});

test("without token revocation the moment of the last sign-out everywhere decides", async () => {
  const untracked = await testPool(app, { client: { enableTokenRevocation: false } });
  const bob = await testUser(app, untracked.pool, { username: "bob" });
  const before = await signIn(untracked, bob);
  await authenticate(testCall(app), before.accessToken);
  app.clock.advance(1_000);
  const call = testCall(app);
  await call.change((trx) => signOutEverywhere(trx, call, bob));
  await expect(authenticate(testCall(app), before.accessToken)).rejects.toMatchObject(
    refusal("Access Token has been revoked"),
  );
  app.clock.advance(1_000);
  const after = await signIn(untracked, bob);
  await authenticate(testCall(app), after.accessToken);
});

test("in AWS's issuer mode the token names AWS and is as good", async () => {
  const likeAws = await testPool(app, { extensions: { issuerMode: "aws" } });
  const bob = await testUser(app, likeAws.pool, { username: "bob" });
  const { accessToken } = await signIn(likeAws, bob);
  expect(payloadOf(accessToken)["iss"]).toBe(
    `https://cognito-idp.us-east-1.amazonaws.com/${likeAws.pool.id}`,
  );
  expect((await authenticate(testCall(app), accessToken)).user.id).toBe(bob.id);
});

test("what the pool's own key signed is refused where issuer, kind, scope or form is another", async () => {
  const { accessToken } = await signIn();
  const claims = payloadOf(accessToken);
  const key = await app.context.keyRing.signing(home.pool.id, "access");
  const forged = (change: object) =>
    authenticate(testCall(app), signJws(key, { ...claims, ...change }));
  await forged({});
  const elsewhere = `https://other.example.com/${home.pool.id}`;
  await expect(forged({ iss: elsewhere })).rejects.toMatchObject(isInvalid);
  await expect(forged({ iss: undefined })).rejects.toMatchObject(isInvalid);
  await expect(forged({ token_use: "id" })).rejects.toMatchObject(isInvalid);
  await expect(forged({ exp: "9999999999" })).rejects.toMatchObject(isInvalid);
  await expect(forged({ username: undefined })).rejects.toMatchObject(isInvalid);
  await expect(forged({ scope: "openid" })).rejects.toMatchObject(
    refusal("Access Token does not have required scopes"),
  );
});

test("a token that somebody else signed is refused, whatever key its header offers", async () => {
  const { accessToken } = await signIn();
  const { privatePem } = await app.context.makeSigningKeyPair();
  const stranger = { kid: "stranger", privateKey: createPrivateKey(privatePem) };
  await expect(
    authenticate(testCall(app), signJws(stranger, payloadOf(accessToken))),
  ).rejects.toMatchObject(isInvalid);
  const [, body] = accessToken.split(".");
  const none = Buffer.from(JSON.stringify({ alg: "none", kid: "x" })).toString("base64url");
  await expect(authenticate(testCall(app), `${none}.${body}.`)).rejects.toMatchObject(isInvalid);
});

test("the family of another user does not vouch for a token", async () => {
  const bob = await testUser(app, home.pool, { username: "bob" });
  const { accessToken } = await signIn();
  const other = payloadOf((await signIn(home, bob)).accessToken);
  const key = await app.context.keyRing.signing(home.pool.id, "access");
  const mixed = signJws(key, { ...payloadOf(accessToken), origin_jti: other["origin_jti"] });
  await expect(authenticate(testCall(app), mixed)).rejects.toMatchObject(
    refusal("Access Token has been revoked"),
  );
});

function payloadOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
