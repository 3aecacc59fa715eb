import { describe, expect, test } from "vitest";
import { loadPool } from "../../domain/pools/pool.ts";
import { finishDeletion, pageDeletions } from "../../store/deletions.ts";
import { findUser } from "../../store/users.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { testCall, testPool, testUser } from "../../testing/pools.ts";
import { startSrp } from "../../testing/sign-in.ts";
import { signedCall } from "../../testing/signed-call.ts";

function put(app: TestApp, UserPoolId: string, Extensions: unknown) {
  const input = { UserPoolId, Extensions };
  return signedCall(app, { target: "PoolhouseService.PutUserPoolExtensions", input });
}

async function get(app: TestApp, UserPoolId: string) {
  const input = { UserPoolId };
  const request = { target: "PoolhouseService.GetUserPoolExtensions", input } as const;
  return (await signedCall(app, request))["Extensions"];
}

const defaults = {
  Profile: "compat",
  IssuerMode: "own",
  SrpVerifiers: "on",
  RecoveryCodes: "off",
};

test("a pool starts with what the server gives new pools", async () => {
  const app = await testApp({ settings: { profile: "hardened", issuerMode: "aws" } });
  const { pool } = await testPool(app);
  expect(await get(app, pool.id)).toEqual({
    Profile: "hardened",
    IssuerMode: "aws",
    SrpVerifiers: "on",
    RecoveryCodes: "off",
  });
});

test("a document replaces the whole of the one before", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  const document = {
    Profile: "hardened",
    IssuerMode: "aws",
    SrpVerifiers: "off",
    RecoveryCodes: "on",
  };
  expect(await put(app, pool.id, document)).toEqual({ Extensions: document });
  expect(await get(app, pool.id)).toEqual(document);
  await put(app, pool.id, { Profile: "hardened" });
  expect(await get(app, pool.id)).toEqual({ ...defaults, Profile: "hardened" });
  await put(app, pool.id, {});
  expect(await get(app, pool.id)).toEqual(defaults);
});

test("the settings that AWS has fields for are untouched", async () => {
  const app = await testApp();
  const { pool } = await testPool(app, { settings: { deletionProtection: true } });
  await put(app, pool.id, { Profile: "hardened" });
  expect((await loadPool(testCall(app), pool.id)).settings).toEqual(pool.settings);
});

test.each<[string, unknown, string]>([
  ["a key that is not known", { Profil: "hardened" }, "Profil"],
  ["a key in another case", { profile: "hardened" }, "profile"],
  ["a prototype", JSON.parse('{"__proto__": {"Profile": "hardened"}}'), ""],
  ["another value", { IssuerMode: "mine" }, "Member must satisfy enum value set: [own, aws]"],
  ["no text", { SrpVerifiers: false }, ""],
  ["no document", undefined, "Value null at 'extensions'"],
  ["a list", [], ""],
])("%s is refused and changes nothing", async (_what, document, message) => {
  const app = await testApp();
  const { pool } = await testPool(app);
  await expect(put(app, pool.id, document)).rejects.toThrow(message);
  expect(await get(app, pool.id)).toEqual(defaults);
});

