import {
  CreateGroupCommand,
  type CreateGroupCommandInput,
  DeleteGroupCommand,
  GetGroupCommand,
  UpdateGroupCommand,
  type UpdateGroupCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { UserPool } from "../../../domain/pools/pool.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { testPool } from "../../../testing/pools.ts";

let app: TestApp;
let pool: UserPool;
beforeEach(async () => {
  app = await testApp();
  ({ pool } = await testPool(app));
});
afterEach(() => app.close());

const named = () => ({ UserPoolId: pool.id, GroupName: "Admin" });
const whole = {
  Description: "Those who may do all",
  RoleArn: "arn:aws:iam::123456789012:role/admin",
  Precedence: 0,
};
const notThere = { name: "ResourceNotFoundException", message: "Group not found." };

async function create(given: Partial<CreateGroupCommandInput> = {}) {
  const answer = await app.client.send(new CreateGroupCommand({ ...named(), ...given }));
  return answer.Group;
}

async function update(given: Partial<UpdateGroupCommandInput>) {
  const answer = await app.client.send(new UpdateGroupCommand({ ...named(), ...given }));
  return answer.Group;
}

async function get() {
  return (await app.client.send(new GetGroupCommand(named()))).Group;
}

test("a group is kept as it was given, a precedence of nought too", async () => {
  const group = await create(whole);
  expect(group).toEqual({
    ...named(),
    ...whole,
    CreationDate: expect.any(Date),
    LastModifiedDate: group?.CreationDate,
  });
  expect(await get()).toEqual(group);
});

test("what was not given of a group is not shown", async () => {
  expect(Object.keys((await create()) ?? {}).sort()).toEqual([
    "CreationDate",
    "GroupName",
    "LastModifiedDate",
    "UserPoolId",
  ]);
});

test("a name is taken once in a pool, and its case counts", async () => {
  await create();
  await expect(create()).rejects.toMatchObject({
    name: "GroupExistsException",
    message: "A group with the name already exists",
  });
  await create({ GroupName: "admin" });
  const { pool: other } = await testPool(app);
  await create({ UserPoolId: other.id });
});

test("an update changes what it names and leaves the rest", async () => {
  const before = await create(whole);
  app.clock.advance(1000);
  const after = await update({ Precedence: 5 });
  expect(after).toEqual({ ...before, Precedence: 5, LastModifiedDate: expect.any(Date) });
  expect(after?.LastModifiedDate?.getTime()).toBeGreaterThan(
    before?.LastModifiedDate?.getTime() ?? Infinity,
  );
  expect(await get()).toEqual(after);
  expect((await update({ Description: "" }))?.Description).toBe("");
});

test("what is not there can be neither shown, changed nor deleted", async () => {
  await expect(get()).rejects.toMatchObject(notThere);
  await expect(update(whole)).rejects.toMatchObject(notThere);
  const command = new DeleteGroupCommand(named());
  await expect(app.client.send(command)).rejects.toMatchObject(notThere);
  await expect(get()).rejects.toMatchObject(notThere);
});

test.each([
  [{ GroupName: "two words" }, "groupName"],
  [{ GroupName: "g".repeat(129) }, "groupName"],
  [{ RoleArn: "arn:aws:iam::role/nobody" }, "roleArn"],
  [{ Precedence: -1 }, "precedence"],
  [{ Description: "d".repeat(2049) }, "description"],
])("refuses %j and makes nothing", async (given, member) => {
  await expect(create(given)).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: expect.stringContaining(`at '${member}' failed to satisfy constraint`),
  });
  await expect(get()).rejects.toMatchObject(notThere);
});

test("a group of an unknown pool is refused", async () => {
  await expect(create({ UserPoolId: "us-east-1_nowhere" })).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "User pool us-east-1_nowhere does not exist.",
  });
});

describe.each(engines)("on %s", (engine) => {
  test("of many creations at once no more succeed than the pool has room for", async () => {
    const other = await testApp({ engine: engine });
    try {
      const { pool: full } = await testPool(other);
      const rows = Array.from({ length: 9_998 }, (_, number) => ({
        user_pool_id: full.id,
        name: `group-${number}`,
        created_at_ms: 0,
        modified_at_ms: 0,
      }));
      for (let at = 0; at < rows.length; at += 1_000) {
        const some = rows.slice(at, at + 1_000);
        await other.context.store.db.insertInto("groups").values(some).execute();
      }
      const makers = ["a", "b", "c", "d"].map((GroupName) =>
        other.client.send(new CreateGroupCommand({ UserPoolId: full.id, GroupName })),
      );
      const outcomes = await Promise.allSettled(makers);
      const refused = outcomes.flatMap((outcome) =>
        outcome.status === "rejected" ? [outcome.reason.name] : [],
      );
      expect(refused).toEqual(["LimitExceededException", "LimitExceededException"]);
    } finally {
      await other.close();
    }
  });
});
