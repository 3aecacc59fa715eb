import {
  AdminDisableUserCommand,
  ListUsersCommand,
  type ListUsersCommandInput,
  paginateListUsers,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { UserPool } from "../../../domain/pools/pool.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { testPool, testUser } from "../../../testing/pools.ts";

describe.each(engines)("on %s", (engine) => {
  let app: TestApp;
  let pool: UserPool;
  let other: UserPool;
  const subs = new Map<string, string>();

  beforeAll(async () => {
    app = await testApp({ engine: engine });
    ({ pool } = await testPool(app, { settings: { caseSensitive: false } }));
    ({ pool: other } = await testPool(app));
    await add("ada", { email: "ada@example.com", name: 'Ada "the Countess" L.' });
    await add("Adam", { email: "Adam@Example.com", name: "Adam", given_name: "Adam" });
    await add("bob", { email: "bob@example.com", phone_number: "+15555550100" });
    await add("cléo", { email: "cleo@example.org", family_name: "Cléo", name: "back\\slash" });
    await add("dora", { preferred_username: "d", name: "Adam" }, "FORCE_CHANGE_PASSWORD");
    await testUser(app, other, { username: "ada", attributes: { email: "ada@example.com" } });
    await app.client.send(new AdminDisableUserCommand({ UserPoolId: pool.id, Username: "bob" }));
  });
  afterAll(() => app.close());

  async function add(
    username: string,
    attributes: Record<string, string>,
    status: "CONFIRMED" | "FORCE_CHANGE_PASSWORD" = "CONFIRMED",
  ) {
    app.clock.advance(1000);
    const user = await testUser(app, pool, { username, attributes, status });
    subs.set(username, user.id);
  }

  function list(given: Partial<ListUsersCommandInput> = {}) {
    return app.client.send(new ListUsersCommand({ UserPoolId: pool.id, ...given }));
  }

  async function names(Filter: string): Promise<(string | undefined)[]> {
    const { Users = [] } = await list({ Filter });
    return Users.map(({ Username }) => Username).sort();
  }

  test("lists the pool's users, oldest first, whole", async () => {
    const { $metadata, ...answer } = await list();
    expect(answer.Users?.map(({ Username }) => Username)).toEqual([
      "ada",
      "Adam",
      "bob",
      "cléo",
      "dora",
    ]);
    expect(answer).not.toHaveProperty("PaginationToken");
    expect(answer.Users?.[2]).toEqual({
      Username: "bob",
      Attributes: [
        { Name: "sub", Value: subs.get("bob") },
        { Name: "email", Value: "bob@example.com" },
        { Name: "phone_number", Value: "+15555550100" },
      ],
      UserCreateDate: expect.any(Date),
      UserLastModifiedDate: expect.any(Date),
      Enabled: false,
      UserStatus: "CONFIRMED",
    });
  });

  test.each([
    ['username = "ada"', ["ada"]],
    ['username = "ADAM"', ["Adam"]],
    ['username ^= "ad"', ["Adam", "ada"]],
    ['username ^= ""', ["Adam", "ada", "bob", "cléo", "dora"]],
    ['username = "nobody"', []],
    ['email = "ada@example.com"', ["ada"]],
    ['email = "ADAM@example.com"', ["Adam"]],
    ['email ^= "ada"', ["Adam", "ada"]],
    ['email ^= "ada@"', ["ada"]],
    ['email ^= ""', ["Adam", "ada", "bob", "cléo"]],
    ['email = ""', []],
    ['phone_number ^= "+1555"', ["bob"]],
    ['phone_number = "+1555"', []],
    ['name = "Adam"', ["Adam", "dora"]],
    [String.raw`name = "Ada \"the Countess\" L."`, ["ada"]],
    [String.raw`name = "back\\slash"`, ["cléo"]],
    ['name ^= "%"', []],
    ['given_name = "Adam"', ["Adam"]],
    ['family_name = "Cle\u0301o"', ["cléo"]],
    ['preferred_username = "d"', ["dora"]],
    ['cognito:user_status = "FORCE_CHANGE_PASSWORD"', ["dora"]],
    ['cognito:user_status = "confirmed"', ["Adam", "ada", "bob", "cléo"]],
    ['cognito:user_status ^= "Force"', ["dora"]],
    ['cognito:user_status ^= ""', ["Adam", "ada", "bob", "cléo", "dora"]],
    ['cognito:user_status = "UNKNOWN"', []],
    ['status = "Disabled"', ["bob"]],
    ['status = "Enabled"', ["Adam", "ada", "cléo", "dora"]],
    ['status = "enabled"', []],
    ['status ^= "D"', ["bob"]],
    ['status ^= ""', ["Adam", "ada", "bob", "cléo", "dora"]],
    ["", ["Adam", "ada", "bob", "cléo", "dora"]],
  ])("finds by %s", async (filter, expected) => {
    expect(await names(filter)).toEqual([...expected].sort());
  });

  test("finds by sub and by its beginning", async () => {
    const sub = subs.get("ada") ?? "";
    expect(await names(`sub = "${sub}"`)).toEqual(["ada"]);
    expect(await names(`sub = "${sub.slice(0, 20)}"`)).toEqual([]);
    expect(await names(`sub ^= "${sub.slice(0, 20)}"`)).toEqual(["ada"]);
  });

  test.each([
    "",
    'username ^= "a"',
    'email ^= ""',
    'name = "Adam"',
    'sub ^= ""',
    'status = "Enabled"',
    'status ^= ""',
    'cognito:user_status = "CONFIRMED"',
  ])("the pages of %j hold everybody once", async (Filter) => {
    const all = (await list({ Filter })).Users?.map(({ Username }) => Username);
    const paged: (string | undefined)[] = [];
    const pages = paginateListUsers(
      { client: app.client, pageSize: 1 },
      { UserPoolId: pool.id, Filter },
    );
    for await (const page of pages) {
      expect(page.Users).toHaveLength(1);
      paged.push(...(page.Users ?? []).map(({ Username }) => Username));
    }
    expect(paged).toEqual(all);
  });

  test("a token is good for its own pool and filter alone", async () => {
    const { PaginationToken = "" } = await list({ Limit: 1, Filter: 'email ^= "a"' });
    const refusal = {
      name: "InvalidParameterException",
      message: expect.stringMatching(/^Paging marker .* is invalid for request /),
    };
    await expect(list({ PaginationToken })).rejects.toMatchObject(refusal);
    await expect(list({ PaginationToken, Filter: 'email ^= "b"' })).rejects.toMatchObject(refusal);
    const elsewhere = { UserPoolId: other.id, PaginationToken, Filter: 'email ^= "a"' };
    await expect(list(elsewhere)).rejects.toMatchObject(refusal);
    await expect(list({ PaginationToken: "forged" })).rejects.toMatchObject(refusal);
    const next = await list({ PaginationToken, Filter: 'email ^= "a"' });
    expect(next.Users).toHaveLength(1);
  });

  test("answers the attributes that were asked for", async () => {
    const { Users } = await list({
      Filter: 'username = "bob"',
      AttributesToGet: ["email", "name", "custom:none"],
    });
    expect(Users?.[0]?.Attributes).toEqual([{ Name: "email", Value: "bob@example.com" }]);
    const { Users: bare } = await list({ AttributesToGet: ["sub"], Limit: 1 });
    expect(bare?.[0]?.Attributes).toEqual([{ Name: "sub", Value: subs.get("ada") }]);
  });

  test("a limit of nought is none, and there are at most sixty on a page", async () => {
    expect((await list({ Limit: 0 })).Users).toHaveLength(5);
    await expect(list({ Limit: 61 })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message:
        "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: " +
        "Member must have value less than or equal to 60",
    });
  });

  test.each([
    ["foo", "Error while parsing filter."],
    ['email = "a" and name = "b"', "Error while parsing filter."],
    ['custom:team = "a"', "Invalid search attribute: custom:team"],
    ['nickname = "a"', "Invalid search attribute: nickname"],
  ])("refuses the filter %j", async (Filter, message) => {
    await expect(list({ Filter })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message,
    });
  });

  test("an unknown pool has no list", async () => {
    await expect(list({ UserPoolId: "us-east-1_nowhere" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });
});
