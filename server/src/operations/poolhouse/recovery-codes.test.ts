import {
  AdminDeleteSoftwareTokenCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isRecoveryCode, takeRecoveryCode } from "../../domain/mfa/recovery-codes.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { deliverOutbox } from "../../testing/codes.ts";
import {
  asProved,
  awaitStep,
  mfaSettings,
  setUpApp,
  signInByCode,
  totpAt,
} from "../../testing/mfa.ts";
import { storedUser, type TestPool, testCall, testUser } from "../../testing/pools.ts";
import { signedInUser, tokensOf } from "../../testing/sign-in.ts";
import { signedCall } from "../../testing/signed-call.ts";
import { createRecoveryCodes, unsignedCall } from "../../testing/unsigned-call.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
  awaitStep(app);
});
afterEach(() => app.close());

const create = (AccessToken: string) => createRecoveryCodes(app, AccessToken);

async function left(AccessToken: string): Promise<number> {
  const told = await unsignedCall<{ RemainingCodes: number }>(app, "DescribeRecoveryCodes", {
    AccessToken,
  });
  return told.RemainingCodes;
}

async function take({ pool }: TestPool, code: string, name = "ada"): Promise<boolean> {
  const user = await storedUser(app, { pool } as TestPool, name);
  if (!user) throw new Error("the user is there");
  const call = testCall(app);
  return call.change((trx) => takeRecoveryCode(trx, call, { pool, user, code }));
}

/** A user whose sign-in passed a second factor, in a pool that has recovery codes. */
async function passedUser(extensions: { profile?: "hardened" } = {}) {
  const on = { recoveryCodes: "on", ...extensions } as const;
  const made = await signedInUser(app, { settings: mfaSettings, extensions: on });
  const { id } = await tokensOf(app, made.home);
  const secret = await setUpApp(app, made.access);
  app.clock.advance(30_000);
  const access = await signInByCode(app, made.home, totpAt(app, secret));
  return { ...made, access, id };
}

const unproved = {
  name: "NotAuthorizedException",
  message: "Sign in with a second factor to change it.",
};

