import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import {
  deleteUserLoginSessions,
  findLoginSessionRow,
  insertLoginSession,
  takeLoginSession,
} from "./login-sessions.ts";

describe.each(engines)("login sessions on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const open = (handle_hash: string, user_id = "ada") =>
    insertLoginSession(db, {
      ...{ handle_hash, id: `id of ${handle_hash}`, user_pool_id: "pool", user_id, factors: "[]" },
      ...{ source_ip: "127.0.0.1", user_agent: "test", auth_time_ms: 1, created_at_ms: 1 },
      expires_at_ms: 10_000,
    });

  it("are found by their handle, and never share one", async () => {
    expect(await open("one")).toBe(true);
    expect(await open("one", "mallory")).toBe(false);
    expect(await findLoginSessionRow(db, "one")).toMatchObject({ user_id: "ada" });
    expect(await findLoginSessionRow(db, "id of one")).toBeUndefined();
  });

  it("are ended by one of any number at once", async () => {
    await open("contested");
    const taken = await Promise.all(
      Array.from({ length: 20 }, () => takeLoginSession(db, "contested")),
    );
    expect(taken.filter(Boolean)).toHaveLength(1);
    expect(await findLoginSessionRow(db, "contested")).toBeUndefined();
  });

  it("end all of a user's, and nobody else's", async () => {
    await open("grace 1", "grace");
    await open("grace 2", "grace");
    await open("linus 1", "linus");
    await deleteUserLoginSessions(db, { userPoolId: "pool", userId: "grace" });
    expect(await findLoginSessionRow(db, "grace 1")).toBeUndefined();
    expect(await findLoginSessionRow(db, "grace 2")).toBeUndefined();
    expect(await findLoginSessionRow(db, "linus 1")).toBeDefined();
  });
});
