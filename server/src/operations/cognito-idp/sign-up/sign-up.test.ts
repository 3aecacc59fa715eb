import { createHmac } from "node:crypto";
import { SignUpCommand, type SignUpCommandInput } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode } from "../../../testing/codes.ts";
import { engines } from "../../../testing/places.ts";
import { password, storedUser, type TestPool, testPool, testUser } from "../../../testing/pools.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const verifyingEmail = { settings: { autoVerifiedAttributes: ["email"] } } as const;
const email = { Name: "email", Value: "ada@example.com" };

function signUp({ client }: TestPool, given: Partial<SignUpCommandInput> = {}) {
  const input = { ClientId: client.id, Username: "ada", Password: password, ...given };
  return app.client.send(new SignUpCommand(input));
}

describe("a sign-up", () => {
  test("makes an unconfirmed user and sends a code to the address that the pool verifies", async () => {
    const home = await testPool(app, verifyingEmail);
    const answer = await signUp(home, { UserAttributes: [email] });
    expect(answer).toMatchObject({
      UserConfirmed: false,
      UserSub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      CodeDeliveryDetails: {
        AttributeName: "email",
        DeliveryMedium: "EMAIL",
        Destination: "a***@e***",
      },
    });
    expect(answer.Session).toBeUndefined();
    expect(app.sent).toMatchObject([{ channel: "email", to: "ada@example.com" }]);
    expect(lastCode(app)).toMatch(/^\d{6}$/);
    expect(await storedUser(app, home)).toMatchObject({
      id: answer.UserSub,
      username: "ada",
      status: "UNCONFIRMED",
      enabled: true,
      attributes: { email: "ada@example.com", email_verified: "false" },
    });
  });

  test("sends nothing where the pool verifies no address that was given", async () => {
    const home = await testPool(app, { settings: { autoVerifiedAttributes: ["phone_number"] } });
    const answer = await signUp(home, { UserAttributes: [email] });
    expect(answer.CodeDeliveryDetails).toBeUndefined();
    expect(app.sent).toEqual([]);
  });

  test("sends only an SMS where the pool verifies both", async () => {
    const home = await testPool(app, {
      settings: { autoVerifiedAttributes: ["email", "phone_number"] },
    });
    const phone = { Name: "phone_number", Value: "+12065559934" };
    const answer = await signUp(home, { UserAttributes: [email, phone] });
    expect(answer.CodeDeliveryDetails).toEqual({
      AttributeName: "phone_number",
      DeliveryMedium: "SMS",
      Destination: "+*******9934",
    });
    expect(app.sent).toMatchObject([{ channel: "sms", to: "+12065559934" }]);
  });

  test("takes an attribute without a value for one that was not given", async () => {
    const home = await testPool(app, verifyingEmail);
    const empty = [
      { Name: "email", Value: "" },
      { Name: "name", Value: "" },
    ];
    const answer = await signUp(home, { UserAttributes: empty });
    expect(answer.CodeDeliveryDetails).toBeUndefined();
    expect((await storedUser(app, home))?.attributes).toEqual({});
  });

  test("leaves neither password nor code in the trail, and no other value that is private", async () => {
    const home = await testPool(app, verifyingEmail);
    await signUp(home, {
      UserAttributes: [email],
      ValidationData: [{ Name: "hint", Value: "very-private" }],
    });
    const trail = JSON.stringify(await app.auditEvents());
    for (const secret of [password, lastCode(app), "ada@example.com", "very-private"]) {
      expect(trail).not.toContain(secret);
      expect(JSON.stringify(app.logged)).not.toContain(secret);
    }
    const user = await storedUser(app, home);
    expect((await app.auditEvents()).at(-1)).toMatchObject({
      eventName: "SignUp",
      additionalEventData: { userPoolId: home.pool.id, clientId: home.client.id, sub: user?.id },
    });
  });
});

