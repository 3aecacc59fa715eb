import {
  ListUserPoolClientsCommand,
  paginateListUserPoolClients,
} from "@aws-sdk/client-cognito-identity-provider";
import { expect, test } from "vitest";
import { createClient } from "../../../domain/clients/create.ts";
import { defaultClientSettings } from "../../../domain/clients/default-settings.ts";
import { testApp } from "../../../testing/app.ts";
import { testCall, testPool } from "../../../testing/pools.ts";

const settings = defaultClientSettings;

test("the clients of one pool are listed once, page by page, with nothing but their names", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  const other = await testPool(app);
  const secret = "a-secret-of-the-second-client";
  for (const name of ["b", "c"])
    await createClient(testCall(app), pool, { name, secret, settings });
  const UserPoolId = pool.id;
  const listed = [];
  for await (const page of paginateListUserPoolClients(
    { client: app.client, pageSize: 2 },
    { UserPoolId, MaxResults: 2 },
  )) {
    expect(page.UserPoolClients?.length).toBeLessThanOrEqual(2);
    listed.push(...(page.UserPoolClients ?? []));
  }
  expect(listed.map(({ ClientName }) => ClientName).sort()).toEqual(["b", "c", "test"]);
  for (const each of listed) {
    expect(each).toEqual({
      UserPoolId,
      ClientId: expect.any(String),
      ClientName: expect.any(String),
    });
  }
  expect(listed.map(({ ClientId }) => ClientId)).not.toContain(other.client.id);
});

test("a page of one pool does not go on in another", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  const other = await testPool(app);
  await createClient(testCall(app), pool, { name: "b", settings });
  const list = (UserPoolId: string, NextToken?: string) =>
    app.client.send(
      new ListUserPoolClientsCommand({
        UserPoolId,
        MaxResults: 1,
        ...(NextToken === undefined ? {} : { NextToken }),
      }),
    );
  const { NextToken } = await list(pool.id);
  await expect(list(other.pool.id, NextToken)).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
});

test("none has registered itself", async () => {
  const app = await testApp();
  const { pool } = await testPool(app);
  const list = (ClientType: "DCR" | "REGULAR") =>
    app.client.send(new ListUserPoolClientsCommand({ UserPoolId: pool.id, ClientType }));
  expect((await list("DCR")).UserPoolClients).toEqual([]);
  expect((await list("REGULAR")).UserPoolClients).toHaveLength(1);
});