test("nobody but a signer for this service and region reaches them", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  const input = { UserPoolId: pool.id, Extensions: {} };
  const request = { target: "PoolhouseService.PutUserPoolExtensions", input } as const;
  await expect(signedCall(app, request, { region: "eu-west-1" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  const unsigned = await app.app.inject({
    method: "POST",
    url: "/",
    headers: { "x-amz-target": "PoolhouseService.PutUserPoolExtensions" },
    payload: JSON.stringify(input),
  });
  expect(unsigned.statusCode).toBe(400);
  expect(unsigned.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
});

test("the trail has the change", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  await put(app, pool.id, { Profile: "hardened" });
  expect((await app.auditEvents()).at(-1)).toMatchObject({
    eventName: "PutUserPoolExtensions",
    requestParameters: { userPoolId: pool.id, extensions: { profile: "hardened" } },
  });
});

test("a new issuer is warned of, since it ends the tokens of the old one", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  await put(app, pool.id, { SrpVerifiers: "off" });
  expect(app.logged).toEqual([]);
  await put(app, pool.id, { IssuerMode: "aws" });
  expect(app.logged).toEqual([
    {
      about: {
        userPoolId: pool.id,
        from: `https://localhost:8443/${pool.id}`,
        to: `https://cognito-idp.us-east-1.amazonaws.com/${pool.id}`,
      },
      message: "the issuer of a user pool changed: tokens issued before are no longer accepted",
    },
  ]);
});

describe("SRP verifiers", () => {
  async function verifierOf(app: TestApp, user: { userPoolId: string; id: string }) {
    const row = await findUser(app.context.store.db, user);
    return row && { salt: row.srp_salt, verifier: row.srp_verifier };
  }

  async function purge(app: TestApp) {
    const { db } = app.context.store;
    for (const deletion of await pageDeletions(db, { limit: 9 }))
      await finishDeletion(db, deletion);
  }

  test("switched off they are refused at once and purged, of this pool alone", async () => {
    const app = await testApp();
    const made = await testPool(app);
    const other = await testPool(app);
    const users = [];
    for (let n = 0; n < 3; n++) users.push(await testUser(app, made.pool, { username: `u${n}` }));
    const neighbour = await testUser(app, other.pool);
    await put(app, made.pool.id, { SrpVerifiers: "off" });
    await expect(startSrp(app, made, { username: "u0" })).rejects.toMatchObject({
      message: "USER_SRP_AUTH is not enabled for the client.",
    });
    await purge(app);
    for (const user of users) {
      expect(await verifierOf(app, user)).toEqual({ salt: null, verifier: null });
    }
    expect((await verifierOf(app, neighbour))?.verifier).toEqual(expect.any(String));
    expect(await loadPool(testCall(app), made.pool.id)).toMatchObject({ id: made.pool.id });
    expect(await pageDeletions(app.context.store.db, { limit: 9 })).toEqual([]);
  });

  test("a pool of more users than one batch loses all of them", async () => {
    const app = await testApp();
    const { pool } = await testPool(app);
    const { passwordHash, ...user } = await testUser(app, pool);
    const { db } = app.context.store;
    const row = await findUser(db, user);
    if (!row) throw new Error("the user is there");
    const rows = Array.from({ length: 1_001 }, (_, n) => ({
      ...row,
      id: `copy-${n}`,
      username_key: `copy-${n}`,
    }));
    for (const each of rows) await db.insertInto("users").values(each).execute();
    await put(app, pool.id, { SrpVerifiers: "off" });
    await purge(app);
    const left = await db.selectFrom("users").select("id").where("srp_verifier", "is not", null);
    expect(await left.execute()).toEqual([]);
    expect(passwordHash).not.toBeNull();
  });

  test("switched on again before the purge, they stay", async () => {
    const app = await testApp();
    const { pool } = await testPool(app);
    const user = await testUser(app, pool);
    await put(app, pool.id, { SrpVerifiers: "off" });
    await put(app, pool.id, { SrpVerifiers: "on" });
    await purge(app);
    expect((await verifierOf(app, user))?.verifier).toEqual(expect.any(String));
  });
});

test("a client's document is empty, and anything in it is refused by name", async () => {
  const app = await testApp();
  const { pool, client } = await testPool(app);
  const named = { UserPoolId: pool.id, ClientId: client.id };
  const call = (operation: string, input: object) =>
    signedCall(app, {
      target: `PoolhouseService.${operation}`,
      input: { ...named, ...input },
    });
  expect(await call("PutUserPoolClientExtensions", { Extensions: {} })).toEqual({ Extensions: {} });
  expect(await call("GetUserPoolClientExtensions", {})).toEqual({ Extensions: {} });
  await expect(
    call("PutUserPoolClientExtensions", { Extensions: { RequirePkse: "on" } }),
  ).rejects.toThrow("RequirePkse");
  await expect(call("PutUserPoolClientExtensions", {})).rejects.toThrow("'extensions'");
  await expect(call("GetUserPoolClientExtensions", { ClientId: "other" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});