describe("a name that is taken", () => {
  const exists = { name: "UsernameExistsException", message: "User already exists" };

  test("is refused, confirmed or not", async () => {
    const home = await testPool(app);
    await testUser(app, home.pool);
    await expect(signUp(home)).rejects.toMatchObject(exists);
    await signUp(home, { Username: "eve" });
    await expect(signUp(home, { Username: "eve" })).rejects.toMatchObject(exists);
  });

  test("is taken in every spelling where the pool does not look at case", async () => {
    const lax = await testPool(app, { settings: { caseSensitive: false } });
    const strict = await testPool(app);
    for (const home of [lax, strict]) await testUser(app, home.pool, { username: "Ada" });
    await expect(signUp(lax, { Username: "aDA" })).rejects.toMatchObject(exists);
    await expect(signUp(strict, { Username: "aDA" })).resolves.toBeDefined();
  });

  test.each(engines)("goes to one of those who ask for it at once, on %s", async (engine) => {
    await app.close();
    app = await testApp({ engine: engine });
    const home = await testPool(app);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => signUp(home)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("may be neither another's sub nor another's preferred user name", async () => {
    const home = await testPool(app, { settings: { aliasAttributes: ["preferred_username"] } });
    const ada = await testUser(app, home.pool, { attributes: { preferred_username: "countess" } });
    await expect(signUp(home, { Username: ada.id })).rejects.toMatchObject(exists);
    await expect(signUp(home, { Username: "countess" })).rejects.toMatchObject(exists);
  });
});

describe("where the e-mail address is the user name", () => {
  const byEmail = { settings: { usernameAttributes: ["email"], caseSensitive: false } } as const;

  test("the user name is the sub and the typed name becomes the attribute", async () => {
    const home = await testPool(app, byEmail);
    const { UserSub } = await signUp(home, { Username: "Ada@example.com" });
    expect(await storedUser(app, home, "ada@example.com")).toMatchObject({
      id: UserSub,
      username: UserSub,
      attributes: { email: "Ada@example.com", email_verified: "false" },
    });
  });

  test("an address belongs to one user from the first moment", async () => {
    const home = await testPool(app, byEmail);
    await signUp(home, { Username: "ada@example.com" });
    await expect(signUp(home, { Username: "ADA@example.com" })).rejects.toMatchObject({
      name: "UsernameExistsException",
      message: "An account with the given email already exists.",
    });
    expect(await app.context.store.db.selectFrom("users").selectAll().execute()).toHaveLength(1);
  });

  test("another name, or another address beside it, is refused", async () => {
    const home = await testPool(app, byEmail);
    await expect(signUp(home, { Username: "ada" })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Username should be an email.",
    });
    await expect(
      signUp(home, { Username: "eve@example.com", UserAttributes: [email] }),
    ).rejects.toMatchObject({ name: "InvalidParameterException" });
  });
});

describe("where the e-mail address is an alias", () => {
  const aliased = { settings: { aliasAttributes: ["email"] } } as const;

  test("the user name may not look like one", async () => {
    const home = await testPool(app, aliased);
    await expect(signUp(home, { Username: "ada@example.com" })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Username cannot be of email format, since user pool is configured for email alias.",
    });
  });

  test("a sign-up does not tell that the address is another's, nor take it", async () => {
    const home = await testPool(app, aliased);
    const attributes = { email: "ada@example.com", email_verified: "true" };
    const ada = await testUser(app, home.pool, { attributes });
    const taken = await signUp(home, { Username: "eve", UserAttributes: [email] });
    const free = await signUp(home, {
      Username: "eva",
      UserAttributes: [{ Name: "email", Value: "free@example.com" }],
    });
    expect(Object.keys(taken).sort()).toEqual(Object.keys(free).sort());
    expect((await storedUser(app, home, "ada@example.com"))?.id).toBe(ada.id);
  });
});

