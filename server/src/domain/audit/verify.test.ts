import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type AuditEventRow,
  insertAuditEvent,
  pageSealedAuditEvents,
} from "../../store/audit-events.ts";
import type { Changes } from "../../store/schema.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { chainHash, chainStart, digestKeys } from "./chain.ts";
import { startSealer } from "./seal.ts";
import { type TrailCheck, verifyTrail } from "./verify.ts";

let app: TestApp;

/** Three batches of two rows: places 1 to 6, digests at 2, 4 and 6. */
beforeEach(async () => {
  app = await testApp();
  const sealer = startSealer(app.context);
  for (let batch = 0; batch < 3; batch++) {
    await happen(2, batch * 2);
    await sealer.step();
  }
  await sealer.stop();
});
afterEach(() => app.close());

async function happen(events: number, after = 0): Promise<void> {
  for (let number = after + 1; number <= after + events; number++) {
    await insertAuditEvent(app.context.store.db, {
      id: `event-${String(number).padStart(4, "0")}`,
      at_ms: number * 1000,
      user_pool_id: "us-east-1_Abc",
      event: JSON.stringify({ number }),
    });
  }
}

function check(change: Partial<TrailCheck> = {}) {
  const { publicKey } = digestKeys(app.context.vault);
  return verifyTrail(app.context.store, { publicKey, ...change });
}

async function rows(): Promise<AuditEventRow[]> {
  return pageSealedAuditEvents(app.context.store.db, { after: 0, limit: 10_000 });
}

async function change(seq: number, set: Changes<"audit_events">): Promise<void> {
  await app.context.store.db.updateTable("audit_events").set(set).where("seq", "=", seq).execute();
}

async function drop(table: "audit_events" | "audit_digests", ...places: number[]): Promise<void> {
  await app.context.store.db.deleteFrom(table).where("seq", "in", places).execute();
}

/** What somebody does who can write to the database and knows how hashes are made. */
async function rewriteFrom(seq: number): Promise<void> {
  let hash = (await rows()).find((row) => row.seq === seq - 1)?.hash ?? chainStart.hash;
  for (const row of await rows()) {
    if (row.seq === null || row.seq < seq) continue;
    const event = row.seq === seq ? '{"number":"forged"}' : row.event;
    hash = chainHash(hash, { ...row, seq: row.seq, event });
    await change(row.seq, { event, hash });
  }
}

test("a trail that nobody touched is whole", async () => {
  const report = await check();
  expect(report).toEqual({
    atEnd: true,
    through: { seq: 6, hash: (await rows()).at(-1)?.hash },
  });
});

test("an empty trail is whole", async () => {
  const { db } = app.context.store;
  await db.deleteFrom("audit_events").execute();
  await db.deleteFrom("audit_digests").execute();
  expect(await check()).toEqual({ atEnd: true, through: chainStart });
});

test.each<[string, Changes<"audit_events">]>([
  ["the event", { event: '{"number":9}' }],
  ["the id", { id: "event-other" }],
  ["the time", { at_ms: 1 }],
  ["the pool", { user_pool_id: "us-east-1_Other" }],
  ["the pool, to none", { user_pool_id: null }],
  ["the hash", { hash: "00".repeat(32) }],
])("a change of %s names the row", async (_what, set) => {
  await change(3, set);
  expect(await check()).toMatchObject({
    atEnd: false,
    through: { seq: 2 },
    fault: { seq: 3, why: "the row is not the one that was sealed here" },
  });
});

test.each([1, 3, 4, 6])("row %i taken out is missed", async (seq) => {
  await drop("audit_events", seq);
  expect((await check()).fault).toEqual({ seq, why: "the row is missing" });
});

test("a row taken out with its digest is missed", async () => {
  await drop("audit_events", 4);
  await drop("audit_digests", 4);
  expect((await check()).fault).toEqual({ seq: 4, why: "the row is missing" });
});

test("rows that changed places name the first", async () => {
  await change(3, { seq: 99 });
  await change(4, { seq: 3 });
  await change(99, { seq: 4 });
  expect((await check()).fault).toMatchObject({ seq: 3, eventId: "event-0004" });
});

test("a row rewritten with all hashes after it is caught by the digest", async () => {
  await rewriteFrom(3);
  expect((await check()).fault).toEqual({
    seq: 3,
    why: "one of the rows 3 to 4 was rewritten, with all hashes that follow from it",
  });
});

test("taking digests out in between does not help who rewrites", async () => {
  await rewriteFrom(3);
  await drop("audit_digests", 4);
  expect((await check()).fault).toMatchObject({ seq: 3 });
  await drop("audit_digests", 6);
  expect((await check()).fault).toEqual({
    seq: 3,
    why: "no digest signs the chain from this row on",
  });
});

test("a digest that somebody else signed, or that was changed, is forged", async () => {
  const { db } = app.context.store;
  const forged = { fault: { seq: 4, why: "the digest of this place is forged" } };
  await rewriteFrom(3);
  const { hash } = (await rows())[3] ?? {};
  await db
    .updateTable("audit_digests")
    .set({ hash: hash ?? "" })
    .where("seq", "=", 4)
    .execute();
  expect(await check()).toMatchObject(forged);
  const { publicKey } = generateKeyPairSync("ed25519");
  expect(await check({ publicKey })).toMatchObject({ fault: { seq: 2 } });
});

test("rows added at the end without a digest are named", async () => {
  const last = (await rows()).at(-1);
  await happen(1, 6);
  const [row] = await app.context.store.db
    .selectFrom("audit_events")
    .selectAll()
    .where("seq", "is", null)
    .execute();
  if (!last?.hash || !row) throw new Error("the rows are there");
  const hash = chainHash(last.hash, { ...row, seq: 7 });
  await app.context.store.db
    .updateTable("audit_events")
    .set({ seq: 7, hash })
    .where("id", "=", row.id)
    .execute();
  expect((await check()).fault).toMatchObject({
    seq: 7,
    why: expect.stringContaining("no digest"),
  });
});

test("the newest rows taken out with their digests are only missed by who noted a place", async () => {
  const { through: noted } = await check();
  await drop("audit_events", 5, 6);
  await drop("audit_digests", 6);
  expect(await check()).toMatchObject({ atEnd: true, through: { seq: 4 } });
  expect((await check({ expected: noted })).fault).toEqual({
    seq: 5,
    why: "the row is missing",
  });
});

test("a trail that was begun anew differs from the noted place", async () => {
  const { through: noted } = await check();
  const { db } = app.context.store;
  await db.deleteFrom("audit_events").execute();
  await db.deleteFrom("audit_digests").execute();
  await happen(8, 100);
  const sealer = startSealer(app.context);
  await sealer.step();
  await sealer.stop();
  expect(await check()).toMatchObject({ atEnd: true });
  expect((await check({ expected: noted })).fault).toMatchObject({ seq: noted.seq });
});

test("a long trail is checked in parts, and the parts meet", async () => {
  await happen(1_300, 6);
  const sealer = startSealer(app.context);
  await sealer.step();
  await sealer.stop();
  const first = await check({ limit: 500 });
  expect(first).toMatchObject({ atEnd: false, through: { seq: 500 } });
  expect(first.fault).toBeUndefined();
  const second = await check({ limit: 1_000, after: first.through.seq });
  expect(second).toMatchObject({ atEnd: true, through: { seq: 1_306 } });
  await change(700, { event: "{}" });
  expect(await check({ after: first.through.seq })).toMatchObject({ fault: { seq: 700 } });
  expect(await check({ after: 5_000 })).toMatchObject({ fault: { seq: 5_000 } });
});
