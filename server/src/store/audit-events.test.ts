import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  findLastAuditDigest,
  findLastSealedAuditEvent,
  insertAuditDigest,
  insertAuditEvent,
  listNewestAuditEvents,
  pageAuditDigests,
  pageSealedAuditEvents,
  pageUnsealedAuditEvents,
  sealAuditEvent,
} from "./audit-events.ts";

describe.each(engines)("the audit trail on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);
  const tell = (id: string, atMs: number, pool: string | null = poolId) =>
    insertAuditEvent(db, { id, at_ms: atMs, user_pool_id: pool, event: `{"id":"${id}"}` });
  const unsealed = async (limit = 10) =>
    (await pageUnsealedAuditEvents(db, limit)).map((event) => event.id);

  it("is empty at first", async () => {
    expect(await findLastSealedAuditEvent(db)).toBeUndefined();
    expect(await findLastAuditDigest(db)).toBeUndefined();
    expect(await unsealed()).toEqual([]);
  });

  it("gives the unsealed events oldest first, and each place in the chain once", async () => {
    await tell("c", 20);
    await tell("b", 10, null);
    await tell("a", 10);
    expect(await unsealed(2)).toEqual(["a", "b"]);
    expect(await sealAuditEvent(db, { id: "a", seq: 1, hash: "h1" })).toBe(true);
    expect(await sealAuditEvent(db, { id: "a", seq: 2, hash: "h2" })).toBe(false);
    expect(await unsealed()).toEqual(["b", "c"]);
    expect(await findLastSealedAuditEvent(db)).toEqual({
      id: "a",
      at_ms: 10,
      user_pool_id: poolId,
      event: '{"id":"a"}',
      seq: 1,
      hash: "h1",
    });
  });

  it("never forks: of two events for one place one fails, with all that its sealer did", async () => {
    const seal = (id: string) =>
      transaction((trx) => sealAuditEvent(trx, { id, seq: 2, hash: `h of ${id}` }));
    const outcomes = await Promise.allSettled([seal("b"), seal("c")]);
    const outcome = (status: string) => outcomes.filter((each) => each.status === status).length;
    expect([outcome("fulfilled"), outcome("rejected")]).toEqual([1, 1]);
    const chain = await pageSealedAuditEvents(db, { after: 0, limit: 10 });
    expect(chain.map((event) => event.seq)).toEqual([1, 2]);
    const [left = ""] = await unsealed();
    await sealAuditEvent(db, { id: left, seq: 3, hash: "h3" });
  });

  it("is read along the chain", async () => {
    const seqs = async (after: number, limit: number) =>
      (await pageSealedAuditEvents(db, { after, limit })).map((event) => event.seq);
    expect(await seqs(0, 2)).toEqual([1, 2]);
    expect(await seqs(2, 2)).toEqual([3]);
    expect((await findLastSealedAuditEvent(db))?.seq).toBe(3);
  });

  it("stands or falls with the change that it tells of", async () => {
    const failing = transaction(async (trx) => {
      const event = { id: "undone", at_ms: 30, user_pool_id: poolId, event: "{}" };
      await insertAuditEvent(trx, event);
      throw new Error("no change");
    });
    await expect(failing).rejects.toThrow("no change");
    expect(await unsealed()).toEqual([]);
  });

  it("of a pool shows the newest sealed events first, and no unsealed one", async () => {
    for (const [n, id] of ["new 1", "new 2", "new 3", "not sealed"].entries()) {
      await tell(id, 2_000 + Math.floor(n / 2), "newest");
    }
    for (const [n, id] of ["new 2", "new 1", "new 3"].entries()) {
      await sealAuditEvent(db, { id, seq: 100 + n, hash: "h" });
    }
    const newest = await listNewestAuditEvents(db, { userPoolId: "newest", limit: 2 });
    expect(newest.map((event) => event.id)).toEqual(["new 3", "new 2"]);
  });

  it("has one digest for a place, in order", async () => {
    const digest = (seq: number) => ({ seq, hash: `h${seq}`, at_ms: seq, signature: "signed" });
    for (const seq of [2, 1, 3]) {
      await insertAuditDigest(db, digest(seq));
    }
    await expect(insertAuditDigest(db, digest(2))).rejects.toThrow();
    expect(await pageAuditDigests(db, { after: 0, limit: 2 })).toEqual([digest(1), digest(2)]);
    expect(await pageAuditDigests(db, { after: 2, limit: 2 })).toEqual([digest(3)]);
    expect(await findLastAuditDigest(db)).toEqual(digest(3));
  });
});
