import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  ListGroupsCommand,
  ListUsersInGroupCommand,
  paginateAdminListGroupsForUser,
  paginateListGroups,
  paginateListUsersInGroup,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { claimsOf, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let pool: TestPool;
afterEach(() => app.close());

async function start(engine: (typeof engines)[number] = "sqlite") {
  app = await testApp({ engine: engine });
  pool = await testPool(app);
}

const UserPoolId = () => pool.pool.id;
const send = {
  create: (GroupName: string, Precedence?: number) =>
    app.client.send(new CreateGroupCommand({ UserPoolId: UserPoolId(), GroupName, Precedence })),
  remove: (GroupName: string) =>
    app.client.send(new DeleteGroupCommand({ UserPoolId: UserPoolId(), GroupName })),
  add: (GroupName: string, Username = "ada") =>
    app.client.send(
      new AdminAddUserToGroupCommand({ UserPoolId: UserPoolId(), GroupName, Username }),
    ),
  takeOut: (GroupName: string, Username = "ada") =>
    app.client.send(
      new AdminRemoveUserFromGroupCommand({ UserPoolId: UserPoolId(), GroupName, Username }),
    ),
};

async function groupsOfAda() {
  const { Groups } = await app.client.send(
    new AdminListGroupsForUserCommand({ UserPoolId: UserPoolId(), Username: "ada" }),
  );
  return Groups?.map(({ GroupName }) => GroupName);
}

async function membersOf(GroupName: string) {
  const { Users } = await app.client.send(
    new ListUsersInGroupCommand({ UserPoolId: UserPoolId(), GroupName }),
  );
  return Users?.map(({ Username }) => Username).sort();
}

describe.each(engines)("on %s", (engine) => {
  test("members come and go, and their next tokens say so, the strongest group first", async () => {
    await start(engine);
    const user = await testUser(app, pool.pool);
    await send.create("Readers", 9);
    await send.create("Admin", 0);
    await send.create("Bare");
    for (const group of ["Bare", "Readers", "Admin"]) await send.add(group);
    await send.add("Admin", user.id);
    expect(await groupsOfAda()).toEqual(["Admin", "Bare", "Readers"]);
    expect(await membersOf("Admin")).toEqual(["ada"]);
    const { access } = await tokensOf(app, pool);
    expect(claimsOf(access)["cognito:groups"]).toEqual(["Admin", "Readers", "Bare"]);

    await send.takeOut("Admin");
    await send.takeOut("Admin");
    expect(await groupsOfAda()).toEqual(["Bare", "Readers"]);
    expect(await membersOf("Admin")).toEqual([]);
    const { access: later } = await tokensOf(app, pool);
    expect(claimsOf(later)["cognito:groups"]).toEqual(["Readers", "Bare"]);
  });

  test("a deleted group has no members, nor has another of its name", async () => {
    await start(engine);
    await testUser(app, pool.pool);
    await send.create("Admin");
    await send.add("Admin");
    await send.remove("Admin");
    expect(await groupsOfAda()).toEqual([]);
    const { access } = await tokensOf(app, pool);
    expect(claimsOf(access)).not.toHaveProperty("cognito:groups");
    await expect(membersOf("Admin")).rejects.toMatchObject({ message: "Group not found." });
    await send.create("Admin");
    expect(await membersOf("Admin")).toEqual([]);
    expect(await groupsOfAda()).toEqual([]);
  });

  test("members that a deletion left, having been cut short, are not those of a new group", async () => {
    await start(engine);
    const user = await testUser(app, pool.pool);
    const { db } = app.context.store;
    const left = (number: number) => ({
      user_pool_id: UserPoolId(),
      group_name: "Admin",
      user_id: number === 0 ? user.id : `user-${number}`,
      added_at_ms: 0,
    });
    const rows = Array.from({ length: 1_200 }, (_, number) => left(number));
    await db.insertInto("group_members").values(rows).execute();
    expect(await groupsOfAda()).toEqual([]);
    await send.create("Admin");
    expect(await membersOf("Admin")).toEqual([]);
    const kept = await db.selectFrom("group_members").select("user_id").execute();
    expect(kept).toEqual([]);
  });

  test("of many additions at once no more succeed than a user may have groups", async () => {
    await start(engine);
    const user = await testUser(app, pool.pool);
    const { db } = app.context.store;
    const names = Array.from({ length: 104 }, (_, number) => `group-${number}`);
    const group = (name: string) => ({
      user_pool_id: UserPoolId(),
      name,
      created_at_ms: 0,
      modified_at_ms: 0,
    });
    await db.insertInto("groups").values(names.map(group)).execute();
    const member = (name: string) => ({
      user_pool_id: UserPoolId(),
      group_name: name,
      user_id: user.id,
      added_at_ms: 0,
    });
    await db.insertInto("group_members").values(names.slice(0, 98).map(member)).execute();
    const outcomes = await Promise.allSettled(names.slice(98).map((name) => send.add(name)));
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason.name] : [],
    );
    expect(refused).toEqual(Array.from({ length: 4 }, () => "LimitExceededException"));
    await send.add("group-0");
    const listed = new AdminListGroupsForUserCommand({ UserPoolId: UserPoolId(), Username: "ada" });
    expect((await app.client.send(listed)).NextToken).toBeDefined();
  });
});

