import {
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  CreateUserPoolCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  RespondToAuthChallengeCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listPreviousPasswords } from "../../../store/previous-passwords.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, wrongFor } from "../../../testing/codes.ts";
import { engines } from "../../../testing/places.ts";
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

const policy = {
  minimumLength: 8,
  requireUppercase: true,
  requireLowercase: true,
  requireNumbers: true,
  requireSymbols: true,
  temporaryPasswordValidityDays: 7,
};
const usedBefore = { name: "PasswordHistoryPolicyViolationException" };
const hourMs = 3_600_000;
const nth = (n: number) => `Horse-Number-${n}-Battery`;

async function poolOf(size: number, options: TestPoolOptions = {}): Promise<TestPool> {
  const passwordPolicy = { ...policy, ...(size > 0 ? { passwordHistorySize: size } : {}) };
  const home = await testPool(app, { ...options, settings: { passwordPolicy } });
  const attributes = { email: "ada@example.com", email_verified: "true" };
  await testUser(app, home.pool, { attributes });
  return home;
}

/** Sets another size, as an administrator does. */
async function resize({ pool }: TestPool, PasswordHistorySize: number) {
  const PasswordPolicy = { MinimumLength: 8, PasswordHistorySize };
  const Policies = { PasswordPolicy };
  await app.client.send(new UpdateUserPoolCommand({ UserPoolId: pool.id, Policies }));
}

/** Changes the password from one to the next, as its user does. */
async function change(home: TestPool, from: string, to: string) {
  const { access: AccessToken } = await tokensOf(app, home, { password: from });
  const input = { AccessToken, PreviousPassword: from, ProposedPassword: to };
  return app.client.send(new ChangePasswordCommand(input));
}

function set({ pool }: TestPool, Password: string, Permanent = true) {
  const input = { UserPoolId: pool.id, Username: "ada", Password, Permanent };
  return app.client.send(new AdminSetUserPasswordCommand(input));
}

async function askForCode({ client }: TestPool, Username = "ada"): Promise<string> {
  await app.client.send(new ForgotPasswordCommand({ ClientId: client.id, Username }));
  await deliverOutbox(app);
  return app.sent.at(-1)?.code ?? "none";
}

function confirm({ client }: TestPool, given: { code: string; to: string; name?: string }) {
  const { code: ConfirmationCode, to: Password, name: Username = "ada" } = given;
  const input = { ClientId: client.id, Username, ConfirmationCode, Password };
  return app.client.send(new ConfirmForgotPasswordCommand(input));
}

async function kept(home: TestPool): Promise<number> {
  const { id: userId = "" } = (await storedUser(app, home)) ?? {};
  const { db } = app.context.store;
  return (await listPreviousPasswords(db, { userPoolId: home.pool.id, userId, limit: 99 })).length;
}

describe("a change of password", () => {
  test("takes none of the last ones, and an older one again", async () => {
    const home = await poolOf(3);
    await change(home, password, nth(1));
    await change(home, nth(1), nth(2));
    for (const used of [nth(2), nth(1), password]) {
      await expect(change(home, nth(2), used)).rejects.toMatchObject(usedBefore);
    }
    app.clock.advance(hourMs);
    await change(home, nth(2), nth(3));
    await change(home, nth(3), password);
    await expect(signInByPassword(app, home)).resolves.toBeDefined();
  });

  test("with a history of one refuses the present password alone", async () => {
    const home = await poolOf(1);
    await expect(change(home, password, password)).rejects.toMatchObject(usedBefore);
    await change(home, password, nth(1));
    await change(home, nth(1), password);
  });

  test("without a history takes any, and keeps none", async () => {
    const home = await poolOf(0);
    await change(home, password, password);
    await change(home, password, nth(1));
    await change(home, nth(1), password);
    expect(await kept(home)).toBe(0);
  });

  test("that is refused leaves the password as it was", async () => {
    const home = await poolOf(2);
    await change(home, password, nth(1));
    await expect(change(home, nth(1), password)).rejects.toMatchObject(usedBefore);
    await expect(signInByPassword(app, home, { password: nth(1) })).resolves.toBeDefined();
    await expect(signInByPassword(app, home)).rejects.toMatchObject({
      message: "Incorrect username or password.",
    });
    expect(await kept(home)).toBe(1);
  });

  test("tells nothing of the history to who does not know the present password", async () => {
    const home = await poolOf(3);
    await change(home, password, nth(1));
    const { access: AccessToken } = await tokensOf(app, home, { password: nth(1) });
    const verify = vi.spyOn(app.context.passwords, "verify");
    for (const ProposedPassword of [password, nth(1), nth(2)]) {
      const input = { AccessToken, PreviousPassword: nth(9), ProposedPassword };
      await expect(app.client.send(new ChangePasswordCommand(input))).rejects.toMatchObject({
        message: "Incorrect username or password.",
      });
    }
    expect(verify).toHaveBeenCalledTimes(3);
  });

  test("takes what another user had", async () => {
    const home = await poolOf(24);
    await testUser(app, home.pool, { username: "eve", password: nth(1) });
    await change(home, password, nth(1));
  });

  test("costs no more hashes than the history is long", async () => {
    const home = await poolOf(2);
    await change(home, password, nth(1));
    await change(home, nth(1), nth(2));
    await change(home, nth(2), nth(3));
    const verify = vi.spyOn(app.context.passwords, "verify");
    await change(home, nth(3), nth(4));
    // Signing in, the present password, and two of the history.
    expect(verify).toHaveBeenCalledTimes(4);
    expect(await kept(home)).toBe(2);
  });
});

