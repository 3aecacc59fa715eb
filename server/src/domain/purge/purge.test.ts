import { afterEach, beforeEach, expect, test } from "vitest";
import { insertDeletion } from "../../store/deletions.ts";
import { acquireLease } from "../../store/leases.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { testCall, testPool, testUser } from "../../testing/pools.ts";
import type { LeasedWork } from "../leased-work.ts";
import { prepareFamily } from "../tokens/issue.ts";
import { deleteUser } from "../users/delete-user.ts";
import { startPurge } from "./purge.ts";

let app: TestApp;
let purge: LeasedWork;
beforeEach(async () => {
  app = await testApp();
  purge = startPurge(app.context);
});
afterEach(async () => {
  await purge.stop();
  await app.close();
});

const minuteMs = 60_000;

async function userRows(userId: string) {
  const { db } = app.context.store;
  const [families, tokens, attributes, deletions] = await Promise.all([
    db.selectFrom("token_families").select("id").where("user_id", "=", userId).execute(),
    db.selectFrom("refresh_tokens").select("token_hash").where("user_id", "=", userId).execute(),
    db.selectFrom("user_attributes").select("name").where("user_id", "=", userId).execute(),
    db.selectFrom("deletions").select("id").where("user_id", "=", userId).execute(),
  ]);
  return {
    families: families.length,
    tokens: tokens.length,
    attributes: attributes.length,
    deletions: deletions.length,
  };
}

async function deletedUser() {
  const { pool, client } = await testPool(app, { settings: { aliasAttributes: ["email"] } });
  const user = await testUser(app, pool, { attributes: { email: "ada@example.com" } });
  const family = await prepareFamily(testCall(app), { pool, client, user });
  await testCall(app).change((trx) => family.store(trx));
  await testCall(app).change((trx) => deleteUser(trx, testCall(app), user));
  return { user };
}

test("what a deleted user left goes once no call can be under way any more", async () => {
  const { user } = await deletedUser();
  const left = { families: 1, tokens: 1, attributes: 1, deletions: 1 };
  await purge.step();
  expect(await userRows(user.id)).toEqual(left);
  app.clock.advance(minuteMs);
  await purge.step();
  expect(await userRows(user.id)).toEqual({ families: 0, tokens: 0, attributes: 0, deletions: 0 });
});

test("another node's purge is left alone", async () => {
  const { user } = await deletedUser();
  app.clock.advance(minuteMs);
  const lease = { name: "purge", holder: "node-2", durationMs: minuteMs };
  await acquireLease(app.context.store.db, { ...lease, nowMs: app.clock.now() });
  await purge.step();
  expect(await userRows(user.id)).toMatchObject({ deletions: 1 });
});

test("a young deletion does not hide an old one, wherever they stand in the order", async () => {
  const { db } = app.context.store;
  const old = app.clock.now() - minuteMs;
  for (let number = 0; number < 250; number++) {
    const isOld = number % 100 === 99;
    await insertDeletion(db, {
      id: `deletion-${String(number).padStart(4, "0")}`,
      user_pool_id: "us-east-1_gone",
      user_id: `user-${number}`,
      created_at_ms: isOld ? old : app.clock.now(),
    });
  }
  await purge.step();
  const left = await db.selectFrom("deletions").select("created_at_ms").execute();
  expect(left).toHaveLength(248);
  expect(left.some((row) => row.created_at_ms === old)).toBe(false);
});

test("rows go when their time is over, however many there are", async () => {
  const { db } = app.context.store;
  const expired = (number: number) => ({
    name: `counter-${number}`,
    count: 1,
    until_ms: app.clock.now() - 1,
  });
  await db
    .insertInto("counters")
    .values(Array.from({ length: 2_500 }, (_, number) => expired(number)))
    .execute();
  await db
    .insertInto("counters")
    .values({ name: "still counting", count: 1, until_ms: app.clock.now() + minuteMs })
    .execute();
  await purge.step();
  const left = await db.selectFrom("counters").select("name").execute();
  expect(left).toEqual([{ name: "still counting" }]);
});

test("a purge that stops ends between two deletions and leaves the rest to the next node", async () => {
  const [one, other] = [await deletedUser(), await deletedUser()];
  app.clock.advance(minuteMs);
  const step = purge.step();
  await purge.stop();
  await step;
  const next = startPurge(app.context);
  await next.step();
  await next.stop();
  for (const { user } of [one, other]) {
    expect(await userRows(user.id)).toMatchObject({ deletions: 0 });
  }
});

test("a failing deletion is logged, stays noted and does not hold up the others", async () => {
  const { user } = await deletedUser();
  const { db } = app.context.store;
  app.clock.advance(minuteMs);
  await db.schema.alterTable("user_aliases").renameTo("away").execute();
  await purge.step();
  expect(app.logged.map(({ message }) => message)).toContain("a deletion could not be finished");
  await db.schema.alterTable("away").renameTo("user_aliases").execute();
  await purge.step();
  expect(await userRows(user.id)).toMatchObject({ deletions: 0 });
});
