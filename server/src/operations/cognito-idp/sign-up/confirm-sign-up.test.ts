import {
  AdminDisableUserCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmSignUpCommand,
  type ConfirmSignUpCommandInput,
  ResendConfirmationCodeCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode, wrongFor } from "../../../testing/codes.ts";
import { engines } from "../../../testing/places.ts";
import { password, storedUser, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const hourMs = 3_600_000;
const verifying = { autoVerifiedAttributes: ["email"] } as const;
const aliased = { ...verifying, aliasAttributes: ["email", "preferred_username"] } as const;
const mismatch = {
  name: "CodeMismatchException",
  message: "Invalid verification code provided, please try again.",
};
const expired = {
  name: "ExpiredCodeException",
  message: "Invalid code provided, please request a code again.",
};

/** Gives a user who is not confirmed what only an administrator can. */
function prefer({ pool }: TestPool, Username: string, Value: string) {
  const UserAttributes = [{ Name: "preferred_username", Value }];
  const input = { UserPoolId: pool.id, Username, UserAttributes };
  return app.client.send(new AdminUpdateUserAttributesCommand(input));
}

async function signUp(home: TestPool, Username = "ada", more: Record<string, string> = {}) {
  const attributes = { email: "ada@example.com", ...more };
  await app.client.send(
    new SignUpCommand({
      ClientId: home.client.id,
      Username,
      Password: password,
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    }),
  );
  await deliverOutbox(app);
  return lastCode(app);
}

function confirm(
  { client }: TestPool,
  code: string,
  given: Partial<ConfirmSignUpCommandInput> = {},
) {
  const input = { ClientId: client.id, Username: "ada", ConfirmationCode: code, ...given };
  return app.client.send(new ConfirmSignUpCommand(input));
}

describe("the code", () => {
  test("confirms the user and verifies the address that received it", async () => {
    const home = await testPool(app, { settings: verifying });
    const code = await signUp(home, "ada", { phone_number: "+12065559934" });
    await expect(signInByPassword(app, home)).rejects.toMatchObject({
      name: "UserNotConfirmedException",
    });
    await confirm(home, code);
    expect(await storedUser(app, home)).toMatchObject({
      status: "CONFIRMED",
      attributes: { email_verified: "true", phone_number_verified: "false" },
    });
    await expect(signInByPassword(app, home)).resolves.toHaveProperty("AuthenticationResult");
  });

  test("may be mistyped before it is right, and serves once", async () => {
    const home = await testPool(app, { settings: verifying });
    const code = await signUp(home);
    await expect(confirm(home, wrongFor(code))).rejects.toMatchObject(mismatch);
    await confirm(home, code);
    await expect(confirm(home, code)).rejects.toMatchObject({
      name: "NotAuthorizedException",
      message: "User cannot be confirmed. Current status is CONFIRMED",
    });
  });

  test.each(engines)("serves one of those who present it at once, on %s", async (engine) => {
    await app.close();
    app = await testApp({ engine: engine });
    const home = await testPool(app, { settings: verifying });
    const code = await signUp(home);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => confirm(home, code)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test.each([
    ["compat", 24 * hourMs],
    ["hardened", hourMs / 6],
  ] as const)("expires in the %s profile after %d ms", async (profile, lifetimeMs) => {
    const home = await testPool(app, { settings: verifying, extensions: { profile } });
    const code = await signUp(home);
    app.clock.advance(lifetimeMs);
    await expect(confirm(home, code)).rejects.toMatchObject(expired);
    expect(await storedUser(app, home)).toMatchObject({ status: "UNCONFIRMED" });
  });

  test("is guessed at most fifteen times an hour, however many try at once", async () => {
    const home = await testPool(app, { settings: verifying });
    const code = await signUp(home);
    const guesses = await Promise.allSettled(
      Array.from({ length: 20 }, () => confirm(home, wrongFor(code))),
    );
    const names = guesses.map((each) => (each.status === "rejected" ? each.reason.name : "none"));
    expect(names.filter((name) => name === "CodeMismatchException")).toHaveLength(15);
    await expect(confirm(home, code)).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "Attempt limit exceeded, please try after some time.",
    });
    app.clock.advance(hourMs);
    await expect(confirm(home, code)).resolves.toBeDefined();
  });

  test("proves nothing once an administrator changed the address", async () => {
    const home = await testPool(app, { settings: verifying });
    const code = await signUp(home);
    await app.client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: home.pool.id,
        Username: "ada",
        UserAttributes: [{ Name: "email", Value: "other@example.com" }],
      }),
    );
    await expect(confirm(home, code)).rejects.toMatchObject(expired);
    expect(await storedUser(app, home)).toMatchObject({ status: "UNCONFIRMED" });
  });

  test("does not help a disabled user", async () => {
    const home = await testPool(app, { settings: verifying });
    const code = await signUp(home);
    const disable = { UserPoolId: home.pool.id, Username: "ada" };
    await app.client.send(new AdminDisableUserCommand(disable));
    await expect(confirm(home, code)).rejects.toMatchObject({ message: "User is disabled." });
  });

  test("stands in no row of the trail, right or wrong", async () => {
    const home = await testPool(app, { settings: verifying });
    const code = await signUp(home);
    await confirm(home, wrongFor(code)).catch(() => undefined);
    await confirm(home, code);
    const events = await app.auditEvents();
    for (const { requestParameters, errorMessage } of events) {
      const shown = JSON.stringify({ requestParameters, errorMessage });
      for (const secret of [code, wrongFor(code)]) expect(shown).not.toContain(secret);
    }
    expect(events.slice(-3).map(({ eventName, errorCode }) => [eventName, errorCode])).toEqual([
      ["SignUp", undefined],
      ["ConfirmSignUp", "CodeMismatchException"],
      ["ConfirmSignUp", undefined],
    ]);
  });
});

