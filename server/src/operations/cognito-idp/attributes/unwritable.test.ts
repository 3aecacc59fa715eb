/** What nobody but an administrator or a proof may write, tried through every operation by which a user writes attributes. */
import {
  AdminCreateUserCommand,
  DeleteUserAttributesCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SchemaAttribute } from "../../../domain/pools/pool.ts";
import { standardAttributes } from "../../../domain/pools/standard-attributes.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import {
  password,
  storedAttributes,
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { claimsOf, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const temporary = "Temporary-9-Password";
const email = { email: "ada@example.com", email_verified: "true" };
const own = (name: string, given: Partial<SchemaAttribute> = {}): SchemaAttribute => ({
  name,
  type: "String",
  mutable: true,
  required: false,
  developerOnly: false,
  ...given,
});
const schema = [
  ...standardAttributes,
  own("custom:team", { mutable: false }),
  own("custom:role"),
  own("dev:custom:score", { developerOnly: true }),
];
/** A client that lists what it may write, and one that lists nothing. */
const listing = {
  settings: { schema },
  client: { writeAttributes: ["email", "name", "custom:team"] },
} as const;
const open = { settings: { schema } } as const;

/** Each with what a user would gain by it. */
const everywhere: readonly [string, string][] = [
  ["sub", "7c9e6679-7425-40de-944b-e07fc1f90ae7"],
  ["email_verified", "true"],
  ["email_verified", "TRUE"],
  ["phone_number_verified", "true"],
  ["dev:custom:score", "9"],
  ["custom:score", "9"],
  ["cognito:groups", "admin"],
  ["cognito:user_status", "CONFIRMED"],
  ["cognito:username", "root"],
  ["groups", "admin"],
  ["identities", "[]"],
  ["Email_Verified", "true"],
  ["EMAIL_VERIFIED", "true"],
  ["email_ｖerified", "true"],
  ["custom:none", "x"],
  ["__proto__", "x"],
  ["constructor", "x"],
  ["toString", "x"],
];

type Written = Readonly<Record<string, string>>;
const listOf = (attributes: Written) =>
  Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));

async function signUp({ client }: TestPool, attributes: Written) {
  const input = { Username: "eve", Password: password, UserAttributes: listOf(attributes) };
  return app.client.send(new SignUpCommand({ ClientId: client.id, ...input }));
}

/** The user who was invited answers with a password and these attributes. */
async function answerInvitation({ client }: TestPool, attributes: Written) {
  const AuthParameters = { USERNAME: "ada", PASSWORD: temporary };
  const AuthFlow = "USER_PASSWORD_AUTH";
  const asked = await app.client.send(
    new InitiateAuthCommand({ ClientId: client.id, AuthFlow, AuthParameters }),
  );
  const named = Object.entries(attributes).map(([name, value]) => [
    `userAttributes.${name}`,
    value,
  ]);
  return app.client.send(
    new RespondToAuthChallengeCommand({
      ClientId: client.id,
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session: asked.Session,
      ChallengeResponses: {
        USERNAME: "ada",
        NEW_PASSWORD: password,
        ...Object.fromEntries(named),
      },
    }),
  );
}

async function invite({ pool }: TestPool, attributes: Written) {
  const input = { TemporaryPassword: temporary, UserAttributes: listOf(attributes) };
  const given = { UserPoolId: pool.id, Username: "ada", MessageAction: "SUPPRESS" as const };
  await app.client.send(new AdminCreateUserCommand({ ...given, ...input }));
}

async function signedIn(options: TestPoolOptions, attributes: Written = email) {
  const home = await testPool(app, options);
  await testUser(app, home.pool, { attributes });
  return { home, access: (await tokensOf(app, home)).access };
}

const refused = { name: expect.stringMatching(/^(NotAuthorized|InvalidParameter)Exception$/) };

describe.each([
  ["a client that lists what it may write", listing],
  ["a client that lists nothing", open],
] as const)("by %s", (_which, options) => {
  test.each(everywhere)("nobody signs up with %s of %s", async (name, value) => {
    const home = await testPool(app, options);
    await expect(signUp(home, { name: "Eve", [name]: value })).rejects.toMatchObject(refused);
    expect(await storedUser(app, home, "eve")).toBeUndefined();
  });

  test.each(everywhere)("nobody updates %s to %s, nor takes it away", async (name, value) => {
    const { home, access: AccessToken } = await signedIn(options);
    for (const written of [value, "", "false"]) {
      const UserAttributes = [
        { Name: "name", Value: "Ada" },
        { Name: name, Value: written },
      ];
      await expect(
        app.client.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes })),
      ).rejects.toMatchObject(refused);
    }
    const UserAttributeNames = ["name", name];
    await expect(
      app.client.send(new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames })),
    ).rejects.toMatchObject(refused);
    expect(await storedAttributes(app, home)).toEqual(email);
  });

  test("nobody answers an invitation with them", async () => {
    const home = await testPool(app, options);
    await invite(home, email);
    for (const [name, value] of everywhere) {
      await expect(answerInvitation(home, { [name]: value }), name).rejects.toMatchObject(refused);
    }
    expect(await storedUser(app, home)).toMatchObject({
      status: "FORCE_CHANGE_PASSWORD",
      attributes: email,
    });
  });
});

