import {
  AdminDeleteSoftwareTokenCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  ChangePasswordCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { associate, totpAt, userWithApp, wrongTotp } from "../../../testing/mfa.ts";
import { otherClientOf, personAt, refusals, withTokens } from "../../../testing/person.ts";
import { password, type TestPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword } from "../../../testing/sign-in.ts";
import { createRecoveryCodes } from "../../../testing/unsigned-call.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const codeOf = (SOFTWARE_TOKEN_MFA_CODE: string) => ({ SOFTWARE_TOKEN_MFA_CODE });
const named = ({ pool }: TestPool) => ({ UserPoolId: pool.id, Username: "ada" });
const fulfilled = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.filter(({ status }) => status === "fulfilled").length;

describe("a code of the app", () => {
  test("follows the password, once; a wrong one keeps the Session", async () => {
    const { home, ada, secret } = await userWithApp(app);
    const asked = await signInByPassword(app, home);
    expect(asked).toMatchObject({
      ChallengeName: "SOFTWARE_TOKEN_MFA",
      ChallengeParameters: { USER_ID_FOR_SRP: "ada" },
    });
    expect(asked).not.toHaveProperty("AuthenticationResult");
    await expect(ada.answer(asked, codeOf(wrongTotp(app, secret)))).rejects.toMatchObject(
      refusals.totp,
    );
    const right = codeOf(totpAt(app, secret));
    expect(await ada.answer(asked, right)).toMatchObject(withTokens);
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.session);
  });

  test("is asked for under the name that the app was given", async () => {
    const { home, access } = await userWithApp(app);
    const secret = await associate(app, access);
    await app.client.send(
      new VerifySoftwareTokenCommand({
        ...{ AccessToken: access, UserCode: totpAt(app, secret) },
        FriendlyDeviceName: "Ada's phone",
      }),
    );
    expect((await signInByPassword(app, home)).ChallengeParameters).toEqual({
      USER_ID_FOR_SRP: "ada",
      FRIENDLY_DEVICE_NAME: "Ada's phone",
    });
  });

  test("is good once, in whatever Session, and none of a step before it", async () => {
    const { home, ada, secret } = await userWithApp(app);
    const ask = () => signInByPassword(app, home);
    const early = totpAt(app, secret, -1);
    const current = totpAt(app, secret);
    expect(await ada.answer(await ask(), codeOf(current))).toMatchObject(withTokens);
    const again = await ask();
    await expect(ada.answer(again, codeOf(current))).rejects.toMatchObject(refusals.totpUsed);
    await expect(ada.answer(again, codeOf(early))).rejects.toMatchObject(refusals.totpUsed);
    app.clock.advance(30_000);
    await expect(ada.answer(again, codeOf(current))).rejects.toMatchObject(refusals.totpUsed);
    expect(await ada.answer(again, codeOf(totpAt(app, secret)))).toMatchObject(withTokens);
  });

  test("may be a step early or late, and no more", async () => {
    const { home, ada, secret } = await userWithApp(app);
    app.clock.advance(90_000);
    const asked = await signInByPassword(app, home);
    for (const steps of [-2, 2]) {
      await expect(ada.answer(asked, codeOf(totpAt(app, secret, steps)))).rejects.toMatchObject(
        refusals.totp,
      );
    }
    expect(await ada.answer(asked, codeOf(totpAt(app, secret, -1)))).toMatchObject(withTokens);
    const next = await signInByPassword(app, home);
    expect(await ada.answer(next, codeOf(totpAt(app, secret, 1)))).toMatchObject(withTokens);
  });

  test("lets one of ten sign-ins in that race with it", async () => {
    const { home, ada, secret } = await userWithApp(app);
    const sessions = await Promise.all(
      Array.from({ length: 10 }, () => signInByPassword(app, home)),
    );
    const right = codeOf(totpAt(app, secret));
    const outcomes = await Promise.allSettled(sessions.map((asked) => ada.answer(asked, right)));
    expect(fulfilled(outcomes)).toBe(1);
    const again = await signInByPassword(app, home);
    await expect(ada.answer(again, right)).rejects.toMatchObject(refusals.totpUsed);
  });
});