describe("the size of the history", () => {
  test("counts from when it was made longer, and is forgotten where it ends", async () => {
    const home = await poolOf(1);
    await change(home, password, nth(1));
    await resize(home, 5);
    await change(home, nth(1), nth(2));
    await expect(change(home, nth(2), nth(1))).rejects.toMatchObject(usedBefore);
    await resize(home, 0);
    await change(home, nth(2), nth(1));
    expect(await kept(home)).toBe(0);
    await resize(home, 5);
    await change(home, nth(1), nth(2));
  });

  test.each([1, 24])("%i is shown, and asked for by an update", async (size) => {
    const { UserPool } = await app.client.send(
      new CreateUserPoolCommand({
        PoolName: "shop",
        Policies: { PasswordPolicy: { PasswordHistorySize: size } },
      }),
    );
    expect(UserPool?.Policies?.PasswordPolicy?.PasswordHistorySize).toBe(size);
    const named = { UserPoolId: UserPool?.Id };
    await app.client.send(new UpdateUserPoolCommand(named));
    const after = await app.client.send(new DescribeUserPoolCommand(named));
    expect(after.UserPool?.Policies?.PasswordPolicy).not.toHaveProperty("PasswordHistorySize");
  });

  test.each([-1, 25, 1e9])("%i is none", async (PasswordHistorySize) => {
    const Policies = { PasswordPolicy: { PasswordHistorySize } };
    const command = new CreateUserPoolCommand({ PoolName: "shop", Policies });
    await expect(app.client.send(command)).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test("needs a tier above LITE, but for zero", async () => {
    const make = (PasswordHistorySize: number) =>
      app.client.send(
        new CreateUserPoolCommand({
          PoolName: "shop",
          UserPoolTier: "LITE",
          Policies: { PasswordPolicy: { PasswordHistorySize } },
        }),
      );
    await expect(make(1)).rejects.toMatchObject({ name: "FeatureUnavailableInTierException" });
    const { UserPool } = await make(0);
    expect(UserPool?.Policies?.PasswordPolicy).not.toHaveProperty("PasswordHistorySize");
  });
});

describe("an administrator", () => {
  test("sets none of the last passwords for good", async () => {
    const home = await poolOf(2);
    await expect(set(home, password)).rejects.toMatchObject(usedBefore);
    await set(home, nth(1));
    await expect(set(home, password)).rejects.toMatchObject(usedBefore);
    await set(home, nth(2));
    await set(home, password);
    await expect(signInByPassword(app, home)).resolves.toBeDefined();
  });

  test("may give any temporary password, which takes no other's place", async () => {
    const home = await poolOf(2);
    await change(home, password, nth(1));
    await set(home, nth(1), false);
    await set(home, nth(5), false);
    await set(home, nth(6), false);
    for (const used of [password, nth(1), nth(6)]) {
      await expect(set(home, used)).rejects.toMatchObject(usedBefore);
    }
    await set(home, nth(5));
  });
});

test("an invitation is answered with none of the last passwords, and its Session is good for another", async () => {
  const home = await poolOf(2);
  await change(home, password, nth(1));
  await set(home, nth(5), false);
  const { Session } = await signInByPassword(app, home, { password: nth(5) });
  const answer = (NEW_PASSWORD: string) =>
    app.client.send(
      new RespondToAuthChallengeCommand({
        ClientId: home.client.id,
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        Session,
        ChallengeResponses: { USERNAME: "ada", NEW_PASSWORD },
      }),
    );
  for (const used of [password, nth(1), nth(5)]) {
    await expect(answer(used)).rejects.toMatchObject(usedBefore);
  }
  expect((await answer(nth(6))).AuthenticationResult?.AccessToken).toBeDefined();
  await expect(change(home, nth(6), nth(1))).rejects.toMatchObject(usedBefore);
});

describe("a forgotten password", () => {
  test("is not set again, and the code is good for another one", async () => {
    const home = await poolOf(3);
    await change(home, password, nth(1));
    const code = await askForCode(home);
    for (const used of [nth(1), password]) {
      await expect(confirm(home, { code, to: used })).rejects.toMatchObject(usedBefore);
    }
    await confirm(home, { code, to: nth(2) });
    await expect(signInByPassword(app, home, { password: nth(2) })).resolves.toBeDefined();
    const second = await askForCode(home);
    await expect(confirm(home, { code: second, to: nth(1) })).rejects.toMatchObject(usedBefore);
  });

  test("is not set again after an administrator's reset", async () => {
    const home = await poolOf(1);
    const named = { UserPoolId: home.pool.id, Username: "ada" };
    await app.client.send(new AdminResetUserPasswordCommand(named));
    await deliverOutbox(app);
    const code = app.sent.at(-1)?.code ?? "none";
    await expect(confirm(home, { code, to: password })).rejects.toMatchObject(usedBefore);
    await confirm(home, { code, to: nth(1) });
  });

  test.each(["compat", "hardened"] as const)(
    "costs a wrong code no look at the history, and tells nothing of it (%s)",
    async (profile) => {
      const home = await poolOf(24, {
        extensions: { profile },
        client: { preventUserExistenceErrors: "ENABLED" },
      });
      const code = await askForCode(home);
      await askForCode(home, "nobody");
      const verify = vi.spyOn(app.context.passwords, "verify");
      const mismatch = { name: "CodeMismatchException" };
      const wrong = wrongFor(code);
      await expect(confirm(home, { code: wrong, to: password })).rejects.toMatchObject(mismatch);
      await expect(confirm(home, { code: wrong, to: nth(1) })).rejects.toMatchObject(mismatch);
      await expect(
        confirm(home, { code: wrong, to: nth(1), name: "nobody" }),
      ).rejects.toMatchObject(mismatch);
      expect(verify).not.toHaveBeenCalled();
      await expect(confirm(home, { code, to: password })).rejects.toMatchObject(usedBefore);
    },
  );

  test("of guesses at once no more look at the history than the limit lets through", async () => {
    const home = await poolOf(24);
    const code = await askForCode(home);
    const verify = vi.spyOn(app.context.passwords, "verify");
    const guesses = await Promise.allSettled(
      Array.from({ length: 30 }, () => confirm(home, { code: wrongFor(code), to: password })),
    );
    const names = guesses.map((each) => (each.status === "rejected" ? each.reason.name : "none"));
    expect(names.filter((name) => name === "LimitExceededException")).toHaveLength(15);
    expect(names.filter((name) => name === "CodeMismatchException")).toHaveLength(15);
    expect(verify).not.toHaveBeenCalled();
  });
});

test("no password and no hash reaches the trail", async () => {
  const home = await poolOf(3);
  await change(home, password, nth(1));
  await expect(change(home, nth(1), password)).rejects.toMatchObject(usedBefore);
  const told = JSON.stringify([await app.auditEvents(), app.logged]);
  expect(told).toContain("PasswordHistoryPolicyViolationException");
  for (const secret of [password, nth(1), "$argon2id"]) expect(told).not.toContain(secret);
});

test.each(engines)("two changes at once make one step of history, on %s", async (engine) => {
  await app.close();
  app = await testApp({ engine });
  const home = await poolOf(5);
  const { access: AccessToken } = await tokensOf(app, home);
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map((n) =>
      app.client.send(
        new ChangePasswordCommand({
          AccessToken,
          PreviousPassword: password,
          ProposedPassword: nth(n),
        }),
      ),
    ),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await kept(home)).toBe(1);
});
