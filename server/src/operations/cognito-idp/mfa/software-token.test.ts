import {
  AdminDeleteSoftwareTokenCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  GetUserCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { friendlyNameOf, takeTotpCode } from "../../../domain/mfa/software-token.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox } from "../../../testing/codes.ts";
import {
  asProved,
  associate,
  awaitStep,
  mfaSettings,
  setUpApp,
  signInByCode,
  totpAt,
  verify,
  wrongTotp,
} from "../../../testing/mfa.ts";
import { storedUser, type TestPool, testCall, testUser } from "../../../testing/pools.ts";
import { signedInUser, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
  awaitStep(app);
});
afterEach(() => app.close());

const signedIn = (extensions: { profile?: "hardened" } = {}) =>
  signedInUser(app, { settings: mfaSettings, extensions });

async function take(home: TestPool, code: string) {
  const user = await storedUser(app, home);
  if (!user) throw new Error("the user is there");
  const call = testCall(app);
  return call.change((trx) => takeTotpCode(trx, call, { pool: home.pool, user, code }));
}

function deleteApp({ pool }: TestPool, Username = "ada") {
  return app.client.send(new AdminDeleteSoftwareTokenCommand({ UserPoolId: pool.id, Username }));
}

const mismatch = {
  name: "EnableSoftwareTokenMFAException",
  message: "Code mismatch and fail enable Software Token MFA",
};
const locked = { name: "NotAuthorizedException", message: "Password attempts exceeded" };
const notFound = {
  name: "SoftwareTokenMFANotFoundException",
  message: "Software Token MFA does not exist for the user.",
};

