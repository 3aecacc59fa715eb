import { afterEach, beforeEach, expect, test } from "vitest";
import type { Signer } from "../../protocol/sigv4/sign-request.ts";
import { listSigningKeys } from "../../store/signing-keys.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestPool, testPool } from "../../testing/pools.ts";
import { signedCall } from "../../testing/signed-call.ts";
import type { RotateSigningKeysInput, RotateSigningKeysOutput } from "./rotate-signing-keys.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await testPool(app);
});
afterEach(() => app.close());

function rotate(input: RotateSigningKeysInput = {}, by: Partial<Signer> = {}) {
  const target = "PoolhouseService.RotateSigningKeys";
  return signedCall<RotateSigningKeysOutput>(app, { target, input }, by);
}

async function kids(): Promise<string[]> {
  const rows = await listSigningKeys(app.context.store.db, home.pool.id);
  return rows.map(({ kid, state }) => `${state} ${kid}`).sort();
}

test("one pool's next keys are published and answered, without anything private", async () => {
  const before = await kids();
  const { UserPools } = await rotate({ UserPoolId: home.pool.id });
  expect(UserPools).toHaveLength(1);
  const answered = UserPools[0]?.Keys.map(({ State, KeyId }) => `${State} ${KeyId}`) ?? [];
  expect(answered.sort()).toEqual(await kids());
  expect(answered).toEqual(expect.arrayContaining(before));
  expect(answered).toHaveLength(4);
  expect(Object.keys(UserPools[0]?.Keys[0] ?? {}).sort()).toEqual([
    "CreationDate",
    "KeyId",
    "State",
    "TokenUse",
  ]);
});

test("in an emergency none of the old keys is left", async () => {
  const before = await kids();
  await rotate({ UserPoolId: home.pool.id, Emergency: true });
  const after = await kids();
  expect(after).toHaveLength(2);
  expect(after.filter((kid) => before.includes(kid))).toEqual([]);
});

test("without a pool every pool of the region is rotated, in parts, each with its own row in the trail", async () => {
  const pools = [home.pool.id];
  for (let i = 0; i < 10; i++) pools.push((await testPool(app)).pool.id);
  const first = await rotate();
  expect(first.UserPools).toHaveLength(10);
  const second = await rotate({ NextToken: String(first.NextToken) });
  expect(second.NextToken).toBeUndefined();
  const rotated = [...first.UserPools, ...second.UserPools].map(({ UserPoolId }) => UserPoolId);
  expect(rotated.sort()).toEqual(pools.sort());
  const events = await app.auditEvents();
  const named = events
    .filter(({ eventName }) => eventName === "RotateSigningKeys")
    .flatMap(({ additionalEventData }) => additionalEventData["userPoolId"] ?? []);
  expect(named.sort()).toEqual(pools);
  expect((await rotate({}, { region: "eu-west-1" })).UserPools).toEqual([]);
});

test("only a signer may, and of the pool's region", async () => {
  const before = await kids();
  const stranger = { accessKeyId: "AKIASOMEBODYELSE0000" };
  await expect(rotate({}, stranger)).rejects.toMatchObject({ code: "UnrecognizedClientException" });
  await expect(rotate({ UserPoolId: home.pool.id }, { region: "eu-west-1" })).rejects.toMatchObject(
    {
      code: "ResourceNotFoundException",
    },
  );
  expect(await kids()).toEqual(before);
});

test.each([{ UserPoolId: "nothing" }, { Emergency: "yes" }, { Unknown: 1 }, { NextToken: "x" }])(
  "bad input changes nothing: %j",
  async (input) => {
    const before = await kids();
    await expect(rotate(input as RotateSigningKeysInput)).rejects.toMatchObject({
      code: expect.stringMatching(/^(InvalidParameter|Serialization)Exception$/),
    });
    expect(await kids()).toEqual(before);
  },
);
