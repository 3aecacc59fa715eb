import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { clientKey, jwksOf } from "../../testing/assertions.ts";
import { type TestPool, testPool } from "../../testing/pools.ts";
import { signedCall } from "../../testing/signed-call.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await testPool(app);
});
afterEach(() => app.close());

const named = () => ({ UserPoolId: home.pool.id, ClientId: home.client.id });
const put = (Extensions: object) => {
  const input = { ...named(), Extensions };
  return signedCall(app, { target: "PoolhouseService.PutUserPoolClientExtensions", input });
};
const get = async () => {
  const target = "PoolhouseService.GetUserPoolClientExtensions";
  return (await signedCall(app, { target, input: named() }))["Extensions"];
};

test("a document replaces the whole of the one before", async () => {
  const document = {
    ...{ Profile: "hardened", RequirePkce: "on", TokenIntrospection: "on", Dpop: "required" },
    AssertionKeys: jwksOf(clientKey()),
  };
  expect(await put(document)).toEqual({ Extensions: document });
  expect(await get()).toEqual(document);
  await put({ FormPost: "on" });
  expect(await get()).toEqual({ FormPost: "on" });
});

test.each([
  ["no JWKS", "x"],
  ["no key", '{"keys":[]}'],
  ["a private key", JSON.stringify({ keys: [{ ...clientKey().jwk, d: "AA" }] })],
  ["a secret key", '{"keys":[{"kty":"oct","k":"AA"}]}'],
  ["more than fits", jwksOf(clientKey()).padEnd(8193)],
])("keys with which a client cannot prove itself are refused: %s", async (_, AssertionKeys) => {
  await put({ Dpop: "on" });
  await expect(put({ AssertionKeys })).rejects.toMatchObject({ code: "InvalidParameterException" });
  expect(await get()).toEqual({ Dpop: "on" });
});

test("what was given for keys is in no row and in no message: it may be a private one", async () => {
  const AssertionKeys = "do-not-tell".padEnd(9_000, "x");
  await expect(put({ AssertionKeys })).rejects.toThrow(/^(?!.*do-not-tell)/);
  await put({ AssertionKeys: jwksOf(clientKey("ES256", "do-not-tell")) });
  expect(JSON.stringify(await app.auditEvents())).not.toContain("do-not-tell");
});
