import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { logoutNoticeRow } from "../testing/rows.ts";
import {
  claimLogoutNotices,
  deleteLogoutNotice,
  failLogoutNotice,
  hasDueLogoutNotices,
  insertLogoutNotices,
  postponeLogoutNotice,
} from "./logout-notices.ts";

describe.each(engines)("notices of logouts on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const put = (id: string, dueAtMs: number) =>
    insertLogoutNotices(db, [logoutNoticeRow({ id, next_attempt_at_ms: dueAtMs })]);
  const claim = async (nowMs: number, limit = 10) => {
    const claimed = { nowMs, retryAtMs: nowMs + 30_000, limit };
    return (await claimLogoutNotices(db, claimed)).map(({ id }) => id).sort();
  };

  it("are each given to one worker, however many there are and ask at once", async () => {
    const rows = Array.from({ length: 1200 }, (_, n) => logoutNoticeRow({ id: `crowd ${n}` }));
    await insertLogoutNotices(db, rows);
    const claimed: string[] = [];
    for (let round = 0; claimed.length < 1200 && round < 20; round += 1) {
      const claims = Array.from({ length: 8 }, () => claim(1_000, 70));
      claimed.push(...(await Promise.all(claims)).flat());
    }
    expect(claimed).toHaveLength(1200);
    expect(new Set(claimed).size).toBe(1200);
    await Promise.all(claimed.map((id) => deleteLogoutNotice(db, id)));
    expect(await hasDueLogoutNotices(db, Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  it("are due again where a worker died, with the attempts counted", async () => {
    await put("lost", 200);
    expect(await hasDueLogoutNotices(db, 199)).toBe(false);
    expect(await hasDueLogoutNotices(db, 200)).toBe(true);
    expect(await claim(200)).toEqual(["lost"]);
    expect(await claim(30_199)).toEqual([]);
    const [again] = await claimLogoutNotices(db, { nowMs: 30_200, retryAtMs: 40_000, limit: 1 });
    expect(again).toMatchObject({ id: "lost", attempts: 2, sub: "ada" });
    await postponeLogoutNotice(db, { id: "lost", nextAttemptAtMs: 50_000 });
    expect(await claim(49_999)).toEqual([]);
    expect(await claim(50_000)).toEqual(["lost"]);
    await failLogoutNotice(db, { id: "lost", nowMs: 60_000 });
    await postponeLogoutNotice(db, { id: "lost", nextAttemptAtMs: 60_000 });
    expect(await claim(Number.MAX_SAFE_INTEGER - 1)).toEqual([]);
  });

  it("are put in without any where there is none", async () => {
    await insertLogoutNotices(db, []);
  });
});