describe("setting an app up", () => {
  test("takes the secret and a code of it", async () => {
    const { home, access } = await signedIn();
    const secret = await associate(app, access);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect((await storedUser(app, home))?.factors.softwareToken).toBe(false);
    const UserCode = totpAt(app, secret);
    const given = { AccessToken: access, UserCode, FriendlyDeviceName: "Ada's phone" };
    expect(await verify(app, given)).toMatchObject({ Status: "SUCCESS" });
    const user = await storedUser(app, home);
    expect(user?.factors).toMatchObject({ softwareToken: true, enabled: [] });
    const owner = { pool: home.pool, user: user ?? { id: "" } };
    expect(await friendlyNameOf(app.context.store.db, owner)).toBe("Ada's phone");
  });

  test("is not done with a wrong code, and then with a right one", async () => {
    const { home, access } = await signedIn();
    const secret = await associate(app, access);
    const wrong = { AccessToken: access, UserCode: wrongTotp(app, secret) };
    await expect(verify(app, wrong)).rejects.toMatchObject(mismatch);
    expect((await storedUser(app, home))?.factors.softwareToken).toBe(false);
    await verify(app, { AccessToken: access, UserCode: totpAt(app, secret) });
    expect((await storedUser(app, home))?.factors.softwareToken).toBe(true);
  });

  test("takes the secret that was handed out last", async () => {
    const { access } = await signedIn();
    const first = await associate(app, access);
    const second = await associate(app, access);
    await expect(
      verify(app, { AccessToken: access, UserCode: totpAt(app, first) }),
    ).rejects.toMatchObject(mismatch);
    await verify(app, { AccessToken: access, UserCode: totpAt(app, second) });
  });

  test("needs a secret, which is good once", async () => {
    const { access } = await signedIn();
    const code = { AccessToken: access, UserCode: "123456" };
    await expect(verify(app, code)).rejects.toMatchObject(notFound);
    const secret = await associate(app, access);
    await verify(app, { AccessToken: access, UserCode: totpAt(app, secret) });
    const again = { AccessToken: access, UserCode: totpAt(app, secret) };
    await expect(verify(app, again)).rejects.toMatchObject(notFound);
  });

  test("is done by one of several proofs at once", async () => {
    const { home, access } = await signedIn();
    const secret = await associate(app, access);
    const UserCode = totpAt(app, secret);
    const proofs = Array.from({ length: 6 }, () => verify(app, { AccessToken: access, UserCode }));
    const outcomes = await Promise.allSettled(proofs);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await take(home, UserCode)).toBe("used");
  });

  test("leaves the app that there is until a code of the new one is proved", async () => {
    const { home, access } = await signedIn();
    const first = await setUpApp(app, access);
    const second = await associate(app, access);
    const wrong = { AccessToken: access, UserCode: wrongTotp(app, second) };
    await expect(verify(app, wrong)).rejects.toMatchObject(mismatch);
    app.clock.advance(30_000);
    expect(await take(home, totpAt(app, second))).toBe("wrong");
    expect(await take(home, totpAt(app, first))).toBe("taken");
    await verify(app, { AccessToken: access, UserCode: totpAt(app, second) });
    app.clock.advance(60_000);
    expect(await take(home, totpAt(app, first))).toBe("wrong");
    expect(await take(home, totpAt(app, second))).toBe("taken");
  });

  test("is its user's alone", async () => {
    const { home, access } = await signedIn();
    const secret = await associate(app, access);
    await testUser(app, home.pool, { username: "eve" });
    const { access: eves } = await tokensOf(app, home, { username: "eve" });
    const stolen = { AccessToken: eves, UserCode: totpAt(app, secret) };
    await expect(verify(app, stolen)).rejects.toMatchObject(notFound);
    await associate(app, eves);
    await expect(verify(app, stolen)).rejects.toMatchObject(mismatch);
  });

  test.each([
    ["where MFA is off", { mfaConfiguration: "OFF" }],
    ["where apps are no factor", { mfa: { sms: true, softwareToken: false } }],
  ] as const)("is refused %s", async (_where, settings) => {
    const { access } = await signedInUser(app, { settings: { ...mfaSettings, ...settings } });
    const off = {
      name: "SoftwareTokenMFANotFoundException",
      message: "Software Token MFA has not been enabled by the userPool",
    };
    await expect(associate(app, access)).rejects.toMatchObject(off);
    await expect(verify(app, { AccessToken: access, UserCode: "123456" })).rejects.toMatchObject(
      off,
    );
  });

  test("is refused to whoever's password was reset", async () => {
    const { home, access } = await signedIn();
    const secret = await associate(app, access);
    await app.client.send(
      new AdminResetUserPasswordCommand({ UserPoolId: home.pool.id, Username: "ada" }),
    );
    await expect(associate(app, access)).rejects.toThrow();
    await expect(
      verify(app, { AccessToken: access, UserCode: totpAt(app, secret) }),
    ).rejects.toThrow();
    expect((await storedUser(app, home))?.factors.softwareToken).toBe(false);
  });

  test("is refused without a proof of who asks, and with two", async () => {
    const { access } = await signedIn();
    const send = (input: { AccessToken?: string; Session?: string }) =>
      app.client.send(new AssociateSoftwareTokenCommand(input));
    await expect(send({})).rejects.toThrow("Missing required parameter AccessToken");
    await expect(send({ AccessToken: access, Session: "s".repeat(20) })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    const unknown = { name: "NotAuthorizedException" };
    await expect(send({ Session: "s".repeat(20) })).rejects.toMatchObject(unknown);
    await expect(send({ AccessToken: "not.a.token" })).rejects.toMatchObject(unknown);
    await expect(
      app.client.send(new VerifySoftwareTokenCommand({ UserCode: "123456" })),
    ).rejects.toThrow("Missing required parameter AccessToken");
  });

  test.each(["12345", "1234567", "12345a", "１２３４５６"])(
    "takes no code of another form: %s",
    async (UserCode) => {
      const { access } = await signedIn();
      await associate(app, access);
      await expect(verify(app, { AccessToken: access, UserCode })).rejects.toMatchObject({
        name: "InvalidParameterException",
      });
    },
  );

  test("takes a name of 256 characters and not of one more", async () => {
    const { home, access } = await signedIn();
    const secret = await associate(app, access);
    const given = (FriendlyDeviceName: string) => ({
      ...{ AccessToken: access, UserCode: totpAt(app, secret), FriendlyDeviceName },
    });
    await expect(verify(app, given("📱".repeat(257)))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    expect((await storedUser(app, home))?.factors.softwareToken).toBe(false);
    await verify(app, given("📱".repeat(256)));
  });
});

describe("guesses", () => {
  test("are counted per user: after five, right ones too are refused unseen", async () => {
    const { home, access } = await signedIn();
    const { access: elsewhere } = await tokensOf(app, home);
    const secret = await associate(app, access);
    const guess = (AccessToken: string) =>
      verify(app, { AccessToken, UserCode: wrongTotp(app, secret) });
    for (let n = 0; n < 5; n++) {
      await expect(guess(n % 2 ? access : elsewhere)).rejects.toMatchObject(mismatch);
    }
    const right = () => verify(app, { AccessToken: access, UserCode: totpAt(app, secret) });
    await expect(right()).rejects.toMatchObject(locked);
    await associate(app, elsewhere);
    await expect(guess(elsewhere)).rejects.toMatchObject(locked);
    app.clock.advance(1_500);
    const last = await associate(app, access);
    await verify(app, { AccessToken: access, UserCode: totpAt(app, last) });
  });

  test("of many at once no more are looked at than are free", async () => {
    const { access } = await signedIn();
    const secret = await associate(app, access);
    const UserCode = wrongTotp(app, secret);
    const guesses = Array.from({ length: 30 }, () =>
      verify(app, { AccessToken: access, UserCode }),
    );
    const outcomes = await Promise.allSettled(guesses);
    const told = outcomes.flatMap((each) => (each.status === "rejected" ? [each.reason.name] : []));
    expect(told.filter((name) => name === mismatch.name)).toHaveLength(5);
    expect(told.filter((name) => name === locked.name)).toHaveLength(25);
  });

  test("are not given back by setting up an app of one's own", async () => {
    const { access } = await signedIn();
    for (let n = 0; n < 5; n++) {
      const secret = await associate(app, access);
      const wrong = { AccessToken: access, UserCode: wrongTotp(app, secret) };
      if (n < 4) await expect(verify(app, wrong)).rejects.toMatchObject(mismatch);
      await verify(app, { AccessToken: access, UserCode: totpAt(app, secret) });
    }
    const secret = await associate(app, access);
    const wrong = { AccessToken: access, UserCode: wrongTotp(app, secret) };
    await expect(verify(app, wrong)).rejects.toMatchObject(mismatch);
    await expect(verify(app, wrong)).rejects.toMatchObject(locked);
  });

  test("lock no password, and wrong passwords no app", async () => {
    const { home, access } = await signedIn();
    const secret = await associate(app, access);
    for (let n = 0; n < 5; n++) {
      const wrong = { AccessToken: access, UserCode: wrongTotp(app, secret) };
      await expect(verify(app, wrong)).rejects.toMatchObject(mismatch);
    }
    await tokensOf(app, home);
  });
});

describe("codes of the app", () => {
  test("are good once, and none before one that was taken", async () => {
    const { home, access } = await signedIn();
    const secret = await setUpApp(app, access);
    expect(await take(home, totpAt(app, secret))).toBe("used");
    expect(await take(home, totpAt(app, secret, -1))).toBe("used");
    expect(await take(home, totpAt(app, secret, 1))).toBe("taken");
    expect(await take(home, totpAt(app, secret))).toBe("used");
    app.clock.advance(60_000);
    expect(await take(home, totpAt(app, secret, -2))).toBe("wrong");
    expect(await take(home, totpAt(app, secret))).toBe("taken");
  });

  test("are good for one of several who come at once", async () => {
    const { home, access } = await signedIn();
    const secret = await setUpApp(app, access);
    app.clock.advance(30_000);
    const code = totpAt(app, secret);
    const taken = await Promise.all(Array.from({ length: 8 }, () => take(home, code)));
    expect(taken.filter((each) => each === "taken")).toHaveLength(1);
    expect(taken.filter((each) => each === "used")).toHaveLength(7);
  });

  test("are wrong for a secret that was never proved, and without an app", async () => {
    const { home, access } = await signedIn();
    expect(await take(home, "123456")).toBe("wrong");
    const secret = await associate(app, access);
    expect(await take(home, totpAt(app, secret))).toBe("wrong");
  });
});

test("the secret is nowhere in the clear", async () => {
  const { access } = await signedIn();
  const secret = await setUpApp(app, access);
  const rows = await app.context.store.db.selectFrom("software_tokens").selectAll().execute();
  const told = JSON.stringify([rows, await app.auditEvents(), app.logged, app.sent]);
  expect(rows).toHaveLength(1);
  expect(told).not.toContain(secret);
});

test("the trail has every try, without the code", async () => {
  const { access } = await signedIn();
  const secret = await associate(app, access);
  const UserCode = wrongTotp(app, secret);
  await verify(app, { AccessToken: access, UserCode }).catch(() => undefined);
  const events = (await app.auditEvents()).slice(-2);
  expect(events).toMatchObject([
    { eventName: "AssociateSoftwareToken" },
    { eventName: "VerifySoftwareToken", errorCode: mismatch.name },
  ]);
  expect(JSON.stringify(events)).not.toContain(UserCode);
});

describe("in the hardened profile", () => {
  const unproved = {
    name: "NotAuthorizedException",
    message: "Sign in with a second factor to change it.",
  };

  test("a second app takes a sign-in by the first", async () => {
    const { home, access } = await signedIn({ profile: "hardened" });
    const first = await setUpApp(app, access);
    const second = await associate(app, access);
    const proof = () => verify(app, { AccessToken: access, UserCode: totpAt(app, second) });
    await expect(proof()).rejects.toMatchObject(unproved);
    await asProved(app, access, "PASSWORD", "DEVICE");
    await expect(proof()).rejects.toMatchObject(unproved);
    app.clock.advance(30_000);
    const proved = await signInByCode(app, home, totpAt(app, first));
    await verify(app, { AccessToken: proved, UserCode: totpAt(app, second) });
  });

  test("an app beside another factor takes a sign-in by that", async () => {
    const home = await signedInUser(
      app,
      { settings: mfaSettings, extensions: { profile: "hardened" } },
      { email: "ada@example.com", email_verified: "true", phone_number: "+12065550100" },
    );
    const user = await storedUser(app, home.home);
    if (!user) throw new Error("the user is there");
    await app.context.store.db
      .updateTable("users")
      .set({ factors: JSON.stringify({ ...user.factors, enabled: ["SMS_MFA"] }) })
      .execute();
    const secret = await associate(app, home.access);
    const proof = { AccessToken: home.access, UserCode: totpAt(app, secret) };
    await expect(verify(app, proof)).rejects.toMatchObject(unproved);
  });

  test("the user is told", async () => {
    const { home, access } = await signedIn({ profile: "hardened" });
    await setUpApp(app, access);
    await deleteApp(home);
    await deliverOutbox(app);
    expect(app.sent.map(({ to, subject }) => ({ to, subject }))).toEqual([
      { to: "ada@example.com", subject: "A way to sign in was added" },
      { to: "ada@example.com", subject: "A way to sign in was removed" },
    ]);
  });
});

describe("AdminDeleteSoftwareToken", () => {
  test("takes the app away, and with it its place among the factors", async () => {
    const { home, access } = await signedIn();
    const secret = await setUpApp(app, access);
    const pending = await associate(app, access);
    await deleteApp(home);
    app.clock.advance(30_000);
    expect(await take(home, totpAt(app, secret))).toBe("wrong");
    await expect(
      verify(app, { AccessToken: access, UserCode: totpAt(app, pending) }),
    ).rejects.toMatchObject(notFound);
    const shown = await app.client.send(new GetUserCommand({ AccessToken: access }));
    expect(shown.UserMFASettingList).toBeUndefined();
    expect(shown.PreferredMfaSetting).toBeUndefined();
  });

  test("is refused for a user without an app, and for nobody", async () => {
    const { home } = await signedIn();
    const missing = { name: "ResourceNotFoundException" };
    await expect(deleteApp(home)).rejects.toMatchObject(missing);
    await expect(deleteApp(home, "eve")).rejects.toMatchObject({ name: "UserNotFoundException" });
  });

  test("works where the pool has no such apps any more", async () => {
    const { home, access } = await signedIn();
    await setUpApp(app, access);
    await app.context.store.db
      .updateTable("user_pools")
      .set({ settings: JSON.stringify({ ...home.pool.settings, mfaConfiguration: "OFF" }) })
      .execute();
    await deleteApp(home);
    const shown = await app.client.send(
      new AdminGetUserCommand({ UserPoolId: home.pool.id, Username: "ada" }),
    );
    expect(shown.UserMFASettingList).toBeUndefined();
  });
});
