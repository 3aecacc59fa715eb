import { afterAll, describe, expect, it } from "vitest";
import { engines, testStore } from "../testing/places.ts";
import { poolId, userRow } from "../testing/rows.ts";
import {
  deleteGroupMember,
  deleteMembersOfNoGroup,
  insertGroupMember,
  pageGroupsOfUser,
  pageUsersInGroup,
} from "./group-members.ts";
import { deleteGroup, insertGroup } from "./groups.ts";
import { insertUser } from "./users.ts";

describe.each(engines)("group members on %s", async (engine) => {
  const { db, close } = await testStore(engine);
  afterAll(close);
  const times = { created_at_ms: 1_000, modified_at_ms: 1_000 };
  for (const id of ["ada", "bob", "carol"]) {
    await insertUser(db, userRow({ id }));
  }
  const makeGroup = (name: string) => insertGroup(db, { user_pool_id: poolId, name, ...times });
  const join = (groupName: string, userId: string) =>
    insertGroupMember(db, {
      user_pool_id: poolId,
      group_name: groupName,
      user_id: userId,
      added_at_ms: 1_000,
    });
  const members = async (groupName: string, after?: string) => {
    const page = { userPoolId: poolId, groupName, after, limit: 2 };
    return (await pageUsersInGroup(db, page)).map((user) => user.id);
  };
  const groups = async (userId: string, after?: string) => {
    const page = { userPoolId: poolId, userId, after, limit: 2 };
    return (await pageGroupsOfUser(db, page)).map((group) => group.name);
  };

  it("join once, whoever puts them in at once", async () => {
    await makeGroup("once");
    const joined = await Promise.all(Array.from({ length: 10 }, () => join("once", "ada")));
    expect(joined.filter(Boolean)).toHaveLength(1);
    expect(await members("once")).toEqual(["ada"]);
  });

  it("are paged by sub, as whole users", async () => {
    await makeGroup("full");
    for (const id of ["carol", "ada", "bob"]) {
      await join("full", id);
    }
    expect(await members("full")).toEqual(["ada", "bob"]);
    expect(await members("full", "bob")).toEqual(["carol"]);
    const page = { userPoolId: poolId, groupName: "full", limit: 1 };
    expect(await pageUsersInGroup(db, page)).toMatchObject([userRow({ id: "ada" })]);
  });

  it("see their groups paged by name, as whole groups", async () => {
    for (const name of ["group c", "group a", "group b"]) {
      await makeGroup(name);
      await join(name, "bob");
    }
    expect(await groups("bob", "full")).toEqual(["group a", "group b"]);
    expect(await groups("bob", "group b")).toEqual(["group c"]);
    const page = { userPoolId: poolId, userId: "bob", after: "group b", limit: 1 };
    const group = { name: "group c", description: null, ...times };
    expect(await pageGroupsOfUser(db, page)).toMatchObject([group]);
  });

  it("leave one group, once", async () => {
    await makeGroup("left");
    await makeGroup("kept");
    await join("left", "carol");
    await join("kept", "carol");
    const key = { userPoolId: poolId, groupName: "left", userId: "carol" };
    expect(await deleteGroupMember(db, key)).toBe(true);
    expect(await deleteGroupMember(db, key)).toBe(false);
    expect(await members("left")).toEqual([]);
    expect(await members("kept")).toEqual(["carol"]);
  });

  it("of a deleted group go, however many, and are not in the next one of that name", async () => {
    const group = { user_pool_id: poolId, group_name: "crowd", added_at_ms: 1_000 };
    const rows = Array.from({ length: 1_200 }, (_, n) => ({ ...group, user_id: `user ${n}` }));
    await db.insertInto("group_members").values(rows).execute();
    await makeGroup("crowd");
    await join("crowd", "ada");
    const crowd = { userPoolId: poolId, groupName: "crowd" };
    await deleteMembersOfNoGroup(db, crowd);
    expect(await members("crowd")).toEqual(["ada"]);
    await deleteGroup(db, { userPoolId: poolId, name: "crowd" });
    const left = db.selectFrom("group_members").select("user_id").where("group_name", "=", "crowd");
    // Also when two clean up at once, each is told the end only at the end.
    const cleaned = [1, 2].map(async () => {
      await deleteMembersOfNoGroup(db, crowd);
      return await left.execute();
    });
    expect(await Promise.all(cleaned)).toEqual([[], []]);
    await makeGroup("crowd");
    expect(await members("crowd")).toEqual([]);
    expect(await members("once")).toEqual(["ada"]);
  });

  it("do not show where their user or their group is gone", async () => {
    await makeGroup("haunted");
    await join("haunted", "nobody");
    await join("no group", "ada");
    expect(await members("haunted")).toEqual([]);
    expect(await groups("ada", "full")).not.toContain("no group");
  });
});