describe("a set of codes", () => {
  test("is ten codes, each good once", async () => {
    const { home, access } = await passedUser();
    expect(await left(access)).toBe(0);
    const codes = await create(access);
    expect(new Set(codes).size).toBe(10);
    expect(codes.every((code) => /^[A-Z2-7]{10}$/.test(code))).toBe(true);
    expect(await left(access)).toBe(10);
    const [first = "", second = ""] = codes;
    expect(await take(home, first)).toBe(true);
    expect(await take(home, first)).toBe(false);
    expect(await take(home, second)).toBe(true);
    expect(await left(access)).toBe(8);
  });

  test("is taken as people type it", async () => {
    const { home, access } = await passedUser();
    const [first = "", second = "", third = ""] = await create(access);
    expect(await take(home, first.toLowerCase())).toBe(true);
    expect(await take(home, ` ${second.slice(0, 5)}-${second.slice(5)}\n`)).toBe(true);
    expect(await take(home, third.slice(0, 9))).toBe(false);
    expect(await take(home, `${third}A`)).toBe(false);
    expect(await take(home, `${third}${" ".repeat(60)}`)).toBe(false);
    expect(await take(home, third)).toBe(true);
  });

  test("voids the one before", async () => {
    const { home, access } = await passedUser();
    const [old = ""] = await create(access);
    const [fresh = ""] = await create(access);
    expect(await take(home, old)).toBe(false);
    expect(await take(home, fresh)).toBe(true);
    expect(await left(access)).toBe(9);
  });

  test("is one, of several that are made at once", async () => {
    const { home, access } = await passedUser();
    const sets = await Promise.all([create(access), create(access), create(access)]);
    expect(await left(access)).toBe(10);
    const good = [];
    for (const codes of sets) {
      for (const code of codes) if (await take(home, code)) good.push(code);
    }
    expect(good).toHaveLength(10);
  });

  test("gives each code to one of several at once", async () => {
    const { home, access } = await passedUser();
    const [code = ""] = await create(access);
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(home, code)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  test("is its user's alone", async () => {
    const { home, access } = await passedUser();
    const [code = ""] = await create(access);
    await testUser(app, home.pool, { username: "eve" });
    expect(await take(home, code, "eve")).toBe(false);
    const { access: eves } = await tokensOf(app, home, { username: "eve" });
    expect(await left(eves)).toBe(0);
    expect(await take(home, code)).toBe(true);
  });

  test("goes with the app that an administrator takes away", async () => {
    const { home, access } = await passedUser();
    const [code = ""] = await create(access);
    await app.client.send(
      new AdminDeleteSoftwareTokenCommand({ UserPoolId: home.pool.id, Username: "ada" }),
    );
    expect(await take(home, code)).toBe(false);
    expect(await left(access)).toBe(0);
  });

  test("counts for nothing once the pool has none", async () => {
    const { home, access } = await passedUser();
    const [code = ""] = await create(access);
    await signedCall(app, {
      target: "PoolhouseService.PutUserPoolExtensions",
      input: { UserPoolId: home.pool.id, Extensions: { RecoveryCodes: "off" } },
    });
    const off = { ...home.pool, extensions: { ...home.pool.extensions, recoveryCodes: "off" } };
    expect(await take({ ...home, pool: off as TestPool["pool"] }, code)).toBe(false);
    await expect(create(access)).rejects.toThrow("Recovery codes are not enabled");
    await expect(left(access)).rejects.toThrow("Recovery codes are not enabled");
  });

  test("is nowhere in the clear, nor as a bare hash", async () => {
    const { access } = await passedUser();
    const codes = await create(access);
    const rows = await app.context.store.db.selectFrom("recovery_codes").selectAll().execute();
    expect(rows).toHaveLength(10);
    expect(new Set(rows.map((row) => row.mac)).size).toBe(10);
    const told = JSON.stringify([rows, await app.auditEvents(), app.logged, app.sent]);
    for (const code of codes) expect(told).not.toContain(code);
    expect((await app.auditEvents()).at(-1)).toMatchObject({ eventName: "CreateRecoveryCodes" });
  });
});

test("a code stands for the app at a sign-in, once, and lets its user set up another", async () => {
  const { home, access } = await passedUser({ profile: "hardened" });
  const [code = ""] = await create(access);
  const recovered = await signInByCode(app, home, code);
  await expect(signInByCode(app, home, code)).rejects.toMatchObject({
    name: "CodeMismatchException",
  });
  expect(await left(recovered)).toBe(9);
  const secret = await setUpApp(app, recovered);
  app.clock.advance(30_000);
  await signInByCode(app, home, totpAt(app, secret));
});

describe("making them", () => {
  test("is refused to a sign-in without a second factor, in either profile", async () => {
    for (const extensions of [{}, { profile: "hardened" as const }]) {
      const { access } = await passedUser(extensions);
      await asProved(app, access, "PASSWORD", "DEVICE");
      await expect(create(access)).rejects.toMatchObject(unproved);
      await asProved(app, access, "WEB_AUTHN");
      await expect(create(access)).rejects.toMatchObject(unproved);
      expect(await left(access)).toBe(0);
    }
  });

  test("is refused without a factor that they could stand for", async () => {
    const { access } = await signedInUser(app, {
      settings: mfaSettings,
      extensions: { recoveryCodes: "on" },
    });
    await asProved(app, access, "PASSWORD", "SMS_MFA");
    await expect(create(access)).rejects.toThrow("There is no second factor");
  });

  test("is refused where the pool has none, which is the default", async () => {
    const { access } = await signedInUser(app, { settings: mfaSettings });
    await setUpApp(app, access);
    await asProved(app, access, "SOFTWARE_TOKEN_MFA");
    await expect(create(access)).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "Recovery codes are not enabled for the user pool.",
    });
  });

  test("is refused to whoever's password was reset, and to the disabled", async () => {
    const { home, access } = await passedUser();
    const [code = ""] = await create(access);
    const named = { UserPoolId: home.pool.id, Username: "ada" };
    await app.client.send(new AdminResetUserPasswordCommand(named));
    await expect(create(access)).rejects.toThrow();
    await app.client.send(new AdminDisableUserCommand(named));
    await expect(create(access)).rejects.toThrow();
    await expect(left(access)).rejects.toThrow();
    expect(await take(home, code)).toBe(true);
  });

  test("takes a token of the user, and nothing else", async () => {
    const { access, id } = await passedUser();
    await expect(create(id)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    await expect(create("not.a.token")).rejects.toMatchObject({ name: "NotAuthorizedException" });
    await expect(unsignedCall(app, "CreateRecoveryCodes", {})).rejects.toThrow("'accessToken'");
    const more = { AccessToken: access, Username: "eve" };
    await expect(unsignedCall(app, "CreateRecoveryCodes", more)).rejects.toMatchObject({
      name: "SerializationException",
    });
    expect(await left(access)).toBe(0);
  });

  test("is told to the user in the hardened profile", async () => {
    const { access } = await passedUser({ profile: "hardened" });
    await create(access);
    await deliverOutbox(app);
    expect(app.sent.map(({ subject }) => subject)).toEqual([
      "A way to sign in was added",
      "A way to sign in was added",
    ]);
  });
});

test.each(["123456", "12345678", "", "ABCDE-FGHI", "ABCDE0FGHI", "A".repeat(11), "ÄBCDEFGHIJ"])(
  "%j is no recovery code",
  (text) => {
    expect(isRecoveryCode(text)).toBe(false);
  },
);
