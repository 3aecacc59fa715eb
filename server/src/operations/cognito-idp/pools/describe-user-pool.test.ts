import {
  AdminCreateUserCommand,
  CreateUserPoolCommand,
  DescribeUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { userPoolFromRow } from "../../../domain/pools/pool.ts";
import { estimateUsers } from "../../../domain/pools/size.ts";
import { findUserPool } from "../../../store/user-pools.ts";
import { insertUser } from "../../../store/users.ts";
import { testApp } from "../../../testing/app.ts";
import { testCall, testPool } from "../../../testing/pools.ts";
import { userRow } from "../../../testing/rows.ts";

test("the number of users is that of the pool", async () => {
  const app = await testApp();
  const { UserPool } = await app.client.send(new CreateUserPoolCommand({ PoolName: "shop" }));
  const UserPoolId = UserPool?.Id ?? "";
  const create = (Username: string) =>
    app.client.send(
      new AdminCreateUserCommand({ UserPoolId, Username, MessageAction: "SUPPRESS" }),
    );
  await create("ada");
  await create("bob");
  const described = await app.client.send(new DescribeUserPoolCommand({ UserPoolId }));
  expect(described.UserPool?.EstimatedNumberOfUsers).toBe(2);
});

test("a large pool is counted now and then", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  const add = (from: number, to: number) =>
    app.context.store.transaction(async (trx) => {
      for (let n = from; n < to; n++) {
        await insertUser(trx, userRow({ user_pool_id: pool.id, id: `u${n}` }));
      }
    });
  await add(0, 101);
  expect(await estimateUsers(testCall(app), pool)).toBe(101);
  await add(101, 103);
  expect(await estimateUsers(testCall(app), pool)).toBe(101);
  app.clock.advance(600_000);
  expect(await estimateUsers(testCall(app), pool)).toBe(103);
});

test("a look leaves no row in the trail, a refused one does", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  const rows = (await app.auditEvents()).length;
  await app.client.send(new DescribeUserPoolCommand({ UserPoolId: pool.id }));
  expect(await app.auditEvents()).toHaveLength(rows);
  const other = new DescribeUserPoolCommand({ UserPoolId: "us-east-1_NotThere1" });
  await expect(app.client.send(other)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  expect((await app.auditEvents()).at(-1)).toMatchObject({
    eventName: "DescribeUserPool",
    errorCode: "ResourceNotFoundException",
  });
});

test("what is stored is what was shown: reading it back gives the same pool", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  const row = await findUserPool(app.context.store.db, pool.id);
  expect(row && userPoolFromRow(row)).toEqual(pool);
});
