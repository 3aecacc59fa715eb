import { afterEach, beforeEach, expect, test } from "vitest";
import { startSealer } from "../../domain/audit/seal.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { testPool } from "../../testing/pools.ts";
import { signedCall } from "../../testing/signed-call.ts";
import type { ListAuditEventsInput, ListAuditEventsOutput } from "./list-audit-events.ts";
import type { VerifyAuditTrailInput, VerifyAuditTrailOutput } from "./verify-audit-trail.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

async function seal(): Promise<void> {
  const sealer = startSealer(app.context);
  await sealer.step();
  await sealer.stop();
}

function call<Output>(operation: "ListAuditEvents" | "VerifyAuditTrail", input: object = {}) {
  return signedCall<Output>(app, { target: `PoolhouseService.${operation}`, input });
}

function list(input: ListAuditEventsInput = {}) {
  return call<ListAuditEventsOutput>("ListAuditEvents", input);
}

function verify(input: VerifyAuditTrailInput = {}) {
  // Times come as epoch seconds.
  type Wire = Omit<VerifyAuditTrailOutput, "OldestUnsealedTime"> & { OldestUnsealedTime?: number };
  return call<Wire>("VerifyAuditTrail", input);
}

/** A pool leaves two rows: its own and its client's. */
async function makePools(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < count; i++) ids.push((await testPool(app)).pool.id);
  return ids;
}

test("the newest sealed events are listed, oldest first, as CloudTrail has them", async () => {
  await makePools(3);
  await seal();
  const { Events, LastSequence } = await list({ MaxResults: 2 });
  expect(Events.map(({ Sequence }) => Sequence)).toEqual([LastSequence - 1, LastSequence]);
  expect(Events[0]?.Event).toMatchObject({ eventVersion: "1.11", eventName: "Test" });
  expect(Events[0]?.Hash).toMatch(/^[0-9a-f]{64}$/);
});

test("going on after the last one misses nothing and repeats nothing, and shows what was sealed since", async () => {
  await makePools(2);
  await seal();
  const all = await list();
  const part = await list({ AfterSequence: 0, MaxResults: 3 });
  const rest = await list({ AfterSequence: part.LastSequence });
  expect([...part.Events, ...rest.Events]).toEqual(all.Events);
  const none = await list({ AfterSequence: rest.LastSequence });
  expect(none).toEqual({ Events: [], LastSequence: rest.LastSequence });
  await makePools(1);
  expect((await list({ AfterSequence: rest.LastSequence })).Events).toEqual([]);
  await seal();
  const fresh = await list({ AfterSequence: rest.LastSequence });
  expect(fresh.Events.length).toBeGreaterThan(0);
});

test("of one pool only its own events are listed, and looking on goes past those of others", async () => {
  const [first = ""] = await makePools(3);
  await seal();
  const { Events, LastSequence } = await list({ UserPoolId: first });
  expect(Events.length).toBeGreaterThan(0);
  for (const { Event } of Events) {
    expect(Event).toMatchObject({ additionalEventData: { userPoolId: first } });
  }
  expect(LastSequence).toBe((await list()).LastSequence);
  const one = await list({ UserPoolId: first, AfterSequence: 0, MaxResults: 1 });
  expect(one.Events).toEqual(Events.slice(0, 1));
});

test("the newest events of a pool are listed, however long ago they were", async () => {
  const [quiet = ""] = await makePools(1);
  await seal();
  const row = { at_ms: app.clock.now(), user_pool_id: "us-east-1_Busy", event: "{}" };
  const rows = Array.from({ length: 6_000 }, (_, number) => ({ ...row, id: `busy-${number}` }));
  for (let at = 0; at < rows.length; at += 1_000) {
    const some = rows.slice(at, at + 1_000);
    await app.context.store.db.insertInto("audit_events").values(some).execute();
  }
  await seal();
  const { Events, LastSequence } = await list({ UserPoolId: quiet });
  expect(Events.length).toBeGreaterThan(0);
  expect(LastSequence).toBeGreaterThan(6_000);
  const part = await list({ UserPoolId: quiet, AfterSequence: Number(Events.at(-1)?.Sequence) });
  expect(part.Events).toEqual([]);
  expect(part.LastSequence).toBeLessThan(LastSequence);
});

test("a whole trail is verified, and what is not sealed yet is told", async () => {
  await makePools(1);
  await seal();
  const result = await verify();
  expect(result.AtEnd).toBe(true);
  expect(result.PublicKey).toMatch(/^-----BEGIN PUBLIC KEY-----/);
  expect(result.OldestUnsealedTime).toBeUndefined();
  await makePools(1);
  const { OldestUnsealedTime } = await verify();
  expect(Math.abs(Number(OldestUnsealedTime) * 1000 - app.clock.now())).toBeLessThan(60_000);
});

test("a trail is verified in parts", async () => {
  await makePools(2);
  await seal();
  const whole = await verify();
  const end = whole.Through.Sequence;
  const rest = await verify({ AfterSequence: 1 });
  expect(rest).toEqual(whole);
  expect(await verify({ AfterSequence: end })).toEqual(whole);
});

test("a changed row is named with its event", async () => {
  await makePools(2);
  await seal();
  const [, row] = (await list({ AfterSequence: 0 })).Events;
  const { eventID } = (row?.Event ?? {}) as { eventID: string };
  const { db } = app.context.store;
  await db.updateTable("audit_events").set({ event: "{}" }).where("id", "=", eventID).execute();
  expect(await verify()).toMatchObject({
    AtEnd: false,
    Through: { Sequence: 1 },
    Fault: { Sequence: 2, EventId: eventID },
  });
});

test("an expected place that is not there is a fault", async () => {
  await makePools(1);
  await seal();
  const { Through } = await verify();
  expect((await verify({ Expected: Through })).AtEnd).toBe(true);
  const beyond = { Sequence: Through.Sequence + 1, Hash: Through.Hash };
  expect(await verify({ Expected: beyond })).toMatchObject({
    Fault: { Sequence: beyond.Sequence, Reason: "the row is missing" },
  });
});

test("nobody reads or verifies unsigned", async () => {
  for (const operation of ["ListAuditEvents", "VerifyAuditTrail"]) {
    const headers = { "x-amz-target": `PoolhouseService.${operation}` };
    const answer = await app.app.inject({ method: "POST", url: "/", headers, payload: "{}" });
    expect(answer.json()).toMatchObject({ __type: "MissingAuthenticationTokenException" });
  }
});

test.each([{ MaxResults: 0 }, { MaxResults: 501 }, { AfterSequence: -1 }, { AfterSequence: "1" }])(
  "bad input is refused: %j",
  async (input) => {
    await expect(list(input as ListAuditEventsInput)).rejects.toMatchObject({
      code: expect.stringMatching(/^(InvalidParameter|Serialization)Exception$/),
    });
  },
);
