import {
  AddUserPoolClientSecretCommand,
  DeleteUserPoolClientSecretCommand,
  ListUserPoolClientSecretsCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createClient } from "../domain/clients/create.ts";
import { defaultClientSettings } from "../domain/clients/default-settings.ts";
import { readCount } from "../store/counters.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { askToken, basic, machineClient, machinePool, machineSecret } from "../testing/oauth.ts";
import { type TestPool, testCall } from "../testing/pools.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp({ settings: { rateLimits: true } });
  home = await machinePool(app);
});
afterEach(() => app.close());

const grant = { grant_type: "client_credentials" };
const ask = (fields: Record<string, unknown>) => askToken(app, home, { ...grant, ...fields });
const invalidClient = { status: 400, body: { error: "invalid_client" } };

test("a secret may come by HTTP Basic or in the form", async () => {
  const { id } = home.client;
  expect((await ask({ headers: basic(id) })).status).toBe(200);
  expect((await ask({ headers: basic(id), client_id: id })).status).toBe(200);
  expect((await ask({ client_id: id, client_secret: machineSecret })).status).toBe(200);
});

test("the scheme is read in any case, and the client is noted with how it proved itself", async () => {
  const { authorization } = basic(home.client.id);
  await ask({ headers: { authorization: authorization.replace("Basic", "bAsIc") } });
  const row = (await app.auditEvents()).findLast(({ eventName }) => eventName === "Token_POST");
  expect(row).toMatchObject({
    additionalEventData: { clientId: home.client.id, clientAuthentication: "client_secret_basic" },
  });
});

test("both of two live secrets count, and one that is taken away no more", async () => {
  const named = { UserPoolId: home.pool.id, ClientId: home.client.id };
  const second = "second_secret_0123456789abc";
  await app.client.send(new AddUserPoolClientSecretCommand({ ...named, ClientSecret: second }));
  for (const secret of [machineSecret, second]) {
    expect((await ask({ headers: basic(home.client.id, secret) })).status).toBe(200);
  }
  const { ClientSecrets = [] } = await app.client.send(new ListUserPoolClientSecretsCommand(named));
  const ClientSecretId = ClientSecrets[0]?.ClientSecretId;
  await app.client.send(new DeleteUserPoolClientSecretCommand({ ...named, ClientSecretId }));
  expect(await ask({ headers: basic(home.client.id) })).toMatchObject(invalidClient);
  expect((await ask({ headers: basic(home.client.id, second) })).status).toBe(200);
});

test("a plus sign counts as it is and percent-encoded: Cognito's clients send the one, RFC 6749's the other", async () => {
  const secret = "with+plus+0123456789abcdefgh";
  const client = await createClient(testCall(app), home.pool, {
    ...{ id: "id+plus", name: "plus", secret },
    settings: { ...defaultClientSettings, oauth: home.client.settings.oauth },
  });
  const plain = `Basic ${Buffer.from(`${client.id}:${secret}`).toString("base64")}`;
  expect((await ask({ headers: { authorization: plain } })).status).toBe(200);
  expect((await ask({ headers: basic(client.id, secret) })).status).toBe(200);
  expect((await ask({ client_id: client.id, client_secret: secret })).status).toBe(200);
});

test.each([
  ["a wrong secret by HTTP", () => ({ headers: basic(home.client.id, "wrong") })],
  ["a wrong secret in the form", () => ({ client_id: home.client.id, client_secret: "wrong" })],
  ["no secret", () => ({ client_id: home.client.id })],
  ["an empty secret by HTTP", () => ({ headers: basic(home.client.id, "") })],
  ["an unknown client", () => ({ client_id: "unknown", client_secret: machineSecret })],
  ["a client id that is no text for a database", () => ({ client_id: "x".repeat(5000) })],
  ["another scheme", () => ({ headers: { authorization: "Bearer x" } })],
  ["what is no base64", () => ({ headers: { authorization: "Basic %%%" } })],
  ["no colon", () => ({ headers: { authorization: "Basic YWJj" } })],
  ["a broken percent sign", () => ({ headers: basic("%", "%") })],
  ["bytes that are no text", () => ({ headers: { authorization: "Basic /zr/" } })],
])("%s is refused as Cognito does, with 400", async (_, fields) => {
  expect(await ask(fields())).toMatchObject(invalidClient);
});

test("in the hardened profile a wrong try by HTTP gets 401 and the way to do it", async () => {
  const hard = await machinePool(app, { extensions: { profile: "hardened" } });
  const by = (fields: Record<string, unknown>) => askToken(app, hard, { ...grant, ...fields });
  const answer = await by({ headers: basic(hard.client.id, "wrong") });
  expect(answer).toMatchObject({ status: 401, body: { error: "invalid_client" } });
  expect(answer.headers["www-authenticate"]).toBe(`Basic realm="${hard.pool.id}"`);
  expect(await by({ client_id: hard.client.id, client_secret: "wrong" })).toMatchObject(
    invalidClient,
  );
});

test("two ways in one request are refused, be they right", async () => {
  const { id } = home.client;
  const twofold = { status: 400, body: { error: "invalid_request" } };
  const assertion = { client_assertion: "a.b.c", client_assertion_type: "x" };
  for (const fields of [
    { headers: basic(id), client_id: id, client_secret: machineSecret },
    { headers: basic(id), client_secret: machineSecret },
    { headers: basic(id), client_id: "another" },
    { headers: basic(id), ...assertion },
    { client_id: id, client_secret: machineSecret, ...assertion },
    { client_secret: machineSecret },
  ]) {
    expect(await ask(fields)).toMatchObject(twofold);
  }
});

test("a client of another pool is unknown here", async () => {
  const other = await machinePool(app);
  const client = await machineClient(app, other);
  const fields = { client_id: client.id, client_secret: machineSecret };
  expect(await ask(fields)).toMatchObject(invalidClient);
  expect((await askToken(app, other, { ...grant, ...fields })).status).toBe(200);
});

test("a secret is not compared up to what is no text", async () => {
  const fields = { client_id: home.client.id, client_secret: `${machineSecret}\u0000` };
  expect(await ask(fields)).toMatchObject({ status: 400, body: { error: "invalid_request" } });
});

const from = "203.0.113.9";
const counter = { name: `source/failures/${from}` };
const failures = () => readCount(app.context.store.db, { ...counter, nowMs: app.clock.now() });

const askFrom = (fields: Record<string, string>) =>
  askToken(app, home, { ...grant, ...fields, remoteAddress: from });

test("wrong secrets use up what an address may guess; then no secret is looked at", async () => {
  const { id } = home.client;
  const wrong = { client_id: id, client_secret: "wrong" };
  await askFrom(wrong);
  await askFrom({ client_id: "unknown", client_secret: "wrong" });
  expect(await failures()).toBe(2);
  for (let n = 2; n < 100; n += 1) await askFrom(wrong);
  const refused = { status: 503, body: { error: "temporarily_unavailable" } };
  expect(await askFrom(wrong)).toMatchObject(refused);
  expect(await askFrom({ client_id: id, client_secret: machineSecret })).toMatchObject(refused);
  app.clock.advance(900_000);
  expect((await askFrom({ client_id: id, client_secret: machineSecret })).status).toBe(200);
});

test("right secrets, and tokens of clients that have none, use up nothing", async () => {
  await askFrom({ client_id: home.client.id, client_secret: machineSecret });
  await askFrom({ grant_type: "refresh_token", client_id: "gone", refresh_token: "old" });
  expect(await failures()).toBe(0);
});
