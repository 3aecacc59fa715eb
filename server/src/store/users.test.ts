import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId, userRow } from "../testing/rows.ts";
import { putUserAttributes } from "./user-attributes.ts";
import {
  countUsers,
  countUsersByStatus,
  deleteUser,
  findUser,
  findUserByUsernameKey,
  insertUser,
  pageUsers,
  pageUsersByAttribute,
  pageUsersByEnabled,
  pageUsersByIdPrefix,
  pageUsersByStatus,
  pageUsersByUsernamePrefix,
  updateUser,
} from "./users.ts";

/** Texts whose order or prefix a language, an encoding or a pattern could get wrong. */
const awkward = [
  "a",
  "A",
  "ab",
  "Z",
  "z",
  "ä",
  "a\u0308",
  "ß",
  "ss",
  "é",
  "e\u0301",
  "%",
  "a%b",
  "a_b",
  "axb",
  "\\",
  "'",
  "-a",
  " a",
  "a b",
  "😀",
  "😀😀",
  "\ufb01",
  "\uffee",
  "\u{1f1e9}\u{1f1ea}",
  "日本語",
  "日本",
  "i",
  "I",
  "\u0131",
  "İ",
];
const byBytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe.each(engines)("users on %s", async (engine) => {
  const { db, close, transaction } = await testStore(engine);
  afterAll(close);

  /** A pool of its own for a test, so that pages hold what the test made. */
  const poolOf = async (name: string, users: Partial<Parameters<typeof userRow>[0]>[]) => {
    for (const [position, user] of users.entries()) {
      const id = `user ${String(position).padStart(3, "0")}`;
      await insertUser(db, userRow({ id, user_pool_id: name, ...user }));
    }
    return name;
  };

  it("are whole when they are read back", async () => {
    const row = userRow({ id: "whole", attributes: '{"name":"Ada 😀 O\'Hara"}', enabled: 0 });
    expect(await insertUser(db, row)).toBe(true);
    expect(await findUser(db, { userPoolId: poolId, id: "whole" })).toEqual({
      ...row,
      factors: null,
      password_hash: null,
      srp_salt: null,
      srp_verifier: null,
      temporary_password_expires_at_ms: null,
      tokens_valid_from_ms: 0,
    });
    expect(await findUser(db, { userPoolId: poolId, id: "Whole" })).toBeUndefined();
    expect(await findUser(db, { userPoolId: "us-east-1_Other0001", id: "whole" })).toBeUndefined();
  });

  it("are found by the key of their name, byte for byte", async () => {
    await insertUser(db, userRow({ id: "named", username: "É", username_key: "é" }));
    const find = (usernameKey: string) =>
      findUserByUsernameKey(db, { userPoolId: poolId, usernameKey });
    expect((await find("é"))?.id).toBe("named");
    expect(await find("e\u0301")).toBeUndefined();
    expect(await find("É")).toBeUndefined();
    expect(await find("e")).toBeUndefined();
  });

  it("have a name and a sub of their own in their pool, also when many come at once", async () => {
    const rivals = Array.from({ length: 20 }, (_, n) =>
      insertUser(db, userRow({ id: `rival ${n}`, username_key: "contended" })),
    );
    expect((await Promise.all(rivals)).filter(Boolean)).toHaveLength(1);
    expect(await insertUser(db, userRow({ id: "same", username_key: "one" }))).toBe(true);
    expect(await insertUser(db, userRow({ id: "same", username_key: "two" }))).toBe(false);
    const elsewhere = { user_pool_id: "us-east-1_Other0001", username_key: "contended" };
    expect(await insertUser(db, userRow({ id: "same", ...elsewhere }))).toBe(true);
  });

  it("change only where they look as the caller saw them", async () => {
    await insertUser(db, userRow({ id: "changed", status: "UNCONFIRMED" }));
    const key = { userPoolId: poolId, id: "changed" };
    const confirm = { set: { status: "CONFIRMED" }, where: { status: "UNCONFIRMED" } };
    const confirmed = await Promise.all(
      Array.from({ length: 10 }, () => updateUser(db, key, confirm)),
    );
    expect(confirmed.filter(Boolean)).toHaveLength(1);
    expect(await updateUser(db, key, { set: { enabled: 0 } })).toBe(true);
    expect(await findUser(db, key)).toMatchObject({ status: "CONFIRMED", enabled: 0 });
    expect(await updateUser(db, { ...key, id: "unknown" }, { set: { enabled: 0 } })).toBe(false);
  });

  it("change only where a column is null, when the caller saw null", async () => {
    await insertUser(db, userRow({ id: "no password" }));
    await insertUser(db, userRow({ id: "a password", password_hash: "hash" }));
    const set = { password_hash: "new" };
    const change = (id: string) =>
      updateUser(db, { userPoolId: poolId, id }, { set, where: { password_hash: null } });
    expect(await change("a password")).toBe(false);
    expect(await change("no password")).toBe(true);
  });

  it("free their name when they are deleted, once", async () => {
    await insertUser(db, userRow({ id: "gone", username_key: "reused" }));
    const key = { userPoolId: poolId, id: "gone" };
    const deleted = await Promise.all(Array.from({ length: 10 }, () => deleteUser(db, key)));
    expect(deleted.filter(Boolean)).toHaveLength(1);
    expect(await insertUser(db, userRow({ id: "heir", username_key: "reused" }))).toBe(true);
  });

  it("are not lost to two transactions that both read before they write", async () => {
    await insertUser(db, userRow({ id: "shared", attributes: "0" }));
    const key = { userPoolId: poolId, id: "shared" };
    const additions = Array.from({ length: 10 }, () =>
      transaction(async (trx) => {
        const before = Number((await findUser(trx, key))?.attributes);
        await updateUser(trx, key, { set: { attributes: String(before + 1) } });
      }),
    );
    await Promise.all(additions);
    expect((await findUser(db, key))?.attributes).toBe("10");
  });

  it("are paged oldest first, each once, also where many came at the same time", async () => {
    const userPoolId = await poolOf(
      "paged",
      Array.from({ length: 25 }, (_, n) => ({ created_at_ms: 5_000 - Math.floor(n / 7) })),
    );
    await poolOf("not paged", [{}]);
    const seen: string[] = [];
    let after: { createdAtMs: number; id: string } | undefined;
    for (;;) {
      const page = await pageUsers(db, { userPoolId, after, limit: 4 });
      const last = page.at(-1);
      if (!last) break;
      expect(page.length).toBeLessThanOrEqual(4);
      seen.push(...page.map((user) => user.id));
      after = { createdAtMs: last.created_at_ms, id: last.id };
    }
    const all = await pageUsers(db, { userPoolId, limit: 100 });
    expect(all).toHaveLength(25);
    expect(seen).toEqual(all.map((user) => user.id));
    const times = all.map((user) => user.created_at_ms);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(await countUsers(db, { userPoolId })).toBe(25);
    expect(await countUsers(db, { userPoolId, limit: 10 })).toBe(10);
    expect(await countUsers(db, { userPoolId, limit: 100 })).toBe(25);
    expect(await countUsers(db, { userPoolId: "empty" })).toBe(0);
  });

  it("are paged by status and by being enabled, and counted by status", async () => {
    const userPoolId = await poolOf("sorted", [
      { status: "UNCONFIRMED" },
      { status: "CONFIRMED", enabled: 0 },
      { status: "UNCONFIRMED", enabled: 0 },
      { status: "UNCONFIRMED" },
    ]);
    const page = { userPoolId, limit: 2 };
    const ids = (rows: { id: string }[]) => rows.map((row) => row.id);
    const unconfirmed = { ...page, status: "UNCONFIRMED" };
    expect(ids(await pageUsersByStatus(db, unconfirmed))).toEqual(["user 000", "user 002"]);
    const next = await pageUsersByStatus(db, { ...unconfirmed, after: "user 002" });
    expect(ids(next)).toEqual(["user 003"]);
    const disabled = { ...page, enabled: false };
    expect(ids(await pageUsersByEnabled(db, disabled))).toEqual(["user 001", "user 002"]);
    const enabled = { ...page, enabled: true, after: "user 000" };
    expect(ids(await pageUsersByEnabled(db, enabled))).toEqual(["user 003"]);
    expect(await countUsersByStatus(db, userPoolId)).toEqual([
      { status: "CONFIRMED", count: 1 },
      { status: "UNCONFIRMED", count: 3 },
    ]);
  });

  it("are found by a prefix of their name, in the order of bytes, whatever the letters", async () => {
    const userPoolId = await poolOf(
      "prefixes",
      awkward.map((name) => ({ username_key: name })),
    );
    for (const prefix of ["", ...awkward]) {
      const expected = awkward.filter((name) => name.startsWith(prefix)).sort(byBytes);
      const page = { userPoolId, prefix, limit: 100 };
      const found = await pageUsersByUsernamePrefix(db, page);
      expect(found.map((user) => user.username_key)).toEqual(expected);
      const after = expected[0] ?? "";
      const rest = await pageUsersByUsernamePrefix(db, { ...page, after });
      expect(rest.map((user) => user.username_key)).toEqual(expected.slice(1));
    }
  });

  it("are found by a prefix of their sub", async () => {
    const ids = ["0a", "0b", "0ba", "1", "%"];
    const userPoolId = await poolOf(
      "subs",
      ids.map((id) => ({ id, username_key: id })),
    );
    const find = async (prefix: string, after?: string) => {
      const page = await pageUsersByIdPrefix(db, { userPoolId, prefix, after, limit: 2 });
      return page.map((user) => user.id);
    };
    expect(await find("0")).toEqual(["0a", "0b"]);
    expect(await find("0", "0b")).toEqual(["0ba"]);
    expect(await find("%")).toEqual(["%"]);
    expect(await find("_")).toEqual([]);
  });

  it("are found by an attribute's value or a prefix of it, whatever the letters", async () => {
    const userPoolId = await poolOf(
      "attributes",
      awkward.map((name) => ({ username_key: name })),
    );
    const userIds = new Map<string, string>();
    for (const user of await pageUsers(db, { userPoolId, limit: 100 })) {
      userIds.set(user.username_key, user.id);
      const values = { name: user.username_key, email: "same@example.com" };
      await putUserAttributes(db, { userPoolId, userId: user.id }, values);
    }
    for (const text of awkward) {
      const page = { userPoolId, name: "name", limit: 100 };
      const equal = await pageUsersByAttribute(db, { ...page, match: { value: text } });
      expect(equal.map((user) => [user.value, user.id])).toEqual([[text, userIds.get(text)]]);
      const expected = awkward.filter((name) => name.startsWith(text)).sort(byBytes);
      const match = { prefix: text };
      const starting = await pageUsersByAttribute(db, { ...page, match });
      expect(starting.map((user) => user.value)).toEqual(expected);
      const first = starting[0] ?? { value: "", id: "" };
      const rest = await pageUsersByAttribute(db, { ...page, match, after: first });
      expect(rest.map((user) => user.value)).toEqual(expected.slice(1));
    }
  });

  it("who share an attribute's value are paged by sub, each once", async () => {
    const userPoolId = await poolOf(
      "sharing",
      Array.from({ length: 5 }, () => ({})),
    );
    for (const user of await pageUsers(db, { userPoolId, limit: 100 })) {
      await putUserAttributes(db, { userPoolId, userId: user.id }, { family_name: "Hopper" });
    }
    const page = { userPoolId, name: "family_name", match: { value: "Hopper" }, limit: 3 };
    const first = await pageUsersByAttribute(db, page);
    expect(first.map((user) => user.id)).toEqual(["user 000", "user 001", "user 002"]);
    const second = await pageUsersByAttribute(db, { ...page, after: first[2] });
    expect(second.map((user) => user.id)).toEqual(["user 003", "user 004"]);
  });
});
