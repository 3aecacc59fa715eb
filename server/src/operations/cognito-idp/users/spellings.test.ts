/** Names and addresses in other spellings: none reaches another user, or sends a code anywhere but to the stored address. */
import {
  AdminCreateUserCommand,
  AdminUpdateUserAttributesCommand,
  ForgotPasswordCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox } from "../../../testing/codes.ts";
import {
  password,
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { signInByPassword, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const stored = "Kate.Köhler@example.com";
/** The same to a pool that does not look at case: other case, other composition, the sign of kelvin. */
const same = [
  "kate.köhler@example.com",
  "KATE.KÖHLER@EXAMPLE.COM",
  "Kate.Ko\u0308hler@example.com",
  "\u212Aate.Köhler@example.com",
];
/** What a sloppy comparison takes for the same: other letters of the same look, width or upper case. */
const others = [
  "Kate.Kohler@example.com",
  "Каte.Köhler@example.com",
  "Ｋate.Köhler@example.com",
  "Kate.Köhler@examp\u0131e.com",
  "Kate.Köhler@example.com.evil.test",
  "Kate.Köhler+x@example.com",
];

const asUsername = {
  settings: { caseSensitive: false, usernameAttributes: ["email"] },
} as const satisfies TestPoolOptions;
const asAlias = {
  settings: { caseSensitive: false, aliasAttributes: ["email", "preferred_username"] },
} as const satisfies TestPoolOptions;

async function poolWithKate(options: TestPoolOptions) {
  const home = await testPool(app, {
    ...options,
    settings: { autoVerifiedAttributes: ["email"], ...options.settings },
  });
  const attributes = { email: stored, email_verified: "true" };
  await testUser(app, home.pool, { username: "kate", attributes });
  return home;
}

async function recover({ client }: TestPool, Username: string) {
  await app.client
    .send(new ForgotPasswordCommand({ ClientId: client.id, Username }))
    .catch(() => undefined);
  await deliverOutbox(app);
  return app.sent.splice(0).map(({ to }) => to);
}

function signUp({ client }: TestPool, Username: string, attributes: Record<string, string> = {}) {
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  const input = { ClientId: client.id, Username, Password: password, UserAttributes };
  return app.client.send(new SignUpCommand(input));
}

describe.each([
  ["the user name", asUsername],
  ["an alias", asAlias],
] as const)("an address that is %s", (_what, options) => {
  test.each([stored, ...same])("as %s sends its code to the stored address", async (typed) => {
    const home = await poolWithKate(options);
    expect(await recover(home, typed)).toEqual([stored]);
    await expect(signInByPassword(app, home, { username: typed })).resolves.toBeDefined();
  });

  test.each(others)("is not %s", async (typed) => {
    const home = await poolWithKate(options);
    expect(await recover(home, typed)).toEqual([]);
    await expect(signInByPassword(app, home, { username: typed })).rejects.toThrow();
  });
});

describe("an address that is the user name", () => {
  test.each([stored, ...same])("is taken as %s as well", async (typed) => {
    const home = await poolWithKate(asUsername);
    await expect(signUp(home, typed)).rejects.toMatchObject({ name: "UsernameExistsException" });
    const create = { UserPoolId: home.pool.id, Username: typed };
    await expect(app.client.send(new AdminCreateUserCommand(create))).rejects.toMatchObject({
      name: "UsernameExistsException",
    });
    await testUser(app, home.pool, { username: "eve", attributes: { email: "eve@example.com" } });
    const { access: AccessToken } = await tokensOf(app, home, { username: "eve@example.com" });
    const UserAttributes = [{ Name: "email", Value: typed }];
    await expect(
      app.client.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes })),
    ).rejects.toMatchObject({ name: "AliasExistsException" });
    expect(app.sent).toEqual([]);
  });

  test.each(others)("is not taken as %s, whose codes go there alone", async (typed) => {
    const home = await poolWithKate(asUsername);
    await signUp(home, typed);
    expect(app.sent.splice(0).map(({ to }) => to)).toEqual([typed]);
    const resend = { ClientId: home.client.id, Username: typed };
    await app.client.send(new ResendConfirmationCodeCommand(resend));
    expect(app.sent.splice(0).map(({ to }) => to)).toEqual([typed]);
    expect(await recover(home, stored)).toEqual([stored]);
  });
});

describe("an alias", () => {
  test.each([stored, ...same])(
    "stays with who proved it, where another signs up with %s",
    async (typed) => {
      const home = await poolWithKate(asAlias);
      await signUp(home, "eve", { email: typed });
      expect((await storedUser(app, home, typed))?.username).toBe("kate");
      app.sent.splice(0);
      expect(await recover(home, typed)).toEqual([stored]);
    },
  );

  test.each([stored, ...same, "+12065550100"])(
    "is not caught by a user name or a preferred one of %s",
    async (typed) => {
      const home = await testPool(app, {
        settings: {
          caseSensitive: false,
          aliasAttributes: ["preferred_username", "phone_number", "email"],
        },
      });
      const attributes = {
        ...{ email: stored, email_verified: "true" },
        ...{ phone_number: "+12065550100", phone_number_verified: "true" },
      };
      await testUser(app, home.pool, { username: "kate", attributes });
      await testUser(app, home.pool, { username: "eve" });
      const refusal = {
        name: "InvalidParameterException",
        message: expect.stringMatching(/ername cannot be of (email|phone number) format/),
      };
      await expect(signUp(home, typed)).rejects.toMatchObject(refusal);
      const { access: AccessToken } = await tokensOf(app, home, { username: "eve" });
      const UserAttributes = [{ Name: "preferred_username", Value: typed }];
      await expect(
        app.client.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes })),
      ).rejects.toMatchObject(refusal);
      const named = { UserPoolId: home.pool.id, Username: "eve", UserAttributes };
      await expect(
        app.client.send(new AdminUpdateUserAttributesCommand(named)),
      ).rejects.toMatchObject(refusal);
      const create = { ...named, Username: "mallory" };
      await expect(app.client.send(new AdminCreateUserCommand(create))).rejects.toMatchObject(
        refusal,
      );
      expect((await storedUser(app, home, typed))?.username).toBe("kate");
    },
  );

  test("is no name of a form that only becomes an address when names are compared", async () => {
    const home = await testPool(app, { settings: { aliasAttributes: ["email"] } });
    // A less-than sign and a stroke through it are one letter once composed.
    await expect(signUp(home, "a<\u0338@example.com")).rejects.toMatchObject({
      message: "Username cannot be of email format, since user pool is configured for email alias.",
    });
  });

  test("that is a preferred user name comes after the sign-up", async () => {
    const home = await testPool(app, asAlias);
    await expect(signUp(home, "eve", { preferred_username: "countess" })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message:
        "Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.",
    });
    expect(await storedUser(app, home, "eve")).toBeUndefined();
    const plain = await testPool(app);
    await expect(signUp(plain, "eve", { preferred_username: "countess" })).resolves.toBeDefined();
  });
});

test("where case counts, only one spelling is the name", async () => {
  const home = await testPool(app);
  await testUser(app, home.pool, { username: "Kate" });
  for (const username of ["kate", "KATE", "\u212Aate\u0301"]) {
    await expect(signInByPassword(app, home, { username })).rejects.toThrow();
  }
  await signUp(home, "kate");
  expect((await storedUser(app, home, "Kate"))?.status).toBe("CONFIRMED");
  expect((await storedUser(app, home, "kate"))?.status).toBe("UNCONFIRMED");
});
