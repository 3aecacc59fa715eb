import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId } from "../testing/rows.ts";
import {
  deleteUserAlias,
  deleteUserAliases,
  findUserAlias,
  insertUserAlias,
} from "./user-aliases.ts";

describe.each(engines)("aliases on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const key = (foldKey: string, kind = "email") => ({ userPoolId: poolId, kind, foldKey });
  const give = (userId: string, foldKey: string, kind = "email") =>
    insertUserAlias(db, { user_pool_id: poolId, kind, fold_key: foldKey, user_id: userId });
  const holder = async (foldKey: string, kind?: string) =>
    (await findUserAlias(db, key(foldKey, kind)))?.user_id;

  it("belong to exactly one of many who ask at once", async () => {
    const given = await Promise.all(
      Array.from({ length: 20 }, (_, n) => give(`user ${n}`, "contended@example.com")),
    );
    expect(given.filter(Boolean)).toHaveLength(1);
    expect(await holder("contended@example.com")).toBe(`user ${given.indexOf(true)}`);
  });

  it("of one kind or pool never stand for another", async () => {
    await give("ada", "same");
    expect(await holder("same", "phone_number")).toBeUndefined();
    expect(await give("bob", "same", "phone_number")).toBe(true);
    const elsewhere = { user_pool_id: "us-east-1_Other0001", kind: "email", fold_key: "same" };
    expect(await insertUserAlias(db, { ...elsewhere, user_id: "carol" })).toBe(true);
    expect(await holder("same")).toBe("ada");
    expect(await holder("SAME")).toBeUndefined();
    expect(await give("ada", "same")).toBe(false);
  });

  it("are taken from the one who has them, and from nobody else", async () => {
    await give("dave", "dave@example.com");
    const alias = key("dave@example.com");
    expect(await deleteUserAlias(db, { ...alias, userId: "mallory" })).toBe(false);
    expect(await holder("dave@example.com")).toBe("dave");
    expect(await deleteUserAlias(db, { ...alias, userId: "dave" })).toBe(true);
    expect(await holder("dave@example.com")).toBeUndefined();
  });

  it("of a user go all at once, and nobody else's", async () => {
    const erin = { userPoolId: poolId, userId: "erin" };
    await give("erin", "erin@example.com");
    await give("erin", "+15550100", "phone_number");
    await give("frank", "frank@example.com");
    expect(await deleteUserAliases(db, erin)).toBe(2);
    expect(await holder("erin@example.com")).toBeUndefined();
    expect(await holder("+15550100", "phone_number")).toBeUndefined();
    expect(await holder("frank@example.com")).toBe("frank");
  });
});
