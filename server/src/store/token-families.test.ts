import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId, tokenFamilyRow } from "../testing/rows.ts";
import {
  findTokenFamily,
  insertTokenFamily,
  pageSessions,
  revokeIdleSessions,
  revokeSession,
  revokeTokenFamily,
  revokeUserTokenFamilies,
  touchSession,
} from "./token-families.ts";

describe.each(engines)("token families on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const revokedAtMs = async (id: string) => (await findTokenFamily(db, id))?.revoked_at_ms;

  it("are found, alive, from their first token on", async () => {
    const family = tokenFamilyRow({ id: "found" });
    expect(await insertTokenFamily(db, family)).toBe(true);
    expect(await insertTokenFamily(db, family)).toBe(false);
    expect(await findTokenFamily(db, "found")).toMatchObject({ ...family, revoked_at_ms: null });
    expect(await findTokenFamily(db, "unknown")).toBeUndefined();
  });

  it("are revoked once and for ever, the first time standing", async () => {
    await insertTokenFamily(db, tokenFamilyRow({ id: "revoked" }));
    const revoked = await Promise.all(
      Array.from({ length: 10 }, (_, n) => revokeTokenFamily(db, { id: "revoked", nowMs: n })),
    );
    expect(revoked.filter(Boolean)).toHaveLength(1);
    expect(await revokedAtMs("revoked")).toBe(revoked.indexOf(true));
    expect(await revokeTokenFamily(db, { id: "unknown", nowMs: 1 })).toBe(false);
  });

  it("of a user are revoked all, or all but one, and nobody else's", async () => {
    const families = {
      "carol 1": {},
      "carol 2": {},
      bob: { user_id: "bob" },
      elsewhere: { user_pool_id: "us-east-1_Other0001" },
    };
    for (const [id, given] of Object.entries(families)) {
      await insertTokenFamily(db, tokenFamilyRow({ id, user_id: "carol", ...given }));
    }
    const user = { userPoolId: poolId, userId: "carol" };
    expect(await revokeUserTokenFamilies(db, { ...user, exceptId: "carol 2", nowMs: 1 })).toBe(1);
    expect(await revokedAtMs("carol 1")).toBe(1);
    expect(await revokedAtMs("carol 2")).toBeNull();
    expect(await revokeUserTokenFamilies(db, { ...user, nowMs: 2 })).toBe(1);
    expect(await revokedAtMs("carol 2")).toBe(2);
    expect(await revokedAtMs("carol 1")).toBe(1);
    expect(await revokedAtMs("bob")).toBeNull();
    expect(await revokedAtMs("elsewhere")).toBeNull();
  });

  const session = (id: string, given: Partial<ReturnType<typeof tokenFamilyRow>> = {}) =>
    insertTokenFamily(
      db,
      tokenFamilyRow({ id, session_id: `session of ${id}`, last_active_at_ms: 1, ...given }),
    );
  const sessionsOf = async (userId: string, nowMs = 1) => {
    const page = { userPoolId: poolId, userId, nowMs, limit: 9 };
    return (await pageSessions(db, page)).map(({ id }) => id);
  };

  it("that are sessions are listed newest first, page by page, while they are alive", async () => {
    const user_id = "dora";
    await session("d1", { user_id, created_at_ms: 1 });
    await session("d2", { user_id, created_at_ms: 2 });
    await session("d3", { user_id, created_at_ms: 2 });
    await session("over", { user_id, expires_at_ms: 50 });
    await session("revoked", { user_id, revoked_at_ms: 1 });
    await session("untracked", { user_id, session_id: null });
    await session("of another pool", { user_id, user_pool_id: "us-east-1_Other0001" });
    await session("of another user", { user_id: "dora2" });
    expect(await sessionsOf(user_id, 50)).toEqual(["d3", "d2", "d1"]);
    const page = { userPoolId: poolId, userId: user_id, nowMs: 50 };
    const after = { createdAtMs: 2, id: "d3" };
    expect((await pageSessions(db, { ...page, after, limit: 1 })).map(({ id }) => id)).toEqual([
      "d2",
    ]);
  });

  it("are noted as used only where they are sessions", async () => {
    await session("used");
    await session("not tracked", { session_id: null, last_active_at_ms: null });
    for (const id of ["used", "not tracked"]) {
      await touchSession(db, { id, nowMs: 7, sourceIp: "::1", userAgent: "a" });
    }
    const used = { last_active_at_ms: 7, source_ip: "::1", user_agent: "a" };
    expect(await findTokenFamily(db, "used")).toMatchObject(used);
    const untouched = { last_active_at_ms: null, source_ip: null, user_agent: null };
    expect(await findTokenFamily(db, "not tracked")).toMatchObject(untouched);
  });

  it("are revoked by the session, once, for its own user, while it is alive", async () => {
    await session("e1", { user_id: "eve" });
    await session("e2", { user_id: "eve", expires_at_ms: 5 });
    const key = { userPoolId: poolId, userId: "eve", sessionId: "session of e1", nowMs: 6 };
    expect(await revokeSession(db, { ...key, userId: "dora" })).toBe(false);
    expect(await revokeSession(db, { ...key, userPoolId: "us-east-1_Other0001" })).toBe(false);
    expect(await revokeSession(db, { ...key, sessionId: "session of e2" })).toBe(false);
    expect(await revokeSession(db, key)).toBe(true);
    expect(await revokeSession(db, key)).toBe(false);
    expect(await revokedAtMs("e1")).toBe(6);
  });

  it("are revoked but for the sessions that were used last", async () => {
    const user_id = "fay";
    await session("f1", { user_id, last_active_at_ms: 30 });
    await session("f2", { user_id, last_active_at_ms: 10 });
    await session("f3", { user_id, last_active_at_ms: 20 });
    await session("f4", { user_id, session_id: null });
    await session("g1", { user_id: "gil", last_active_at_ms: 1 });
    await revokeIdleSessions(db, { userPoolId: poolId, userId: user_id, keep: 2, nowMs: 40 });
    expect(await revokedAtMs("f2")).toBe(40);
    for (const id of ["f1", "f3", "f4", "g1"]) expect(await revokedAtMs(id)).toBeNull();
    await revokeIdleSessions(db, { userPoolId: poolId, userId: user_id, keep: 0, nowMs: 41 });
    expect(await revokedAtMs("f1")).toBe(41);
    expect(await revokedAtMs("f4")).toBeNull();
    expect(await revokedAtMs("f2")).toBe(40);
  });
});
