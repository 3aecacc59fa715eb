import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import {
  challengeRow,
  codeRow,
  outboxRow,
  poolId,
  refreshTokenRow,
  tokenFamilyRow,
} from "../testing/rows.ts";
import { deleteExpired } from "./expiries.ts";
import { recordFailure } from "./lockouts.ts";
import type { Schema } from "./schema.ts";

const minute = 60_000;
const day = 86_400_000;

describe.each(engines)("expiries on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  beforeEach(async () => {
    while (await deleteExpired(db, { nowMs: 1_000 * day, limit: 1_000 }));
  });
  const expire = (nowMs: number, limit = 100) => deleteExpired(db, { nowMs, limit });
  const count = async (table: keyof Schema) => {
    const { rows } = await db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<number>().as("rows"))
      .executeTakeFirstOrThrow();
    return rows;
  };

  const expires_at_ms = 10 * day;
  const ofClient = {
    user_pool_id: poolId,
    client_id: "client",
    created_at_ms: 1,
    expires_at_ms,
  };
  const rows = {
    challenges: () => challengeRow({ handle_hash: "old", expires_at_ms }),
    codes: () => codeRow({ user_id: "old", expires_at_ms }),
    refresh_tokens: () => refreshTokenRow({ token_hash: "old", expires_at_ms }),
    token_families: () => tokenFamilyRow({ id: "old", expires_at_ms }),
    counters: () => ({ name: "old", count: 1, until_ms: expires_at_ms }),
    leases: () => ({ name: "old", holder: "dead", until_ms: expires_at_ms }),
    outbox: () => outboxRow({ id: "old", failed_at_ms: expires_at_ms }),
    authorization_codes: () => ({ ...ofClient, code_hash: "old", user_id: "ada", granted: "{}" }),
    login_sessions: () => ({
      ...{ user_pool_id: poolId, handle_hash: "old", id: "sso", user_id: "ada", factors: "[]" },
      ...{ source_ip: "", user_agent: "", auth_time_ms: 1, created_at_ms: 1, expires_at_ms },
    }),
    login_flows: () => ({ ...ofClient, handle_hash: "old", browser_hash: "", state: "" }),
    device_authorizations: () => ({
      ...{ ...ofClient, device_code_hash: "old", user_code_hash: "old", state: "pending" },
      ...{ requested: "{}", interval_seconds: 5 },
    }),
    used_ids: () => ({ user_pool_id: poolId, id_hash: "old", until_ms: expires_at_ms }),
  };

  it.each([
    ["challenges", 60 * minute],
    ["codes", day],
    ["refresh_tokens", 0],
    ["token_families", day],
    ["counters", 0],
    ["leases", day],
    ["outbox", 30 * day],
    ["authorization_codes", day],
    ["login_sessions", 0],
    ["login_flows", 60 * minute],
    ["device_authorizations", 60 * minute],
    ["used_ids", 0],
  ] as const)("remove %s when they are worth nothing, and not before", async (table, afterMs) => {
    await db.insertInto(table).values(rows[table]()).execute();
    await expire(expires_at_ms + afterMs - 1);
    expect(await count(table)).toBe(1);
    await expire(expires_at_ms + afterMs);
    expect(await count(table)).toBe(0);
  });

  it("keep a lock and its count until both are forgotten anyway", async () => {
    const key = { userPoolId: poolId, subject: "ada" };
    let nowMs = 0;
    for (let failures = 0; failures < 15; failures += 1) {
      const { lockedUntilMs } = await recordFailure(db, { ...key, nowMs });
      nowMs = Math.max(nowMs, lockedUntilMs);
    }
    const forgottenAtMs = nowMs + 15 * minute;
    await expire(forgottenAtMs - 1);
    expect(await count("lockouts")).toBe(1);
    await expire(forgottenAtMs);
    expect(await count("lockouts")).toBe(0);
  });

  it("go in batches and tell whether there may be more", async () => {
    const counters = Array.from({ length: 25 }, (_, n) => ({
      name: `counter ${n}`,
      count: 1,
      until_ms: 1_000,
    }));
    await db.insertInto("counters").values(counters).execute();
    expect(await expire(1_000, 10)).toBe(true);
    expect(await count("counters")).toBe(15);
    expect(await expire(1_000, 10)).toBe(true);
    expect(await expire(1_000, 10)).toBe(false);
    expect(await count("counters")).toBe(0);
    expect(await expire(1_000, 10)).toBe(false);
  });

  it("leave everything that lasts", async () => {
    await db.insertInto("meta").values({ name: "account", value: "1" }).execute();
    await db
      .insertInto("outbox")
      .values(outboxRow({ id: "to be sent" }))
      .execute();
    await expire(1_000_000 * day);
    expect(await count("meta")).toBe(2);
    expect(await count("outbox")).toBe(1);
  });
});
