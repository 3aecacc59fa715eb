import {
  AdminAddUserToGroupCommand,
  CreateGroupCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestPool, type TestPoolOptions, testPool, testUser } from "../../testing/pools.ts";
import { claimsOf, tokensOf } from "../../testing/sign-in.ts";
import { handleTriggers, triggersOf } from "../../testing/triggers.ts";
import type { LambdaConfig } from "../pools/pool.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

type Version = NonNullable<LambdaConfig["PreTokenGeneration"]>["version"];
const rolePrefix = "arn:aws:iam::123456789012:role";

/** A pool with Ada, who is a member of two groups. */
async function poolWithAda(
  version: Version,
  client: TestPoolOptions["client"] = {},
): Promise<TestPool> {
  const { PreTokenGeneration } = triggersOf("PreTokenGeneration");
  const arn = PreTokenGeneration?.arn ?? "";
  const settings = { lambdaConfig: { PreTokenGeneration: { arn, version } } };
  const home = await testPool(app, { settings, client });
  await testUser(app, home.pool, { attributes: { email: "ada@example.com", name: "Ada" } });
  const UserPoolId = home.pool.id;
  for (const [Precedence, GroupName] of ["admins", "readers"].entries()) {
    const RoleArn = `${rolePrefix}/${GroupName}`;
    const group = { UserPoolId, GroupName, Precedence, RoleArn };
    await app.client.send(new CreateGroupCommand(group));
    await app.client.send(
      new AdminAddUserToGroupCommand({ UserPoolId, GroupName, Username: "ada" }),
    );
  }
  return home;
}

/** What the tokens of a sign-in say when the function answers this. */
async function claimsWith(version: Version, details: unknown) {
  const home = await poolWithAda(version);
  const plain = { id: {}, access: {} };
  handleTriggers(app, { PreTokenGeneration: () => undefined });
  const before = await tokensOf(app, home);
  Object.assign(plain, { id: claimsOf(before.id), access: claimsOf(before.access) });
  const member = version === "V1_0" ? "claimsOverrideDetails" : "claimsAndScopeOverrideDetails";
  handleTriggers(app, {
    PreTokenGeneration: (event) => ({ ...event, response: { [member]: details } }),
  });
  const { id, access } = await tokensOf(app, home);
  return { home, token: access, id: claimsOf(id), access: claimsOf(access), plain };
}

const unchangeable = [
  "acr",
  "amr",
  "at_hash",
  "aud",
  "auth_time",
  "azp",
  "client_id",
  "cognito:username",
  "device_key",
  "event_id",
  "exp",
  "iat",
  "identities",
  "iss",
  "jti",
  "nbf",
  "nonce",
  "origin_jti",
  "sub",
  "token_use",
  "username",
  "version",
];

test("the function sees whom tokens are made for, and their groups", async () => {
  const events = handleTriggers(app, { PreTokenGeneration: () => undefined });
  const home = await poolWithAda("V1_0");
  const { id } = await tokensOf(app, home);
  expect(events).toMatchObject([
    {
      version: "1",
      triggerSource: "TokenGeneration_Authentication",
      userName: "ada",
      callerContext: { clientId: home.client.id },
      request: {
        userAttributes: { email: "ada@example.com", "cognito:user_status": "CONFIRMED" },
        groupConfiguration: {
          groupsToOverride: ["admins", "readers"],
          iamRolesToOverride: [`${rolePrefix}/admins`, `${rolePrefix}/readers`],
          preferredRole: `${rolePrefix}/admins`,
        },
      },
      response: { claimsOverrideDetails: null },
    },
  ]);
  expect(events[0]?.request).not.toHaveProperty("scopes");
  expect(claimsOf(id)).toMatchObject({
    "cognito:groups": ["admins", "readers"],
    "cognito:preferred_role": `${rolePrefix}/admins`,
  });
});

test.each(["V2_0", "V3_0"] as const)(
  "the event of %s has its number and the scopes",
  async (version) => {
    const events = handleTriggers(app, { PreTokenGeneration: () => undefined });
    await tokensOf(app, await poolWithAda(version));
    expect(events).toMatchObject([
      {
        version: version.slice(1, 2),
        request: { scopes: ["aws.cognito.signin.user.admin"] },
        response: { claimsAndScopeOverrideDetails: null },
      },
    ]);
  },
);