describe("what is refused", () => {
  test("everybody, where only administrators create users", async () => {
    const home = await testPool(app, { settings: { adminCreateUserOnly: true } });
    await expect(signUp(home)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "SignUp is not permitted for this user pool",
    });
  });

  test("a client that nobody knows", async () => {
    const home = await testPool(app);
    await expect(signUp(home, { ClientId: "nobody" })).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  test("a missing password, in the words that Amplify looks for", async () => {
    const home = await testPool(app);
    const refused = await signUp(home, { Password: undefined }).catch((error: Error) => error);
    expect(refused).toMatchObject({ name: "InvalidParameterException" });
    const { message } = refused as Error;
    expect(message).toMatch(/'password'/);
    expect(message).toMatch(/Member must not be null/);
  });

  test.each([
    ["Sh0rt!", "Password not long enough"],
    ["lower-case-9-only", "Password must have uppercase characters"],
    ["UPPER-CASE-9-ONLY", "Password must have lowercase characters"],
    ["No-Number-Here", "Password must have numeric characters"],
    ["NoSymbol9Here", "Password must have symbol characters"],
  ])("the password %s", async (weak, why) => {
    const home = await testPool(app);
    await expect(signUp(home, { Password: weak })).rejects.toMatchObject({
      name: "InvalidPasswordException",
      message: `Password did not conform with policy: ${why}`,
    });
    expect(await storedUser(app, home)).toBeUndefined();
  });

  test("a breached password or one made of the own name, in the hardened profile", async () => {
    const home = await testPool(app, { extensions: { profile: "hardened" } });
    for (const weak of ["P@ssw0rd", "Adalovelace-1815"]) {
      await expect(signUp(home, { Username: "adalovelace", Password: weak })).rejects.toMatchObject(
        { name: "InvalidPasswordException" },
      );
    }
  });

  test.each([
    ["email_verified", "true"],
    ["sub", "7c9e6679-7425-40de-944b-e07fc1f90ae7"],
  ])("%s written by the user", async (Name, Value) => {
    const home = await testPool(app);
    await expect(signUp(home, { UserAttributes: [{ Name, Value }] })).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "A client attempted to write unauthorized attribute",
    });
  });

  test("an attribute that the client may not write", async () => {
    const home = await testPool(app, { client: { writeAttributes: ["name"] } });
    await expect(signUp(home, { UserAttributes: [email] })).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
    const name = { Name: "name", Value: "Ada" };
    await expect(signUp(home, { UserAttributes: [name] })).resolves.toBeDefined();
  });

  test.each([
    [
      [{ Name: "custom:team", Value: "x" }],
      "Attributes did not conform to the schema: custom:team: Attribute does not exist in the schema.\n",
    ],
    [[{ Name: "email", Value: "no address" }], "Invalid email address format."],
    [[{ Name: "phone_number", Value: "0123" }], "Invalid phone number format."],
    [[email, email], "Attribute email was given more than once."],
    [[{ Name: "__proto__", Value: "x" }], /Attribute does not exist in the schema/],
  ])("attributes %j", async (UserAttributes, message) => {
    const home = await testPool(app);
    await expect(signUp(home, { UserAttributes })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: expect.stringMatching(message),
    });
  });

  test("a sign-up without what the pool requires", async () => {
    const { settings } = (await testPool(app)).pool;
    const schema = settings.schema.map((each) => ({
      ...each,
      required: each.required || each.name === "name",
    }));
    const home = await testPool(app, { settings: { schema } });
    await expect(signUp(home)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message:
        "Attributes did not conform to the schema: name.formatted: The attribute name.formatted is required\n",
    });
  });
});

describe("the secret of a client", () => {
  test("must be proved over the typed name", async () => {
    const home = await testPool(app, { secret: "the-secret-of-this-client" });
    const { id } = home.client;
    const hash = (name: string) =>
      createHmac("sha256", "the-secret-of-this-client")
        .update(name + id)
        .digest("base64");
    await expect(signUp(home)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: `Client ${id} is configured for secret but secret was not received`,
    });
    await expect(signUp(home, { SecretHash: hash("eve") })).rejects.toMatchObject({
      message: `Unable to verify secret hash for client ${id}`,
    });
    await expect(signUp(home, { SecretHash: hash("ada") })).resolves.toBeDefined();
  });
});

describe("a message that does not get out", () => {
  test("is told, and the user is there all the same", async () => {
    const home = await testPool(app, verifyingEmail);
    app.mail.broken = true;
    await expect(signUp(home, { UserAttributes: [email] })).rejects.toMatchObject({
      name: "CodeDeliveryFailureException",
    });
    expect(await storedUser(app, home)).toMatchObject({ status: "UNCONFIRMED" });
  });

  test("is not told where the client hides who exists; it goes out later", async () => {
    const home = await testPool(app, {
      ...verifyingEmail,
      client: { preventUserExistenceErrors: "ENABLED" },
    });
    app.mail.broken = true;
    await signUp(home, { UserAttributes: [email] });
    expect(app.sent).toEqual([]);
    app.mail.broken = false;
    await deliverOutbox(app);
    expect(app.sent).toMatchObject([{ to: "ada@example.com" }]);
  });
});