test("a deleted user is in no group, and a new one of the name neither", async () => {
  await start();
  await testUser(app, pool.pool);
  await send.create("Admin");
  await send.add("Admin");
  await app.client.send(new AdminDeleteUserCommand({ UserPoolId: UserPoolId(), Username: "ada" }));
  expect(await membersOf("Admin")).toEqual([]);
  await testUser(app, pool.pool);
  expect(await groupsOfAda()).toEqual([]);
});

test("an unknown user or group changes nothing and is refused", async () => {
  await start();
  await testUser(app, pool.pool);
  await send.create("Admin");
  const noUser = { name: "UserNotFoundException", message: "User does not exist." };
  const noGroup = { name: "ResourceNotFoundException", message: "Group not found." };
  await expect(send.add("Admin", "nobody")).rejects.toMatchObject(noUser);
  await expect(send.takeOut("Admin", "nobody")).rejects.toMatchObject(noUser);
  await expect(send.add("Nothing")).rejects.toMatchObject(noGroup);
  await expect(send.takeOut("Nothing")).rejects.toMatchObject(noGroup);
  await expect(membersOf("Nothing")).rejects.toMatchObject(noGroup);
  expect(await groupsOfAda()).toEqual([]);
});

describe("paging", () => {
  const groups = ["A", "B", "C", "a", "b"];

  async function startWithMembers() {
    await start();
    for (const group of groups) await send.create(group);
    for (const username of ["ada", "bob", "cleo"]) {
      await testUser(app, pool.pool, { username });
      await send.add("A", username);
    }
    for (const group of groups.slice(1)) await send.add(group);
  }

  test("the pages of each list hold everything once, in order", async () => {
    await startWithMembers();
    const { client } = app;
    const about = { UserPoolId: UserPoolId() };
    const listed: (string | undefined)[] = [];
    for await (const page of paginateListGroups({ client, pageSize: 2 }, { ...about })) {
      expect(page.Groups?.length).toBeLessThanOrEqual(2);
      listed.push(...(page.Groups ?? []).map(({ GroupName }) => GroupName));
    }
    expect(listed).toEqual(groups);

    const adas: (string | undefined)[] = [];
    const asked = { ...about, Username: "ada" };
    for await (const page of paginateAdminListGroupsForUser({ client, pageSize: 2 }, asked)) {
      adas.push(...(page.Groups ?? []).map(({ GroupName }) => GroupName));
    }
    expect(adas).toEqual(groups);

    const members: (string | undefined)[] = [];
    const ofA = { ...about, GroupName: "A" };
    for await (const page of paginateListUsersInGroup({ client, pageSize: 1 }, ofA)) {
      members.push(...(page.Users ?? []).map(({ Username }) => Username));
    }
    expect(members.sort()).toEqual(["ada", "bob", "cleo"]);
  });

  test("a token of one list is refused by the others", async () => {
    await startWithMembers();
    const about = { UserPoolId: UserPoolId(), Limit: 1 };
    const { NextToken } = await app.client.send(new ListGroupsCommand(about));
    const refusal = {
      name: "InvalidParameterException",
      message: expect.stringMatching(/^Paging marker /),
    };
    const others = [
      new AdminListGroupsForUserCommand({ ...about, Username: "ada", NextToken }),
      new ListUsersInGroupCommand({ ...about, GroupName: "A", NextToken }),
      new ListGroupsCommand({ ...about, UserPoolId: (await testPool(app)).pool.id, NextToken }),
    ] as const;
    await expect(app.client.send(others[0])).rejects.toMatchObject(refusal);
    await expect(app.client.send(others[1])).rejects.toMatchObject(refusal);
    await expect(app.client.send(others[2])).rejects.toMatchObject(refusal);
    const ofBob = new AdminListGroupsForUserCommand({ ...about, Username: "ada" });
    const { NextToken: adas } = await app.client.send(ofBob);
    const bobs = new AdminListGroupsForUserCommand({ ...about, Username: "bob", NextToken: adas });
    await expect(app.client.send(bobs)).rejects.toMatchObject(refusal);
  });
});
