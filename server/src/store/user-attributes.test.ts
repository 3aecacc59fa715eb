import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId, userRow } from "../testing/rows.ts";
import { putUserAttributes } from "./user-attributes.ts";
import { insertUser, pageUsersByAttribute } from "./users.ts";

describe.each(engines)("attributes to find users by on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const add = async (id: string) => {
    await insertUser(db, userRow({ id }));
    return { userPoolId: poolId, userId: id };
  };
  const holders = async (name: string, value: string) => {
    const page = { userPoolId: poolId, name, match: { value }, limit: 10 };
    return (await pageUsersByAttribute(db, page)).map((user) => user.id);
  };

  it("replace what was there by the same name and leave the other names", async () => {
    const ada = await add("ada");
    await putUserAttributes(db, ada, { name: "Ada", email: "ada@example.com" });
    await putUserAttributes(db, ada, { name: "Countess" });
    expect(await holders("name", "Ada")).toEqual([]);
    expect(await holders("name", "Countess")).toEqual(["ada"]);
    expect(await holders("email", "ada@example.com")).toEqual(["ada"]);
  });

  it("go when their value is null, for this user alone", async () => {
    const [bob, carol] = [await add("bob"), await add("carol")];
    for (const user of [bob, carol]) {
      await putUserAttributes(db, user, { name: "Same", email: "same@example.com" });
    }
    await putUserAttributes(db, bob, { name: null, nickname: null });
    expect(await holders("name", "Same")).toEqual(["carol"]);
    expect(await holders("email", "same@example.com")).toEqual(["bob", "carol"]);
  });

  it("are no names of JavaScript's own", async () => {
    const dave = await add("dave");
    await putUserAttributes(db, dave, JSON.parse('{"__proto__":"x","constructor":"y"}'));
    expect(await holders("__proto__", "x")).toEqual(["dave"]);
    expect(await holders("constructor", "y")).toEqual(["dave"]);
  });
});
