import { mkdtempSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { type Flush, flushLog } from "./sqlite-flush.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

function newLog(): { file: string; flush: Flush } {
  const file = join(mkdtempSync(join(inject("folder"), "flush-")), "store.db");
  writeFileSync(`${file}-wal`, "log");
  const flush = flushLog(file);
  onTestFinished(() => flush.close());
  return { file, flush };
}

test("serves all who wait with few flushes", async () => {
  const { flush } = newLog();
  const asked = Array.from({ length: 100 }, () => flush.commits());
  await Promise.all(asked);
  expect(new Set(asked).size).toBe(1);
});

test("serves who comes during a flush with the next one, not with that which is under way", async () => {
  const { flush } = newLog();
  let isOver = false;
  const first = flush.commits().then(() => {
    isOver = true;
  });
  // The first one has begun by now, and opens the log.
  await Promise.resolve();
  await Promise.resolve();
  const late = flush.commits();
  expect(isOver).toBe(false);
  await late;
  expect(isOver).toBe(true);
  await first;
});

test("goes on after a log that could not be opened", async () => {
  const { file, flush } = newLog();
  renameSync(`${file}-wal`, `${file}-moved`);
  const asked = [flush.commits(), flush.commits()];
  const ends = await Promise.allSettled(asked);
  for (const end of ends) {
    expect(end.status === "rejected" && end.reason).toBeInstanceOf(StoreUnavailable);
  }
  renameSync(`${file}-moved`, `${file}-wal`);
  await flush.commits();
});

test("lets what was asked finish before it closes", async () => {
  const { flush } = newLog();
  const ends: string[] = [];
  const asked = flush.commits().then(() => ends.push("flushed"));
  await flush.close();
  ends.push("closed");
  await asked;
  expect(ends).toEqual(["flushed", "closed"]);
});
