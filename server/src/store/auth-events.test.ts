import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import { insertAuthEvent, pageAuthEvents, setAuthEventFeedback } from "./auth-events.ts";

const event = (userId: string, id: string, atMs = 1_000) => ({
  user_pool_id: poolId,
  user_id: userId,
  at_ms: atMs,
  id,
  type: "SignIn",
  response: "Pass",
  event: "{}",
});

describe.each(engines)("auth events on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const of = (userId: string, userPoolId = poolId) => ({ userPoolId, userId, limit: 10 });
  const ids = async (page: Parameters<typeof pageAuthEvents>[1]) =>
    (await pageAuthEvents(db, page)).map(({ id }) => id);

  it("come newest first, page by page, also those of one moment", async () => {
    await insertAuthEvent(db, event("ada", "a"));
    await insertAuthEvent(db, event("ada", "c"));
    await insertAuthEvent(db, event("ada", "b"));
    await insertAuthEvent(db, event("ada", "later", 2_000));
    expect(await ids(of("ada"))).toEqual(["later", "c", "b", "a"]);
    const after = { atMs: 1_000, id: "c" };
    expect(await ids({ ...of("ada"), after, limit: 1 })).toEqual(["b"]);
  });

  it("are nobody else's, and the same one twice is one", async () => {
    await insertAuthEvent(db, event("bob", "one"));
    await insertAuthEvent(db, event("bob", "one"));
    expect(await ids(of("bob"))).toEqual(["one"]);
    expect(await ids(of("bob", "us-east-1_Other0001"))).toEqual([]);
    expect(await ids(of("eve"))).toEqual([]);
  });

  it("are judged by whoever names their user, as often as wanted", async () => {
    await insertAuthEvent(db, event("cy", "judged"));
    const given = { userPoolId: poolId, userId: "cy", id: "judged" };
    expect(await setAuthEventFeedback(db, { ...given, feedback: "a" })).toBe(true);
    expect(await setAuthEventFeedback(db, { ...given, feedback: "b" })).toBe(true);
    expect(await setAuthEventFeedback(db, { ...given, userId: "ada", feedback: "c" })).toBe(false);
    expect(await setAuthEventFeedback(db, { ...given, id: "none", feedback: "c" })).toBe(false);
    const other = { ...given, userPoolId: "us-east-1_Other0001", feedback: "c" };
    expect(await setAuthEventFeedback(db, other)).toBe(false);
    expect(await pageAuthEvents(db, of("cy"))).toMatchObject([{ id: "judged", feedback: "b" }]);
  });
});
