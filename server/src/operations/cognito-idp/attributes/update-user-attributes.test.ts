import {
  GetUserCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SchemaAttribute } from "../../../domain/pools/pool.ts";
import { standardAttributes } from "../../../domain/pools/standard-attributes.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode } from "../../../testing/codes.ts";
import { engines } from "../../../testing/places.ts";
import { storedAttributes, storedUser, testUser } from "../../../testing/pools.ts";
import { claimsOf, signedInUser, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const email = { email: "ada@example.com", email_verified: "true" };
const verifying = { settings: { autoVerifiedAttributes: ["email", "phone_number"] } } as const;
const keeping = {
  settings: { autoVerifiedAttributes: ["email"], verificationBeforeUpdate: ["email"] },
} as const;
const toNew = { AttributeName: "email", DeliveryMedium: "EMAIL", Destination: "n***@e***" };

async function update(AccessToken: string, attributes: Record<string, string>) {
  const UserAttributes = Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
  const input = { AccessToken, UserAttributes };
  const answer = await app.client.send(new UpdateUserAttributesCommand(input));
  return answer.CodeDeliveryDetailsList;
}

test("sets attributes and, by an empty value, takes them away; no code is sent for them", async () => {
  const { home, access } = await signedInUser(app, {}, { ...email, nickname: "Countess" });
  expect(await update(access, { name: "Ada", nickname: "" })).toEqual([]);
  expect(await storedAttributes(app, home)).toEqual({ ...email, name: "Ada" });
  const read = await app.client.send(new GetUserCommand({ AccessToken: access }));
  expect(read.UserAttributes).toContainEqual({ Name: "name", Value: "Ada" });
});

describe("a new address", () => {
  test("is unproved at once, in the very next token, and a code goes to it", async () => {
    const { home, access } = await signedInUser(app, verifying);
    expect(await update(access, { email: "new@example.com" })).toEqual([toNew]);
    expect(app.sent).toMatchObject([{ to: "new@example.com" }]);
    expect(await storedAttributes(app, home)).toEqual({
      email: "new@example.com",
      email_verified: "false",
    });
    const { id } = await tokensOf(app, home);
    expect(claimsOf(id)).toMatchObject({ email: "new@example.com", email_verified: false });
  });

  test("gets no code where the pool verifies nothing, and is unproved all the same", async () => {
    const { home, access } = await signedInUser(app);
    expect(await update(access, { email: "new@example.com" })).toEqual([]);
    expect(app.sent).toEqual([]);
    expect(await storedAttributes(app, home)).toMatchObject({ email_verified: "false" });
  });

  test("that is the present one stays proved, and no code is sent", async () => {
    const { home, access } = await signedInUser(app, verifying);
    expect(await update(access, { email: "ada@example.com", name: "Ada" })).toEqual([]);
    expect(await storedAttributes(app, home)).toEqual({ ...email, name: "Ada" });
  });

  test("of each kind gets a code of its own", async () => {
    const { access } = await signedInUser(app, verifying);
    const both = { email: "new@example.com", phone_number: "+12065559934" };
    const list = await update(access, both);
    expect(list?.map(({ DeliveryMedium }) => DeliveryMedium).sort()).toEqual(["EMAIL", "SMS"]);
    expect(app.sent.map(({ to }) => to).sort()).toEqual(["+12065559934", "new@example.com"]);
  });

  test("takes the proof of the old one along when it is taken away", async () => {
    const { home, access } = await signedInUser(app, verifying);
    await update(access, { email: "" });
    expect(await storedAttributes(app, home)).toEqual({});
  });

  test("is sent at most five codes an hour, however often it changes", async () => {
    const { access } = await signedInUser(app, verifying);
    for (let n = 0; n < 5; n++) await update(access, { email: `new${n}@example.com` });
    await expect(update(access, { email: "new@example.com" })).rejects.toMatchObject({
      name: "LimitExceededException",
    });
    expect(app.sent).toHaveLength(5);
  });

  test("stays when its message fails, which is told", async () => {
    const { home, access } = await signedInUser(app, verifying);
    app.mail.broken = true;
    await expect(update(access, { email: "new@example.com" })).rejects.toMatchObject({
      name: "CodeDeliveryFailureException",
    });
    expect(await storedAttributes(app, home)).toEqual({
      email: "new@example.com",
      email_verified: "false",
    });
  });

  test("is told to the old one in the hardened profile", async () => {
    const { access } = await signedInUser(app, {
      ...verifying,
      extensions: { profile: "hardened" },
    });
    await update(access, { email: "new@example.com" });
    await deliverOutbox(app);
    expect(app.sent.at(-1)).toMatchObject({
      to: "ada@example.com",
      subject: "Your e-mail address was changed",
    });
  });
});

describe("where the pool keeps the old address until the new one is proved", () => {
  function verify(AccessToken: string, Code = lastCode(app)) {
    const input = { AccessToken, AttributeName: "email", Code };
    return app.client.send(new VerifyUserAttributeCommand(input));
  }

  test("only the code changes it, to what the code was sent to", async () => {
    const { home, access } = await signedInUser(app, keeping);
    expect(await update(access, { email: "new@example.com", name: "Ada" })).toEqual([toNew]);
    expect(await storedAttributes(app, home)).toEqual({ ...email, name: "Ada" });
    await verify(access);
    expect(await storedAttributes(app, home)).toEqual({
      email: "new@example.com",
      email_verified: "true",
      name: "Ada",
    });
  });

  test("the last address that was asked for counts", async () => {
    const { home, access } = await signedInUser(app, keeping);
    await update(access, { email: "first@example.com" });
    const first = lastCode(app);
    await update(access, { email: "second@example.com" });
    if (first !== lastCode(app)) {
      await expect(verify(access, first)).rejects.toMatchObject({ name: "CodeMismatchException" });
    }
    await verify(access);
    expect(await storedAttributes(app, home)).toMatchObject({ email: "second@example.com" });
  });

  test("signing in goes by the old one until then, and by the new one after", async () => {
    const settings = { ...keeping.settings, usernameAttributes: ["email"] } as const;
    const { home, access } = await signedInUser(app, { settings });
    await update(access, { email: "new@example.com" });
    expect(await storedAttributes(app, home, "new@example.com")).toBeUndefined();
    await verify(access);
    expect(await storedAttributes(app, home, "new@example.com")).toBeDefined();
    expect(await storedAttributes(app, home, "ada@example.com")).toBeUndefined();
  });
});

describe("an address that another user has", () => {
  const taken = {
    name: "AliasExistsException",
    message: "An account with the given email already exists.",
  };

  test.each([
    ["at once", { autoVerifiedAttributes: ["email"] }],
    ["after its proof", keeping.settings],
  ] as const)("is refused as a user name, be it to change %s", async (_, more) => {
    const { home, access } = await signedInUser(app, {
      settings: { ...more, usernameAttributes: ["email"] },
    });
    await testUser(app, home.pool, { username: "eve", attributes: { email: "eve@example.com" } });
    await expect(update(access, { email: "eve@example.com" })).rejects.toMatchObject(taken);
    expect(await storedAttributes(app, home)).toEqual(email);
    expect(app.sent).toEqual([]);
  });

  test("is told as an alias only to who proves to own it", async () => {
    const settings = { autoVerifiedAttributes: ["email"], aliasAttributes: ["email"] } as const;
    const { home, access } = await signedInUser(app, { settings });
    const attributes = { email: "eve@example.com", email_verified: "true" };
    await testUser(app, home.pool, { username: "eve", attributes });
    await update(access, { email: "eve@example.com" });
    const input = { AccessToken: access, AttributeName: "email", Code: lastCode(app) };
    await expect(app.client.send(new VerifyUserAttributeCommand(input))).rejects.toMatchObject(
      taken,
    );
    expect(await storedAttributes(app, home)).toMatchObject({ email_verified: "false" });
    const found = await storedUser(app, home, "eve@example.com");
    expect(found?.username).toBe("eve");
  });

  test("is a preferred user name that is another's user name", async () => {
    const settings = { aliasAttributes: ["preferred_username"] } as const;
    const { home, access } = await signedInUser(app, { settings });
    await testUser(app, home.pool, { username: "eve" });
    await expect(update(access, { preferred_username: "eve" })).rejects.toMatchObject({
      name: "AliasExistsException",
    });
    await expect(update(access, { preferred_username: "ada" })).resolves.toBeDefined();
  });
});

describe("what no user may write", () => {
  const own: SchemaAttribute[] = [
    { name: "custom:team", type: "String", mutable: false, required: false, developerOnly: false },
    {
      name: "dev:custom:score",
      type: "Number",
      mutable: true,
      required: false,
      developerOnly: true,
    },
    { name: "custom:role", type: "String", mutable: true, required: false, developerOnly: false },
  ];
  const options = {
    settings: {
      schema: [
        ...standardAttributes.map((each) =>
          each.name === "email" ? { ...each, required: true } : each,
        ),
        ...own,
      ],
    },
    client: { writeAttributes: ["email", "name", "custom:team", "dev:custom:score"] },
  };
  const unauthorized = {
    name: "NotAuthorizedException",
    message: "A client attempted to write unauthorized attribute",
  };

  test.each([
    ["email_verified", "true"],
    ["phone_number_verified", "true"],
    ["sub", "7c9e6679-7425-40de-944b-e07fc1f90ae7"],
    ["dev:custom:score", "1"],
    ["custom:role", "admin"],
  ])("%s", async (name, value) => {
    const { home, access } = await signedInUser(app, options);
    await expect(update(access, { name: "Ada", [name]: value })).rejects.toMatchObject(
      unauthorized,
    );
    expect(await storedAttributes(app, home)).toEqual(email);
  });

  test("what is fixed once it is set", async () => {
    const { access } = await signedInUser(app, options, { ...email, "custom:team": "red" });
    for (const value of ["blue", ""]) {
      await expect(update(access, { "custom:team": value })).rejects.toMatchObject({
        name: "InvalidParameterException",
        message: "user.custom:team: Attribute cannot be updated.\n",
      });
    }
  });

  test("nothing in place of what the pool requires", async () => {
    const { home, access } = await signedInUser(app, options);
    await expect(update(access, { email: "" })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Attributes did not conform to the schema: email: The attribute is required\n",
    });
    expect(await storedAttributes(app, home)).toEqual(email);
  });

  test("what the schema does not know or take", async () => {
    const { access } = await signedInUser(app);
    await expect(update(access, { "custom:none": "x" })).rejects.toMatchObject({
      message: expect.stringContaining("custom:none: Attribute does not exist in the schema."),
    });
    await expect(update(access, { birthdate: "1815" })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await expect(
      update(access, { email: "ada@example.com,eve@example.com" }),
    ).rejects.toMatchObject({ message: "Invalid email address format." });
  });
});

test.each(engines)("changes made at once are all kept, on %s", async (engine) => {
  await app.close();
  app = await testApp({ engine: engine });
  const { home, access } = await signedInUser(app);
  const wanted = { name: "Ada", nickname: "Countess", given_name: "Augusta", family_name: "Byron" };
  await Promise.all(
    Object.entries(wanted).map(([name, value]) => update(access, { [name]: value })),
  );
  expect(await storedAttributes(app, home)).toEqual({ ...email, ...wanted });
});

test("neither values nor codes stand in the trail", async () => {
  const { access } = await signedInUser(app, verifying);
  await update(access, { email: "new@example.com" });
  for (const { requestParameters } of await app.auditEvents()) {
    const shown = JSON.stringify(requestParameters);
    for (const secret of ["new@example.com", lastCode(app), access]) {
      expect(shown).not.toContain(secret);
    }
  }
});
