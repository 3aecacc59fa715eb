import { createPublicKey } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { replaceSigningKeys, rotateSigningKeys } from "../domain/keys/rotate.ts";
import { prepareFamily } from "../domain/tokens/issue.ts";
import { isSignedBy, parseJws } from "../domain/tokens/jws.ts";
import { makeHttp } from "../protocol/http.ts";
import { updateUserPool } from "../store/user-pools.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestPool, testCall, testPool, testUser } from "../testing/pools.ts";
import { registerOauth } from "./register.ts";

let app: TestApp;
let http: FastifyInstance;
let home: TestPool;

beforeEach(async () => {
  app = await testApp();
  home = await testPool(app);
  http = makeHttp({
    requestId: () => "request-1",
    clock: app.context.clock,
    log: app.context.log,
    trustedProxies: [],
  });
  registerOauth(http, app.context);
});
afterEach(async () => {
  await http.close();
  await app.close();
});

async function get(path: string) {
  const answer = await http.inject({ method: "GET", url: path });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

const keysPath = (poolId = home.pool.id) => `/${poolId}/.well-known/jwks.json`;

test("the JWKS of a pool holds what verifies its two kinds of tokens, each by its own key", async () => {
  const user = await testUser(app, home.pool);
  const { tokens } = await prepareFamily(testCall(app), { ...home, user });
  const { status, body, headers } = await get(keysPath());
  expect(status).toBe(200);
  expect(headers["content-type"]).toMatch(/^application\/json/);
  expect(headers["access-control-allow-origin"]).toBe("*");
  expect(body.keys).toHaveLength(2);
  const used = [tokens.accessToken, tokens.idToken ?? ""].map((token) => {
    const jws = parseJws(token);
    const jwk = body.keys.find((key: { kid: string }) => key.kid === jws?.kid);
    if (!jws) throw new Error("not a token");
    expect(isSignedBy(jws, createPublicKey({ key: jwk, format: "jwk" }))).toBe(true);
    return jwk.kid;
  });
  expect(new Set(used).size).toBe(2);
});

test("a key of the JWKS has the members that Cognito shows, and nothing private", async () => {
  const { body } = await get(keysPath());
  for (const key of body.keys) {
    expect(key).toEqual({
      alg: "RS256",
      e: "AQAB",
      kid: expect.stringMatching(/^[\w+/]{43}=$/),
      kty: "RSA",
      n: expect.any(String),
      use: "sig",
    });
  }
});

test("the JWKS may be kept for less time than a next key waits, and shows it from the start", async () => {
  const { headers } = await get(keysPath());
  expect(headers["cache-control"]).toBe("public, max-age=300");
  const states = await rotateSigningKeys(testCall(app), home.pool);
  app.context.keyRing.forget(home.pool.id);
  const { body } = await get(keysPath());
  expect(body.keys.map(({ kid }: { kid: string }) => kid).sort()).toEqual(
    states.map(({ kid }) => kid).sort(),
  );
  expect(body.keys).toHaveLength(4);
});

test("keys that were replaced for an emergency are shown no more", async () => {
  const { body: before } = await get(keysPath());
  await replaceSigningKeys(testCall(app), home.pool);
  const { body: after } = await get(keysPath());
  expect(after.keys).toHaveLength(2);
  const old = before.keys.map(({ kid }: { kid: string }) => kid);
  expect(after.keys.filter(({ kid }: { kid: string }) => old.includes(kid))).toEqual([]);
});

test("the configuration names what there is, at our own URL", async () => {
  const { status, body } = await get(`/${home.pool.id}/.well-known/openid-configuration`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id_token_signing_alg_values_supported: ["RS256"],
    issuer: `https://localhost:8443/${home.pool.id}`,
    jwks_uri: `https://localhost:8443/${home.pool.id}/.well-known/jwks.json`,
    response_types_supported: ["code", "token"],
    subject_types_supported: ["public"],
  });
});

test("in AWS's issuer mode the issuer is AWS's, and the keys are still at our own URL", async () => {
  const { pool } = await testPool(app, { extensions: { issuerMode: "aws" } });
  const { body } = await get(`/${pool.id}/.well-known/openid-configuration`);
  expect(body.issuer).toBe(`https://cognito-idp.us-east-1.amazonaws.com/${pool.id}`);
  expect(body.jwks_uri).toBe(`https://localhost:8443${keysPath(pool.id)}`);
  expect((await get(keysPath(pool.id))).body.keys).toHaveLength(2);
});

test("an unknown pool is refused in Cognito's words, and nobody keeps that", async () => {
  for (const path of ["jwks.json", "openid-configuration"]) {
    const answer = await get(`/us-east-1_Unknown00/.well-known/${path}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ message: "User pool us-east-1_Unknown00 does not exist." });
    expect(answer.headers["cache-control"]).toBe("no-store");
  }
});

test("browsers of any origin may read them, of a pool with this product's name too", async () => {
  const { headers } = await get(keysPath("us-east-1_Poolhouse"));
  expect(headers["access-control-allow-origin"]).toBe("*");
});

test.each(["__proto__", "%00", "us-east-1_%27", "a".repeat(100)])(
  "what is no pool id is an unknown pool, without a look into the database: %.20s",
  async (id) => {
    expect((await get(keysPath(id))).status).toBe(400);
  },
);

test("a deleted pool is an unknown pool", async () => {
  await updateUserPool(app.context.store.db, home.pool.id, { set: { deleted_at_ms: 1 } });
  expect((await get(keysPath())).status).toBe(400);
});