describe("guesses", () => {
  test("are counted per user, and passwords clear none of them", async () => {
    const { home, ada, secret } = await userWithApp(app);
    const elsewhere = await otherClientOf(app, home);
    const wrong = codeOf(wrongTotp(app, secret));
    for (const at of [home, elsewhere, home, elsewhere, home]) {
      const asked = await signInByPassword(app, at);
      await expect(personAt(app, at).answer(asked, wrong)).rejects.toMatchObject(refusals.totp);
    }
    const asked = await signInByPassword(app, home);
    const right = codeOf(totpAt(app, secret));
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.locked);
    app.clock.advance(1_000);
    expect(await ada.answer(asked, right)).toMatchObject(withTokens);
  });

  test("of twenty at once in two Sessions are looked at no more than five times", async () => {
    const { home, ada, secret } = await userWithApp(app);
    const sessions = [await signInByPassword(app, home), await signInByPassword(app, home)];
    const wrong = codeOf(wrongTotp(app, secret));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => sessions.map((asked) => ada.answer(asked, wrong))).flat(),
    );
    const told = outcomes.map((each) => each.status === "rejected" && each.reason.message);
    expect(told.filter((message) => message === refusals.totp.message)).toHaveLength(5);
    expect(told.filter((message) => message === refusals.locked.message)).toHaveLength(15);
    const right = codeOf(totpAt(app, secret));
    for (const asked of sessions) {
      await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.locked);
    }
  });

  test("wait longer after each, and a right code makes them free again", async () => {
    const { home, ada, secret } = await userWithApp(app);
    const asked = await signInByPassword(app, home);
    const wrong = codeOf(wrongTotp(app, secret));
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.totp);
    }
    app.clock.advance(1_000);
    await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.totp);
    app.clock.advance(1_000);
    await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.locked);
    app.clock.advance(1_000);
    expect(await ada.answer(asked, codeOf(totpAt(app, secret)))).toMatchObject(withTokens);
    const again = await signInByPassword(app, home);
    for (let tries = 0; tries < 5; tries += 1) {
      await expect(ada.answer(again, wrong)).rejects.toMatchObject(refusals.totp);
    }
  });
});

describe("the Session", () => {
  const others = [
    ["SMS_MFA", "SMS_MFA_CODE"],
    ["EMAIL_OTP", "EMAIL_OTP_CODE"],
    ["SELECT_MFA_TYPE", "ANSWER"],
    ["MFA_SETUP", "EMAIL"],
    ["PASSWORD", "PASSWORD"],
    ["SELECT_CHALLENGE", "ANSWER"],
    ["CUSTOM_CHALLENGE", "ANSWER"],
    ["NEW_PASSWORD_REQUIRED", "NEW_PASSWORD"],
  ] as const;

  test.each(others)("is none of %s", async (ChallengeName, parameter) => {
    const { home, ada } = await userWithApp(app);
    const { Session } = await signInByPassword(app, home);
    await expect(
      ada.answer({ ChallengeName, Session }, { [parameter]: "SMS_MFA" }),
    ).rejects.toMatchObject(refusals.session);
  });

  test("is bound to its user, its client and its time", async () => {
    const { home, ada, secret } = await userWithApp(app);
    await testUser(app, home.pool, { username: "eve" });
    const elsewhere = await otherClientOf(app, home);
    const asked = await signInByPassword(app, home);
    const right = codeOf(totpAt(app, secret));
    for (const person of [personAt(app, home, "eve"), personAt(app, elsewhere)]) {
      await expect(person.answer(asked, right)).rejects.toMatchObject(refusals.session);
    }
    app.clock.advance(3 * 60_000);
    await expect(ada.answer(asked, codeOf(totpAt(app, secret)))).rejects.toMatchObject(
      refusals.sessionExpired,
    );
  });

  test.each(["compat", "hardened"] as const)(
    "is void once the password is another (%s)",
    async (profile) => {
      const { home, ada, access, secret } = await userWithApp(app, { extensions: { profile } });
      const Password = "Another-Horse-7-Saddle";
      const first = await signInByPassword(app, home);
      const change = { AccessToken: access, PreviousPassword: password };
      await app.client.send(new ChangePasswordCommand({ ...change, ProposedPassword: Password }));
      const right = codeOf(totpAt(app, secret));
      await expect(ada.answer(first, right)).rejects.toMatchObject(refusals.session);
      const second = await signInByPassword(app, home, { password: Password });
      await app.client.send(
        new AdminSetUserPasswordCommand({ ...named(home), Password: "Third-Horse-5-Stirrup" }),
      );
      await expect(ada.answer(second, right)).rejects.toMatchObject(refusals.session);
    },
  );

  test("is void with another password even where the Session outlived the change", async () => {
    const { home, user, ada, secret } = await userWithApp(app);
    const asked = await signInByPassword(app, home);
    await app.context.store.db
      .updateTable("users")
      .set({ password_hash: "another" })
      .where("id", "=", user.id)
      .execute();
    await expect(ada.answer(asked, codeOf(totpAt(app, secret)))).rejects.toMatchObject(
      refusals.session,
    );
  });

  test("is void once the password is reset", async () => {
    const { home, ada, secret } = await userWithApp(app);
    const asked = await signInByPassword(app, home);
    await app.client.send(new AdminResetUserPasswordCommand(named(home)));
    await expect(ada.answer(asked, codeOf(totpAt(app, secret)))).rejects.toMatchObject(
      refusals.session,
    );
  });

  test("is void once the user is disabled, and once they are gone", async () => {
    const { home, ada, secret } = await userWithApp(app);
    const asked = await signInByPassword(app, home);
    const right = codeOf(totpAt(app, secret));
    await app.client.send(new AdminDisableUserCommand(named(home)));
    await expect(ada.answer(asked, right)).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
    await app.client.send(new AdminDeleteUserCommand(named(home)));
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.session);
    await testUser(app, home.pool);
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.session);
  });

  test("opens nothing once the app was taken away", async () => {
    const { home, ada, secret } = await userWithApp(app);
    const asked = await signInByPassword(app, home);
    await app.client.send(new AdminDeleteSoftwareTokenCommand(named(home)));
    await expect(ada.answer(asked, codeOf(totpAt(app, secret)))).rejects.toMatchObject(
      refusals.session,
    );
  });
});

