import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeClient } from "../domain/clients/change.ts";
import type { Engine } from "../store/store.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import {
  assertionClaims,
  type ClientKey,
  clientKey,
  jwksOf,
  signWith,
  withAssertion,
} from "../testing/assertions.ts";
import { askToken, basic, machineClient, machinePool, machineSecret } from "../testing/oauth.ts";
import { engines } from "../testing/places.ts";
import { type TestPool, testCall } from "../testing/pools.ts";

let app: TestApp;
let home: TestPool;
let key: ClientKey;

async function start(options: { engine?: Engine; key?: ClientKey } = {}) {
  const { engine } = options;
  app = await testApp(engine ? { engine } : {});
  key = options.key ?? clientKey();
  const { pool } = await machinePool(app);
  const extensions = { assertionKeys: jwksOf(key) };
  home = { pool, client: await machineClient(app, { pool }, { extensions }) };
}
beforeEach(() => start());
afterEach(() => app.close());

const issuer = () => `https://localhost:8443/${home.pool.id}`;
const now = () => app.clock.now();
const claims = (more: Record<string, unknown> = {}) => ({
  ...assertionClaims({ clientId: home.client.id, issuer: issuer(), nowMs: now() }),
  ...more,
});
const ask = (fields: Record<string, unknown>) =>
  askToken(app, home, { grant_type: "client_credentials", ...fields });
const show = (assertion: string, more = {}) => ask({ ...withAssertion(assertion), ...more });
const refused = { status: 400, body: { error: "invalid_client" } };

test.each(["ES256", "RS256", "PS256"] as const)("a client proves itself with %s", async (alg) => {
  await app.close();
  await start({ key: clientKey(alg) });
  expect((await show(signWith(key, claims()))).status).toBe(200);
  expect((await show(signWith(key, claims()), { client_id: home.client.id })).status).toBe(200);
});

test("an assertion counts once, also after a request that failed for another reason", async () => {
  const first = signWith(key, claims());
  expect((await show(first)).status).toBe(200);
  expect(await show(first)).toMatchObject(refused);
  const second = signWith(key, claims());
  expect(await show(second, { scope: "openid" })).toMatchObject({
    body: { error: "invalid_scope" },
  });
  expect(await show(second)).toMatchObject(refused);
});

test("its jti is that of one client", async () => {
  const other = await machineClient(app, home, { extensions: { assertionKeys: jwksOf(key) } });
  const shared = claims();
  expect((await show(signWith(key, shared))).status).toBe(200);
  const of = { iss: other.id, sub: other.id };
  expect((await show(signWith(key, { ...shared, ...of }))).status).toBe(200);
});