test("the first version changes the ID token alone, by texts", async () => {
  const { id, access, plain } = await claimsWith("V1_0", {
    claimsToAddOrOverride: { team: "red", name: "Countess", email: "x@example.com" },
    claimsToSuppress: ["email"],
    accessTokenGeneration: { claimsToAddOrOverride: { team: "red" }, scopesToAdd: ["x"] },
  });
  expect(id).toMatchObject({ team: "red", name: "Countess", sub: plain.id && id["sub"] });
  expect(id).not.toHaveProperty("email");
  expect(Object.keys(access)).toEqual(Object.keys(plain.access));
  expect(access["scope"]).toBe("aws.cognito.signin.user.admin");
});

test("the second version changes both tokens, by whatever JSON has, and the scopes", async () => {
  const value = { list: [1, true, { deep: "x" }] };
  const { home, token, id, access } = await claimsWith("V2_0", {
    idTokenGeneration: { claimsToAddOrOverride: { a: value, none: null } },
    accessTokenGeneration: {
      claimsToAddOrOverride: { b: value, scope: "root", name: "Ada" },
      claimsToSuppress: ["name", "scope"],
      scopesToAdd: ["orders/read", "two words", "", 'quo"te', "phone"],
      scopesToSuppress: ["phone"],
    },
  });
  expect(id).toMatchObject({ a: value });
  expect(id).not.toHaveProperty("none");
  expect(id).not.toHaveProperty("b");
  expect(access).toMatchObject({ b: value, scope: "aws.cognito.signin.user.admin orders/read" });
  expect(access).not.toHaveProperty("name");
  // The token is still good for what the sign-in gives.
  const user = await app.client.send(new GetUserCommand({ AccessToken: token }));
  expect(user.Username).toBe("ada");
  expect(home.client.id).toBe(access["client_id"]);
});

test("a scope that is taken away takes the user's own account away", async () => {
  const { token } = await claimsWith("V2_0", {
    accessTokenGeneration: { scopesToSuppress: ["aws.cognito.signin.user.admin"] },
  });
  await expect(app.client.send(new GetUserCommand({ AccessToken: token }))).rejects.toMatchObject({
    message: "Access Token does not have required scopes",
  });
});

test("what says who signed in cannot be changed, added or taken away", async () => {
  const forged = Object.fromEntries(
    [...unchangeable, "cognito:groups", "cognito:roles", "cognito:made_up"].map((name) => [
      name,
      "forged",
    ]),
  );
  const generation = { claimsToAddOrOverride: forged, claimsToSuppress: unchangeable };
  const { id, access, plain } = await claimsWith("V2_0", {
    idTokenGeneration: generation,
    accessTokenGeneration: generation,
  });
  expect(Object.keys(id)).toEqual(Object.keys(plain.id));
  expect(Object.keys(access)).toEqual(Object.keys(plain.access));
  expect(JSON.stringify([id, access])).not.toContain("forged");
});

test("the audience of an access token can only be the client", async () => {
  const home = await poolWithAda("V2_0");
  const audOf = async (aud: unknown) => {
    handleTriggers(app, {
      PreTokenGeneration: ({ response }) => {
        const accessTokenGeneration = { claimsToAddOrOverride: { aud } };
        response["claimsAndScopeOverrideDetails"] = { accessTokenGeneration };
      },
    });
    return claimsOf((await tokensOf(app, home)).access)["aud"];
  };
  expect(await audOf(home.client.id)).toBe(home.client.id);
  expect(await audOf("another")).toBeUndefined();
  expect(await audOf([home.client.id])).toBeUndefined();
});

test("groups are replaced in both tokens, and roles in the ID token", async () => {
  const { id, access } = await claimsWith("V1_0", {
    groupOverrideDetails: {
      groupsToOverride: ["guests"],
      iamRolesToOverride: [`${rolePrefix}/guest`],
      preferredRole: `${rolePrefix}/guest`,
    },
  });
  expect(id).toMatchObject({
    "cognito:groups": ["guests"],
    "cognito:roles": [`${rolePrefix}/guest`],
    "cognito:preferred_role": `${rolePrefix}/guest`,
  });
  expect(access).toMatchObject({ "cognito:groups": ["guests"] });
});

test.each([null, {}])("groups of %j are none", async (groupOverrideDetails) => {
  const { id, access } = await claimsWith("V2_0", { groupOverrideDetails });
  expect(JSON.stringify([id, access])).not.toContain("cognito:groups");
  expect(JSON.stringify(id)).not.toContain("role");
});