describe("a recovery code", () => {
  async function withRecovery() {
    const given = await userWithApp(app, { extensions: { recoveryCodes: "on" } });
    const { home, ada, secret } = given;
    const asked = await signInByPassword(app, home);
    const { AuthenticationResult } = await ada.answer(asked, codeOf(totpAt(app, secret)));
    const codes = await createRecoveryCodes(app, AuthenticationResult?.AccessToken ?? "");
    app.clock.advance(30_000);
    return { ...given, codes };
  }

  test("stands for the app's, once, however it is typed", async () => {
    const { home, ada, codes } = await withRecovery();
    const [first = "", second = ""] = codes;
    const asked = await signInByPassword(app, home);
    expect(await ada.answer(asked, codeOf(first))).toMatchObject(withTokens);
    const again = await signInByPassword(app, home);
    await expect(ada.answer(again, codeOf(first))).rejects.toMatchObject(refusals.code);
    const typed = `${second.slice(0, 5)}-${second.slice(5)}`.toLowerCase();
    expect(await ada.answer(again, codeOf(typed))).toMatchObject(withTokens);
  });

  test("lets one of ten in who race with it", async () => {
    const { home, ada, codes } = await withRecovery();
    const sessions = await Promise.all(
      Array.from({ length: 10 }, () => signInByPassword(app, home)),
    );
    const outcomes = await Promise.allSettled(
      sessions.map((asked) => ada.answer(asked, codeOf(codes[0] ?? ""))),
    );
    expect(fulfilled(outcomes)).toBe(1);
  });

  test("is guessed under the same lock as the app's codes", async () => {
    const { home, ada, codes, secret } = await withRecovery();
    const asked = await signInByPassword(app, home);
    for (const wrong of ["A".repeat(10), "B".repeat(10), "C".repeat(10)]) {
      await expect(ada.answer(asked, codeOf(wrong))).rejects.toMatchObject(refusals.code);
    }
    const wrong = codeOf(wrongTotp(app, secret));
    for (let tries = 0; tries < 2; tries += 1) {
      await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.totp);
    }
    for (const right of [codes[0] ?? "", totpAt(app, secret)]) {
      await expect(ada.answer(asked, codeOf(right))).rejects.toMatchObject(refusals.locked);
    }
  });
});
