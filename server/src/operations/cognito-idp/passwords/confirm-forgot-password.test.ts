import { createHmac } from "node:crypto";
import {
  AdminSetUserMFAPreferenceCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  type ConfirmForgotPasswordCommandInput,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { User } from "../../../domain/users/user.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode, wrongFor } from "../../../testing/codes.ts";
import { mfaSettings } from "../../../testing/mfa.ts";
import { engines } from "../../../testing/places.ts";
import {
  password,
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { signInByPassword, signInBySrp, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const hourMs = 3_600_000;
const next = "Another-Horse-9-Battery";
const hiding = { client: { preventUserExistenceErrors: "ENABLED" } } as const;
const flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"];
const hidingSignIn = {
  client: { preventUserExistenceErrors: "ENABLED", explicitAuthFlows: flows },
} as const;
const hardened = { ...hidingSignIn, extensions: { profile: "hardened" } } as const;
const email = { email: "ada@example.com", email_verified: "true" };
const mismatch = {
  name: "CodeMismatchException",
  message: "Invalid verification code provided, please try again.",
};
const expired = {
  name: "ExpiredCodeException",
  message: "Invalid code provided, please request a code again.",
};

async function poolWithAda(options: TestPoolOptions = {}, given: Partial<User> = {}) {
  const home = await testPool(app, options);
  await testUser(app, home.pool, { attributes: email, ...given });
  return home;
}

async function askFor({ client }: TestPool, Username = "ada"): Promise<string> {
  await app.client.send(new ForgotPasswordCommand({ ClientId: client.id, Username }));
  await deliverOutbox(app);
  return app.sent.at(-1)?.code ?? "none";
}

function confirm(
  { client }: TestPool,
  code: string,
  given: Partial<ConfirmForgotPasswordCommandInput> = {},
) {
  const input = { Username: "ada", ConfirmationCode: code, Password: next, ...given };
  return app.client.send(new ConfirmForgotPasswordCommand({ ClientId: client.id, ...input }));
}

describe("the right code", () => {
  test("sets the password: the new one signs in, by either flow, and the old one no more", async () => {
    const home = await poolWithAda();
    await confirm(home, await askFor(home));
    await expect(signInByPassword(app, home, { password: next })).resolves.toBeDefined();
    await expect(signInBySrp(app, home, { password: next })).resolves.toBeDefined();
    await expect(signInByPassword(app, home)).rejects.toMatchObject({
      message: "Incorrect username or password.",
    });
  });

  test("serves once", async () => {
    const home = await poolWithAda();
    const code = await askFor(home);
    await confirm(home, code);
    await expect(confirm(home, code, { Password: password })).rejects.toMatchObject(expired);
  });

  test.each(engines)("serves one of those who present it at once, on %s", async (engine) => {
    await app.close();
    app = await testApp({ engine: engine });
    const home = await poolWithAda();
    const code = await askFor(home);
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => confirm(home, code)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("ends what an administrator's reset asked for", async () => {
    const home = await poolWithAda({}, { status: "RESET_REQUIRED" });
    await confirm(home, await askFor(home));
    expect(await storedUser(app, home)).toMatchObject({ status: "CONFIRMED" });
  });

  test("lifts the lock that wrong passwords brought", async () => {
    const home = await poolWithAda();
    for (let failure = 0; failure < 12; failure++) {
      await signInByPassword(app, home, { password: "Wrong-Horse-9" }).catch(() => undefined);
      app.clock.advance(30_000);
    }
    await signInByPassword(app, home, { password: "Wrong-Horse-9" }).catch(() => undefined);
    await expect(signInByPassword(app, home)).rejects.toMatchObject({
      message: "Password attempts exceeded",
    });
    await confirm(home, await askFor(home));
    await expect(signInByPassword(app, home, { password: next })).resolves.toBeDefined();
  });

  test("voids codes that were asked for before, whatever they are for", async () => {
    const home = await poolWithAda();
    const { access } = await tokensOf(app, home);
    const attribute = { AccessToken: access, AttributeName: "email" };
    await app.client.send(new GetUserAttributeVerificationCodeCommand(attribute));
    const attributeCode = lastCode(app);
    await confirm(home, await askFor(home));
    await expect(
      app.client.send(new VerifyUserAttributeCommand({ ...attribute, Code: attributeCode })),
    ).rejects.toMatchObject(expired);
  });

  test("leaves sign-ins alone as Cognito does, and ends them in the hardened profile", async () => {
    const lax = await poolWithAda();
    const strict = await poolWithAda(hardened);
    const [kept, ended] = [await tokensOf(app, lax), await tokensOf(app, strict)];
    await confirm(lax, await askFor(lax));
    await confirm(strict, await askFor(strict));
    const read = (AccessToken: string) => app.client.send(new GetUserCommand({ AccessToken }));
    await expect(read(kept.access)).resolves.toBeDefined();
    await expect(read(ended.access)).rejects.toMatchObject({
      message: "Access Token has been revoked",
    });
  });

  test("is followed by a notice in the hardened profile", async () => {
    const home = await poolWithAda(hardened);
    await confirm(home, await askFor(home));
    await deliverOutbox(app);
    expect(app.sent.at(-1)).toMatchObject({
      to: "ada@example.com",
      subject: "Your password was changed",
    });
  });
});

describe("a code that does not serve", () => {
  test("a wrong one, and the right one still does after it", async () => {
    const home = await poolWithAda();
    const code = await askFor(home);
    await expect(confirm(home, wrongFor(code))).rejects.toMatchObject(mismatch);
    await expect(confirm(home, code)).resolves.toBeDefined();
  });

  test("one that nobody asked for", async () => {
    const home = await poolWithAda();
    await expect(confirm(home, "123456")).rejects.toMatchObject(expired);
  });

  test.each([
    ["compat", hourMs],
    ["hardened", hourMs / 6],
  ] as const)("one that is over in the %s profile, after %d ms", async (profile, lifetimeMs) => {
    const home = await poolWithAda({ extensions: { profile } });
    const code = await askFor(home);
    app.clock.advance(lifetimeMs);
    await expect(confirm(home, code)).rejects.toMatchObject(expired);
  });

  test("one that proves an attribute", async () => {
    const home = await poolWithAda();
    const { access } = await tokensOf(app, home);
    await askFor(home);
    const attribute = { AccessToken: access, AttributeName: "email" };
    await app.client.send(new GetUserAttributeVerificationCodeCommand(attribute));
    const attributeCode = lastCode(app);
    if (app.sent.at(-2)?.code !== attributeCode) {
      await expect(confirm(home, attributeCode)).rejects.toMatchObject(mismatch);
    }
  });

  test.each([
    ["another address", { email: "eve@example.com", email_verified: "true" }],
    ["an address that is no longer proved", { email_verified: "false" }],
  ])("one that went to what has become %s", async (_, changed) => {
    const home = await poolWithAda();
    const code = await askFor(home);
    await app.client.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: home.pool.id,
        Username: "ada",
        UserAttributes: Object.entries(changed).map(([Name, Value]) => ({ Name, Value })),
      }),
    );
    await expect(confirm(home, code)).rejects.toMatchObject(expired);
    await expect(signInByPassword(app, home)).resolves.toBeDefined();
  });

  test("one that went where the codes of a second factor go by now", async () => {
    const home = await poolWithAda({ settings: mfaSettings });
    const code = await askFor(home);
    const EmailMfaSettings = { Enabled: true };
    const named = { UserPoolId: home.pool.id, Username: "ada" };
    await app.client.send(new AdminSetUserMFAPreferenceCommand({ ...named, EmailMfaSettings }));
    await expect(confirm(home, code)).rejects.toMatchObject(expired);
    await expect(signInByPassword(app, home)).resolves.toMatchObject({
      ChallengeName: "EMAIL_OTP",
    });
  });

  test("the sixteenth guess in an hour, however many come at once", async () => {
    const home = await poolWithAda();
    const code = await askFor(home);
    const guesses = await Promise.allSettled(
      Array.from({ length: 18 }, () => confirm(home, wrongFor(code))),
    );
    const names = guesses.map((each) => (each.status === "rejected" ? each.reason.name : "none"));
    expect(names.filter((name) => name === "CodeMismatchException")).toHaveLength(15);
    await expect(confirm(home, code)).rejects.toMatchObject({ name: "LimitExceededException" });
  });
});

describe("the new password", () => {
  test("must be one that the pool takes; the code stays good", async () => {
    const home = await poolWithAda();
    const code = await askFor(home);
    await expect(confirm(home, code, { Password: "short" })).rejects.toMatchObject({
      name: "InvalidPasswordException",
    });
    await expect(confirm(home, code)).resolves.toBeDefined();
  });

  test("that is too long is refused before any work", async () => {
    const home = await poolWithAda();
    await expect(
      confirm(home, "123456", { Password: `Aa1!${"x".repeat(253)}` }),
    ).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test("is told to rest on the own address only to who has the code", async () => {
    const home = await poolWithAda(hardened, {
      attributes: { ...email, email: "lovelace1815@example.com" },
    });
    const code = await askFor(home);
    const near = "Lovelace1815-Xy!";
    await expect(confirm(home, wrongFor(code), { Password: near })).rejects.toMatchObject(mismatch);
    await expect(confirm(home, code, { Password: near })).rejects.toMatchObject({
      name: "InvalidPasswordException",
    });
    await expect(confirm(home, code)).resolves.toBeDefined();
  });

  test("stands in no row of the trail, and neither does the code", async () => {
    const home = await poolWithAda();
    const code = await askFor(home);
    await confirm(home, wrongFor(code)).catch(() => undefined);
    await confirm(home, code);
    for (const { requestParameters } of await app.auditEvents()) {
      const shown = JSON.stringify(requestParameters);
      for (const secret of [next, code, wrongFor(code)]) expect(shown).not.toContain(secret);
    }
    expect(JSON.stringify(app.logged)).not.toContain(next);
  });
});

describe("a name that nobody has", () => {
  test("is told by default", async () => {
    const home = await testPool(app);
    await expect(confirm(home, "123456")).rejects.toMatchObject({
      name: "UserNotFoundException",
      message: "Username/client id combination not found.",
    });
  });

  test.each(["compat", "hardened"] as const)(
    "is answered in the %s profile as one that has, where the client hides who exists",
    async (profile) => {
      const home = await poolWithAda({ ...hiding, extensions: { profile } });
      const answersTo = async (Username: string) => {
        const answers: unknown[] = [];
        const attempt = async (given: Partial<ConfirmForgotPasswordCommandInput> = {}) => {
          const asked = { Username, ...given };
          const answer = await confirm(home, "a-wrong-code", asked).catch(({ name, message }) => ({
            name,
            message,
          }));
          answers.push(answer);
        };
        await attempt();
        await askFor(home, Username);
        await attempt({ Password: "short" });
        for (let guess = 0; guess < 15; guess++) await attempt();
        app.clock.advance(hourMs);
        await attempt();
        return answers;
      };
      const known = await answersTo("ada");
      expect(await answersTo("nobody")).toEqual(known);
      expect(known[0]).toEqual(expired);
      expect(known[2]).toEqual(mismatch);
    },
  );

  test("costs as many hashes as one that has", async () => {
    const home = await poolWithAda(hiding);
    const { hash } = app.context.passwords;
    let hashes = 0;
    Object.assign(app.context.passwords, {
      hash: (text: string) => {
        hashes++;
        return hash(text);
      },
    });
    for (const Username of ["ada", "nobody"]) {
      hashes = 0;
      await confirm(home, "123456", { Username }).catch(() => undefined);
      expect(hashes).toBe(1);
    }
  });
});

test("the client's secret is proved over the typed name or over the stored one", async () => {
  const settings = { usernameAttributes: ["email"] } as const;
  const home = await testPool(app, { settings, secret: "the-secret-of-this-client" });
  const user = await testUser(app, home.pool, {
    username: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    attributes: email,
  });
  const hash = (name: string) =>
    createHmac("sha256", "the-secret-of-this-client")
      .update(name + home.client.id)
      .digest("base64");
  const Username = "ada@example.com";
  for (const name of [Username, user.username]) {
    await expect(
      confirm(home, "123456", { Username, SecretHash: hash(name) }),
    ).rejects.toMatchObject(expired);
  }
  await expect(
    confirm(home, "123456", { Username, SecretHash: hash("eve") }),
  ).rejects.toMatchObject({
    message: `Unable to verify secret hash for client ${home.client.id}`,
  });
});