describe.each(engines)("on %s", (engine) => {
  test("of one assertion shown twenty times at once exactly one counts", async () => {
    await app.close();
    await start({ engine });
    const assertion = signWith(key, claims());
    const answers = await Promise.all(Array.from({ length: 20 }, () => show(assertion)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(19);
  });
});

test("a client with keys cannot use the secret that it has besides, nor its name alone", async () => {
  const { id } = home.client;
  expect(await ask({ headers: basic(id) })).toMatchObject(refused);
  expect(await ask({ client_id: id, client_secret: machineSecret })).toMatchObject(refused);
  expect(await ask({ client_id: id })).toMatchObject(refused);
});

test("a client without keys proves nothing by an assertion", async () => {
  const client = await machineClient(app, home);
  const of = { iss: client.id, sub: client.id };
  expect(await show(signWith(key, claims(of)))).toMatchObject(refused);
});

const token = () => `${issuer()}/oauth2/token`;
const seconds = () => now() / 1000;

test.each<[string, () => Record<string, unknown>]>([
  ["for the token endpoint", () => ({ aud: token() })],
  ["for a list of the issuer", () => ({ aud: [issuer()] })],
  ["for several", () => ({ aud: [issuer(), token()] })],
  ["for another pool", () => ({ aud: issuer().replace(/_.*/, "_Another00") })],
  ["for the issuer with a slash", () => ({ aud: `${issuer()}/` })],
  ["for nobody", () => ({ aud: undefined })],
  ["by another issuer", () => ({ iss: "another" })],
  ["by nobody", () => ({ iss: undefined })],
  ["without an end", () => ({ exp: undefined })],
  ["with an end that is text", () => ({ exp: String(seconds() + 60) })],
  ["that is over", () => ({ exp: Math.floor(seconds()) })],
  ["for more than five minutes", () => ({ exp: Math.floor(seconds()) + 340 })],
  ["for ever", () => ({ exp: 1e300 })],
  ["that has not begun", () => ({ nbf: Math.floor(seconds()) + 60 })],
  ["made in the future", () => ({ iat: Math.floor(seconds()) + 60 })],
  ["without a jti", () => ({ jti: undefined })],
  ["with an empty jti", () => ({ jti: "" })],
  ["with a jti that is a number", () => ({ jti: 7 })],
  ["with a jti that is too long", () => ({ jti: "j".repeat(257) })],
])("an assertion %s is refused", async (_, more) => {
  expect(await show(signWith(key, claims(more())))).toMatchObject(refused);
});

test("one for another client than the request names is refused", async () => {
  const other = await machineClient(app, home, { extensions: { assertionKeys: jwksOf(key) } });
  const answer = await show(signWith(key, claims()), { client_id: other.id });
  expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
});

test("one that ends in five minutes counts until then", async () => {
  const exp = Math.floor(seconds()) + 300;
  const [early, late] = [claims({ exp }), claims({ exp })].map((each) => signWith(key, each));
  expect((await show(early ?? "")).status).toBe(200);
  app.clock.advance(300_000);
  expect(await show(late ?? "")).toMatchObject(refused);
});

test("headers decide nothing: another algorithm, key or type than the client's own is refused", async () => {
  const rsa = clientKey("RS256");
  const jwk = rsa.jwk;
  const [head = "", body = ""] = signWith(key, claims()).split(".");
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  const hmac = Buffer.from('{"alg":"HS256","kid":"key-1"}').toString("base64url");
  const mac = createHmac("sha256", jwksOf(key)).update(`${hmac}.${body}`).digest("base64url");
  for (const assertion of [
    signWith(rsa, claims()),
    signWith(rsa, claims(), { jwk }),
    signWith(rsa, claims(), { jku: "https://evil.example/jwks", x5u: "https://evil.example/x5u" }),
    signWith(clientKey("ES256"), claims()),
    signWith(key, claims(), { alg: "RS256" }),
    signWith(key, claims(), { alg: "ES384" }),
    signWith(key, claims(), { kid: "../../etc/passwd" }),
    signWith(key, claims(), { kid: 7 }),
    signWith(key, claims(), { typ: "dpop+jwt" }),
    signWith(key, claims(), { typ: "at+jwt" }),
    signWith(key, claims(), { crit: ["exp"] }),
    `${none}.${body}.`,
    `${none}.${body}.AA`,
    `${hmac}.${body}.${mac}`,
    `${head}.${body}.AA`,
    `${head}.${body}`,
    `${head}.${body}.${"A".repeat(86)}.x`,
    "x",
  ]) {
    expect(await show(assertion)).toMatchObject(refused);
  }
});

test("any flipped byte of an assertion makes it worthless", async () => {
  const assertion = signWith(key, claims());
  for (let at = 0; at < assertion.length; at += 17) {
    const flipped = assertion[at] === "A" ? "B" : "A";
    const changed = assertion.slice(0, at) + flipped + assertion.slice(at + 1);
    if (changed.endsWith(assertion.slice(-4))) expect((await show(changed)).status).toBe(400);
  }
  expect((await show(assertion)).status).toBe(200);
});

test("its own type is fine, and one of several keys may sign", async () => {
  const next = clientKey("RS256", "key-2");
  const named = { userPoolId: home.pool.id, clientId: home.client.id };
  const assertionKeys = jwksOf(key, next);
  await changeClient(testCall(app), named, () => ({ extensions: { assertionKeys } }));
  const typ = "client-authentication+jwt";
  expect((await show(signWith(next, claims(), { typ, kid: "key-2" }))).status).toBe(200);
  expect((await show(signWith(next, claims(), { kid: undefined }))).status).toBe(200);
  expect(await show(signWith(next, claims(), { kid: "key-1" }))).toMatchObject(refused);
});

test("a key that was taken away signs no more", async () => {
  const named = { userPoolId: home.pool.id, clientId: home.client.id };
  const assertionKeys = jwksOf(clientKey());
  await changeClient(testCall(app), named, () => ({ extensions: { assertionKeys } }));
  expect(await show(signWith(key, claims()))).toMatchObject(refused);
});

test.each([
  [
    "another type",
    { client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:saml2-bearer" },
  ],
  ["no type", { client_assertion_type: "" }],
  ["no assertion", { client_assertion: "" }],
])("%s is a bad request", async (_, more) => {
  const answer = await show(signWith(key, claims()), more);
  expect(answer).toMatchObject({ status: 400, body: { error: "invalid_request" } });
});

test("in AWS's issuer mode the audience is AWS's issuer", async () => {
  const { pool } = await machinePool(app, { extensions: { issuerMode: "aws" } });
  const client = await machineClient(app, { pool }, { extensions: { assertionKeys: jwksOf(key) } });
  home = { pool, client };
  const aud = `https://cognito-idp.us-east-1.amazonaws.com/${pool.id}`;
  expect(await show(signWith(key, claims()))).toMatchObject(refused);
  expect((await show(signWith(key, claims({ aud })))).status).toBe(200);
});
