import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { outboxRow } from "../testing/rows.ts";
import {
  claimOutboxMessages,
  deleteOutboxMessage,
  failOutboxMessage,
  insertOutboxMessage,
  postponeOutboxMessage,
} from "./outbox.ts";

describe.each(engines)("the outbox on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const put = (id: string, dueAtMs: number) =>
    insertOutboxMessage(db, outboxRow({ id, next_attempt_at_ms: dueAtMs }));
  const claim = async (nowMs: number, { retryAtMs = nowMs + 30_000, limit = 10 } = {}) => {
    const messages = await claimOutboxMessages(db, { nowMs, retryAtMs, limit });
    return messages.map((message) => message.id).sort();
  };

  it("gives no message to two workers at once, and every message to one", async () => {
    for (let n = 0; n < 60; n += 1) {
      await put(`crowd ${n}`, 1_000);
    }
    const claimed: string[] = [];
    for (let round = 0; claimed.length < 60 && round < 20; round += 1) {
      const claims = Array.from({ length: 8 }, () => claim(1_000, { limit: 7 }));
      claimed.push(...(await Promise.all(claims)).flat());
    }
    expect(claimed).toHaveLength(60);
    expect(new Set(claimed).size).toBe(60);
  });

  it("gives what is due, the longest waiting first, up to the limit", async () => {
    await put("due third", 102);
    await put("due first", 100);
    await put("due second", 101);
    await put("not due", 103);
    expect(await claim(102, { limit: 2 })).toEqual(["due first", "due second"]);
    expect(await claim(102)).toEqual(["due third"]);
    expect(await claim(102)).toEqual([]);
    expect(await claim(103)).toEqual(["not due"]);
  });

  it("gives the message of a worker that died again, with the attempts counted", async () => {
    await put("lost", 200);
    const [first] = await claimOutboxMessages(db, { nowMs: 200, retryAtMs: 250, limit: 1 });
    expect(first).toEqual({
      ...outboxRow({ id: "lost", next_attempt_at_ms: 250, attempts: 1 }),
      user_id: null,
      failed_at_ms: null,
    });
    expect(await claim(249)).toEqual([]);
    const [second] = await claimOutboxMessages(db, { nowMs: 250, retryAtMs: 300, limit: 1 });
    expect(second).toMatchObject({ id: "lost", attempts: 2 });
    await deleteOutboxMessage(db, "lost");
    expect(await claim(300)).toEqual([]);
  });

  it("gives a postponed message when its new time has come", async () => {
    await put("later", 400);
    await claim(400);
    await postponeOutboxMessage(db, { id: "later", nextAttemptAtMs: 405 });
    expect(await claim(404)).toEqual([]);
    expect(await claim(405)).toEqual(["later"]);
    await deleteOutboxMessage(db, "later");
  });

  it("keeps a message that was given up, and never gives it again", async () => {
    await put("hopeless", 500);
    await failOutboxMessage(db, { id: "hopeless", nowMs: 501 });
    await postponeOutboxMessage(db, { id: "hopeless", nextAttemptAtMs: 502 });
    expect(await claim(Date.UTC(9999, 0), { limit: 100 })).not.toContain("hopeless");
    const kept = await db
      .selectFrom("outbox")
      .selectAll()
      .where("id", "=", "hopeless")
      .executeTakeFirst();
    expect(kept).toMatchObject({ failed_at_ms: 501, body: "sealed" });
  });
});
