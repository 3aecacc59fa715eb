import {
  AdminDisableUserCommand,
  AdminUpdateUserAttributesCommand,
  GetUserAttributeVerificationCodeCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { updateUser } from "../../../store/users.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { lastCode, wrongFor } from "../../../testing/codes.ts";
import {
  storedAttributes,
  storedUser,
  type TestPool,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let access: string;
beforeEach(async () => {
  app = await testApp();
  home = await testPool(app, { settings: { autoVerifiedAttributes: ["email"] } });
  await testUser(app, home.pool, {
    attributes: { email: "ada@example.com", email_verified: "false", phone_number: "+12065559934" },
  });
  access = (await tokensOf(app, home)).access;
});
afterEach(() => app.close());

const hourMs = 3_600_000;

async function ask(AttributeName = "email"): Promise<string> {
  const input = { AccessToken: access, AttributeName };
  await app.client.send(new GetUserAttributeVerificationCodeCommand(input));
  return lastCode(app);
}

function verify(Code: string, AttributeName = "email", AccessToken = access) {
  return app.client.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName, Code }));
}

test("proves the address, and only that one", async () => {
  await verify(await ask());
  expect(await storedAttributes(app, home)).toMatchObject({ email_verified: "true" });
  expect(await storedAttributes(app, home)).not.toHaveProperty("phone_number_verified");
});

test("can be done again for an address that is proved already", async () => {
  await verify(await ask());
  await expect(verify(await ask())).resolves.toBeDefined();
});

test("takes a code once, and one of those who present it at once", async () => {
  const code = await ask();
  const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => verify(code)));
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(verify(code)).rejects.toMatchObject({
    name: "ExpiredCodeException",
    message: "Invalid code provided, please request a code again.",
  });
});

test("refuses a wrong code, and takes the right one after it", async () => {
  const code = await ask();
  await expect(verify(wrongFor(code))).rejects.toMatchObject({
    name: "CodeMismatchException",
    message: "Invalid verification code provided, please try again.",
  });
  await expect(verify(code)).resolves.toBeDefined();
});

test("refuses a code for another attribute, and one of another user", async () => {
  const code = await ask("phone_number");
  await expect(verify(code)).rejects.toMatchObject({ name: "ExpiredCodeException" });
  await testUser(app, home.pool, { username: "eve", attributes: { email: "eve@example.com" } });
  const eve = await tokensOf(app, home, { username: "eve" });
  await expect(verify(code, "phone_number", eve.access)).rejects.toMatchObject({
    name: "ExpiredCodeException",
  });
  await expect(verify(code, "phone_number")).resolves.toBeDefined();
});

test("refuses a code that is over, after a day", async () => {
  const code = await ask();
  app.clock.advance(24 * hourMs);
  access = (await tokensOf(app, home)).access;
  await expect(verify(code)).rejects.toMatchObject({ name: "ExpiredCodeException" });
});

test("refuses a code that went to an address that the user no longer has", async () => {
  const code = await ask();
  const update = new UpdateUserAttributesCommand({
    AccessToken: access,
    UserAttributes: [{ Name: "email", Value: "new@example.com" }],
  });
  await app.client.send(update);
  if (code !== lastCode(app)) {
    await expect(verify(code)).rejects.toMatchObject({ name: "CodeMismatchException" });
  }
  const second = lastCode(app);
  await app.client.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId: home.pool.id,
      Username: "ada",
      UserAttributes: [
        { Name: "email", Value: "third@example.com" },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  await expect(verify(second)).rejects.toMatchObject({ name: "ExpiredCodeException" });
  expect(await storedAttributes(app, home)).toMatchObject({
    email: "third@example.com",
    email_verified: "true",
  });
});

test("refuses a code for an address that changed in whatever way", async () => {
  const code = await ask();
  const { id } = (await storedUser(app, home)) ?? { id: "" };
  const changed = JSON.stringify({ email: "third@example.com", email_verified: "false" });
  const key = { userPoolId: home.pool.id, id };
  await updateUser(app.context.store.db, key, { set: { attributes: changed } });
  await expect(verify(code)).rejects.toMatchObject({ name: "ExpiredCodeException" });
  expect(await storedAttributes(app, home)).toEqual(JSON.parse(changed));
});

test("is tried at most fifteen times an hour", async () => {
  const code = await ask();
  const guesses = await Promise.allSettled(
    Array.from({ length: 18 }, () => verify(wrongFor(code))),
  );
  const names = guesses.map((each) => (each.status === "rejected" ? each.reason.name : "none"));
  expect(names.filter((name) => name === "CodeMismatchException")).toHaveLength(15);
  await expect(verify(code)).rejects.toMatchObject({ name: "LimitExceededException" });
});

test("is for e-mail addresses and phone numbers", async () => {
  await expect(verify("123456", "name")).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Invalid attribute name. Only phone_number and email can be verified.",
  });
});

test("is for a token that counts", async () => {
  const code = await ask();
  await expect(verify(code, "email", "not.a.token")).rejects.toMatchObject({
    message: "Invalid Access Token",
  });
  const disable = { UserPoolId: home.pool.id, Username: "ada" };
  await app.client.send(new AdminDisableUserCommand(disable));
  await expect(verify(code)).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("leaves no code in the trail", async () => {
  const code = await ask();
  await verify(wrongFor(code)).catch(() => undefined);
  await verify(code);
  for (const { requestParameters } of await app.auditEvents()) {
    const shown = JSON.stringify(requestParameters);
    for (const secret of [code, wrongFor(code), access]) expect(shown).not.toContain(secret);
  }
});
