import { afterAll, describe, expect, it } from "vitest";
import { engines, migratedPlace, openPlace } from "../testing/places.ts";
import { challengeRow, codeRow, outboxRow, poolId, refreshTokenRow } from "../testing/rows.ts";
import type { VerbCall } from "../testing/store-process.ts";
import { startStoreProcess } from "../testing/store-processes.ts";
import { insertChallenge } from "./challenges.ts";
import { type CodeCheck, putCode } from "./codes.ts";
import type { Count } from "./counters.ts";
import { findMeta, putMeta } from "./meta.ts";
import { insertOutboxMessage } from "./outbox.ts";
import { insertRefreshToken } from "./refresh-tokens.ts";

describe.each(engines)("two processes on one %s database", async (engine) => {
  const place = await migratedPlace(engine);
  const store = await openPlace(place);
  const { db } = store;
  const processes = await Promise.all([startStoreProcess(place), startStoreProcess(place)]);
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.kill()));
    await store.close();
  });

  const things = Array.from({ length: 12 }, (_, n) => `thing ${n}`);
  /** Has both processes make the same calls at once, several times each, alone and in transactions. */
  async function contend<Result>(calls: VerbCall[]): Promise<Result[]> {
    const repeated = calls.flatMap((call) => [call, { ...call, inTransaction: true }, call]);
    const results = await Promise.all(processes.map((process) => process.call(repeated)));
    return results.flat() as Result[];
  }

  it("take each code once", async () => {
    const options = { userPoolId: poolId, purpose: "confirm-sign-up", mac: "right" };
    const calls = things.map((userId) => ({
      verb: "checkAndTakeCode" as const,
      options: { ...options, userId, maxAttempts: 100, nowMs: 2_000 },
    }));
    for (const userId of things) {
      await putCode(db, codeRow({ user_id: userId }));
    }
    const checks = await contend<CodeCheck>(calls);
    const taken = checks.flatMap((check) =>
      check.outcome === "taken" ? [check.code.user_id] : [],
    );
    expect(taken.sort()).toEqual([...things].sort());
  });

  it("compare no more guesses at a code than allowed", async () => {
    await putCode(db, codeRow({ user_id: "guessed" }));
    const options = { userPoolId: poolId, purpose: "confirm-sign-up", userId: "guessed" };
    const calls = things.map((thing) => ({
      verb: "checkAndTakeCode" as const,
      options: { ...options, mac: thing, maxAttempts: 5, nowMs: 2_000 },
    }));
    const checks = await contend<CodeCheck>(calls);
    expect(checks.filter((check) => check.outcome === "mismatch")).toHaveLength(5);
  });

  it("replace each refresh token once", async () => {
    for (const thing of things) {
      await insertRefreshToken(db, refreshTokenRow({ token_hash: thing }));
    }
    const replaced = await contend<boolean>(
      things.map((tokenHash) => ({
        verb: "replaceRefreshToken",
        options: { tokenHash, nowMs: 2_000 },
      })),
    );
    expect(replaced.filter(Boolean)).toHaveLength(things.length);
  });

  it("take each challenge once, by handle or by secret block", async () => {
    for (const thing of things) {
      await insertChallenge(db, challengeRow({ handle_hash: thing, secret_block_hash: thing }));
    }
    const taken = await contend<{ handle_hash: string } | null>(
      things.flatMap((thing) =>
        [{ handleHash: thing }, { secretBlockHash: thing }].map((key) => ({
          verb: "takeChallenge",
          options: { key, nowMs: 2_000 },
        })),
      ),
    );
    expect(taken.flatMap((row) => row?.handle_hash ?? []).sort()).toEqual([...things].sort());
  });

  it("count together up to a limit", async () => {
    const options = { name: "shared", limit: 20, windowMs: 60_000, nowMs: 0 };
    const counts = await contend<Count>(things.map(() => ({ verb: "countUp", options })));
    const allowed = counts.filter((count) => count.allowed).map((count) => count.count);
    expect(allowed.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
  });

  it("count five failures together, then lock", async () => {
    const options = { userPoolId: poolId, subject: "ada", nowMs: 0 };
    const lockouts = await contend<{ counted: boolean }>(
      things.map(() => ({ verb: "recordFailure", options })),
    );
    expect(lockouts.filter((lockout) => lockout.counted)).toHaveLength(5);
  });

  it("hold a lease one at a time", async () => {
    const held = await contend<boolean>(
      things.map((holder) => ({
        verb: "acquireLease",
        options: { name: "one", holder, nowMs: 0, durationMs: 10_000 },
      })),
    );
    // Each of the twelve holders asks six times, and the one that has it gets it again.
    expect(held.filter(Boolean).length).toBeLessThanOrEqual(6);
    expect(held.filter(Boolean).length).toBeGreaterThanOrEqual(1);
  });

  it("claim each message of the outbox once", async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `message ${n}`);
    for (const id of ids) {
      await insertOutboxMessage(db, outboxRow({ id }));
    }
    const options = { nowMs: 2_000, retryAtMs: 60_000, limit: 3 };
    const claim = () =>
      contend<{ id: string }[]>(things.map(() => ({ verb: "claimOutboxMessages", options })));
    const claimed = [...(await claim()), ...(await claim())].flat().map((message) => message.id);
    expect(claimed.sort()).toEqual([...ids].sort());
  });

  it("lose no update, read first or not", async () => {
    await putMeta(db, "read first", "0");
    const reading = Array.from({ length: 15 }, () => ({
      verb: "addByReading" as const,
      options: { name: "read first" },
      inTransaction: true,
    }));
    await Promise.all(processes.map((process) => process.call(reading)));
    expect(await findMeta(db, "read first")).toBe("30");
    await contend(things.map(() => ({ verb: "addToMeta", options: { name: "sum", amount: 1 } })));
    expect(await findMeta(db, "sum")).toBe("72");
  });

  it("find everything that a killed one had acknowledged", async () => {
    const killed = await startStoreProcess(place);
    await killed.write(100);
    const acknowledged = await killed.kill();
    const written = db.selectFrom("meta").select("name").where("name", "like", "written %");
    const names = new Set((await written.execute()).map((row) => row.name));
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
    expect(acknowledged.filter((n) => !names.has(`written ${n}`))).toEqual([]);
  });
});