describe("an invitation is answered", () => {
  test("without changing what is fixed once it is set", async () => {
    const home = await testPool(app, listing);
    await invite(home, { ...email, "custom:team": "red" });
    for (const value of ["blue", ""]) {
      await expect(answerInvitation(home, { "custom:team": value })).rejects.toMatchObject({
        message: "user.custom:team: Attribute cannot be updated.\n",
      });
    }
    expect(await storedAttributes(app, home)).toMatchObject({ "custom:team": "red" });
    await answerInvitation(home, { "custom:team": "red", name: "Ada" });
  });

  test("with what is fixed and not set yet", async () => {
    const home = await testPool(app, listing);
    await invite(home, email);
    await answerInvitation(home, { "custom:team": "blue" });
    expect(await storedAttributes(app, home)).toMatchObject({ "custom:team": "blue" });
  });

  test("without keeping the proof of another address", async () => {
    const home = await testPool(app, open);
    await invite(home, { ...email, phone_number: "+12065550100", phone_number_verified: "true" });
    const { AuthenticationResult } = await answerInvitation(home, {
      email: "victim@example.com",
      phone_number: "+12065550199",
    });
    expect(await storedAttributes(app, home)).toEqual({
      email: "victim@example.com",
      email_verified: "false",
      phone_number: "+12065550199",
      phone_number_verified: "false",
    });
    const claims = claimsOf(AuthenticationResult?.IdToken ?? "");
    expect(claims).toMatchObject({ email: "victim@example.com", email_verified: false });
  });

  test("without the proof of an address that is taken away", async () => {
    const home = await testPool(app, open);
    await invite(home, email);
    await answerInvitation(home, { email: "" });
    expect(await storedAttributes(app, home)).toEqual({});
  });

  test("without an alias that another user proved", async () => {
    const home = await testPool(app, {
      settings: { schema, aliasAttributes: ["email"] },
    });
    const victim = { email: "victim@example.com", email_verified: "true" };
    await testUser(app, home.pool, { username: "victim", attributes: victim });
    await invite(home, email);
    await answerInvitation(home, { email: "victim@example.com" });
    expect((await storedUser(app, home, "victim@example.com"))?.username).toBe("victim");
  });
});

describe("what a client may read", () => {
  const reads = { settings: { schema }, client: { readAttributes: ["name"] } } as const;
  const everything = { ...email, name: "Ada", "custom:role": "cook", "dev:custom:score": "9" };

  test("is all of what a user sees, in tokens too, whatever there is", async () => {
    const { home, access: AccessToken } = await signedIn(reads, everything);
    const { UserAttributes } = await app.client.send(new GetUserCommand({ AccessToken }));
    expect(UserAttributes?.map(({ Name }) => Name)).toEqual(["sub", "name"]);
    const { id, access } = await tokensOf(app, home);
    expect(claimsOf(id)).toMatchObject({ name: "Ada" });
    for (const name of ["email", "email_verified", "custom:role", "dev:custom:score"]) {
      expect(claimsOf(id)).not.toHaveProperty(name);
      expect(claimsOf(access)).not.toHaveProperty(name);
    }
  });

  test("is never what is for developers alone", async () => {
    const { home, access: AccessToken } = await signedIn(open, everything);
    const { UserAttributes } = await app.client.send(new GetUserCommand({ AccessToken }));
    expect(UserAttributes?.map(({ Name }) => Name)).not.toContain("dev:custom:score");
    expect(claimsOf((await tokensOf(app, home)).id)).not.toHaveProperty("dev:custom:score");
  });

  test("is all that an invited user is shown", async () => {
    const home = await testPool(app, reads);
    await invite(home, everything);
    const AuthParameters = { USERNAME: "ada", PASSWORD: temporary };
    const asked = await app.client.send(
      new InitiateAuthCommand({
        ClientId: home.client.id,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters,
      }),
    );
    expect(JSON.parse(asked.ChallengeParameters?.["userAttributes"] ?? "")).toEqual({
      name: "Ada",
    });
  });
});