test("without its groups a token has no roles either", async () => {
  const { id, access } = await claimsWith("V1_0", { claimsToSuppress: ["cognito:groups"] });
  expect(id).not.toHaveProperty("cognito:groups");
  expect(id).not.toHaveProperty("cognito:roles");
  expect(id).not.toHaveProperty("cognito:preferred_role");
  expect(access).toMatchObject({ "cognito:groups": ["admins", "readers"] });
});

const wrong: [string, Version, unknown][] = [
  ["a claim that is no text", "V1_0", { claimsToAddOrOverride: { team: 7 } }],
  ["claims that are a list", "V2_0", { idTokenGeneration: { claimsToAddOrOverride: ["a"] } }],
  ["names that are no texts", "V1_0", { claimsToSuppress: [7] }],
  ["scopes that are a text", "V2_0", { accessTokenGeneration: { scopesToAdd: "a b" } }],
  ["groups that are a text", "V1_0", { groupOverrideDetails: { groupsToOverride: "admins" } }],
  ["a role that is no text", "V1_0", { groupOverrideDetails: { preferredRole: {} } }],
  ["details that are a text", "V1_0", "everything"],
  [
    "more than 5000 edits",
    "V2_0",
    { accessTokenGeneration: { scopesToAdd: Array.from({ length: 5001 }, (_, i) => `s${i}`) } },
  ],
];

test.each(wrong)("an answer with %s gives no tokens", async (_, version, details) => {
  await expect(claimsWith(version, details)).rejects.toMatchObject({
    name: "InvalidLambdaResponseException",
  });
});

test("a function that refuses gives no tokens", async () => {
  handleTriggers(app, {
    PreTokenGeneration: () => {
      throw new Error("No");
    },
  });
  const home = await poolWithAda("V1_0");
  await expect(tokensOf(app, home)).rejects.toMatchObject({
    name: "UserLambdaValidationException",
    message: "PreTokenGeneration failed with error No.",
  });
  const families = await app.context.store.db.selectFrom("token_families").selectAll().execute();
  expect(families).toEqual([]);
});

test("a refresh asks anew, and only then ClientMetadata comes along", async () => {
  const home = await poolWithAda("V1_0");
  let round = 0;
  const events = handleTriggers(app, {
    PreTokenGeneration: ({ response }) => {
      round++;
      response["claimsOverrideDetails"] = { claimsToAddOrOverride: { round: String(round) } };
    },
  });
  const { id, refresh } = await tokensOf(app, home);
  expect(claimsOf(id)["round"]).toBe("1");
  const refreshed = await app.client.send(
    new GetTokensFromRefreshTokenCommand({
      ClientId: home.client.id,
      RefreshToken: refresh,
      ClientMetadata: { from: "web" },
    }),
  );
  expect(claimsOf(refreshed.AuthenticationResult?.IdToken ?? "")["round"]).toBe("2");
  expect(events[1]).toMatchObject({
    triggerSource: "TokenGeneration_RefreshTokens",
    request: { clientMetadata: { from: "web" } },
  });
});

test("a refresh that the function refuses leaves the refresh token as it was", async () => {
  const refreshTokenRotation = { feature: "ENABLED", retryGracePeriodSeconds: 0 } as const;
  const home = await poolWithAda("V1_0", {
    refreshTokenRotation,
    explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
  });
  handleTriggers(app, { PreTokenGeneration: () => undefined });
  const { refresh } = await tokensOf(app, home);
  const again = () =>
    app.client.send(
      new GetTokensFromRefreshTokenCommand({ ClientId: home.client.id, RefreshToken: refresh }),
    );
  handleTriggers(app, {});
  await expect(again()).rejects.toMatchObject({ name: "UnexpectedLambdaException" });
  handleTriggers(app, { PreTokenGeneration: () => undefined });
  await expect(again()).resolves.toBeDefined();
});

test("REFRESH_TOKEN_AUTH is a refresh too", async () => {
  const home = await poolWithAda("V1_0");
  const events = handleTriggers(app, { PreTokenGeneration: () => undefined });
  const { refresh } = await tokensOf(app, home);
  await app.client.send(
    new InitiateAuthCommand({
      ClientId: home.client.id,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: refresh },
    }),
  );
  expect(events.map(({ triggerSource }) => triggerSource)).toEqual([
    "TokenGeneration_Authentication",
    "TokenGeneration_RefreshTokens",
  ]);
});