describe("an alias that another user has", () => {
  async function twoWithOneAddress() {
    const home = await testPool(app, { settings: aliased });
    const attributes = { email: "ada@example.com", email_verified: "true" };
    await testUser(app, home.pool, { username: "first", attributes });
    const code = await signUp(home, "second");
    return { home, code };
  }

  test("is told only to who proves to own the address, and the code stays good", async () => {
    const { home, code } = await twoWithOneAddress();
    await expect(confirm(home, code, { Username: "second" })).rejects.toMatchObject({
      name: "AliasExistsException",
      message: "An account with the email already exists.",
    });
    expect(await storedUser(app, home, "second")).toMatchObject({ status: "UNCONFIRMED" });
    expect((await storedUser(app, home, "ada@example.com"))?.username).toBe("first");
    const again = { Username: "second", ForceAliasCreation: true };
    await expect(confirm(home, code, again)).resolves.toBeDefined();
  });

  test("moves when it is asked for, and is no longer verified for who had it", async () => {
    const { home, code } = await twoWithOneAddress();
    await confirm(home, code, { Username: "second", ForceAliasCreation: true });
    expect((await storedUser(app, home, "ada@example.com"))?.username).toBe("second");
    expect(await storedUser(app, home, "first")).toMatchObject({
      status: "CONFIRMED",
      attributes: { email: "ada@example.com", email_verified: "false" },
    });
  });

  test("never moves if it is a preferred user name, which no code proves", async () => {
    const home = await testPool(app, { settings: aliased });
    await testUser(app, home.pool, { attributes: { preferred_username: "countess" } });
    const code = await signUp(home, "eve");
    await prefer(home, "eve", "countess");
    await expect(
      confirm(home, code, { Username: "eve", ForceAliasCreation: true }),
    ).rejects.toMatchObject({
      name: "AliasExistsException",
      message: "An account with the preferred_username already exists.",
    });
    const again = await signUp(home, "eva");
    await prefer(home, "eva", "ada");
    await expect(confirm(home, again, { Username: "eva" })).rejects.toMatchObject({
      name: "AliasExistsException",
    });
  });
});

describe("a name that nobody has", () => {
  test("is told by default", async () => {
    const home = await testPool(app, { settings: verifying });
    await expect(confirm(home, "123456")).rejects.toMatchObject({
      name: "UserNotFoundException",
      message: "Username/client id combination not found.",
    });
  });

  test.each(["compat", "hardened"] as const)(
    "is answered in the %s profile as one that has, where the client hides who exists",
    async (profile) => {
      const home = await testPool(app, {
        settings: verifying,
        extensions: { profile },
        client: { preventUserExistenceErrors: "ENABLED" },
      });
      const code = await signUp(home);
      const answersTo = async (Username: string) => {
        const answers: unknown[] = [];
        const resend = { ClientId: home.client.id, Username };
        await app.client.send(new ResendConfirmationCodeCommand(resend));
        for (let attempt = 0; attempt < 16; attempt++) {
          answers.push(
            await confirm(home, wrongFor(code), { Username }).catch(({ name, message }) => ({
              name,
              message,
            })),
          );
        }
        app.clock.advance(24 * hourMs);
        answers.push(await confirm(home, code, { Username }).catch((error) => error.message));
        return answers;
      };
      expect(await answersTo("nobody")).toEqual(await answersTo("ada"));
      await expect(confirm(home, code, { Username: "other" })).rejects.toMatchObject(expired);
    },
  );

  test("is not told from a confirmed user in the hardened profile", async () => {
    const home = await testPool(app, {
      settings: verifying,
      extensions: { profile: "hardened" },
      client: { preventUserExistenceErrors: "ENABLED" },
    });
    await testUser(app, home.pool);
    for (const Username of ["ada", "nobody"]) {
      await expect(confirm(home, "123456", { Username })).rejects.toMatchObject(expired);
    }
  });
});
