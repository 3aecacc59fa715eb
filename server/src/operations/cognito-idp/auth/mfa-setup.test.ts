import {
  AdminDeleteSoftwareTokenCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AssociateSoftwareTokenCommand,
  SetUserPoolMfaConfigCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { lastCode, wrongFor } from "../../../testing/codes.ts";
import { awaitStep, mfaSettings, totpAt, userWithApp, wrongTotp } from "../../../testing/mfa.ts";
import {
  type AskedOf,
  otherClientOf,
  personAt,
  refusals,
  withTokens,
} from "../../../testing/person.ts";
import {
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { signInByPassword } from "../../../testing/sign-in.ts";
import { triggersOf } from "../../../testing/triggers.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
  awaitStep(app);
});
afterEach(() => app.close());

const invalid = { name: "InvalidParameterException" };
const notEnabled = {
  name: "EnableSoftwareTokenMFAException",
  message: "Code mismatch and fail enable Software Token MFA",
};
const named = ({ pool }: TestPool) => ({ UserPoolId: pool.id, Username: "ada" });

/** A user without any factor, in a pool that requires one. */
async function bareUser({ settings, ...options }: TestPoolOptions = {}) {
  const home = await testPool(app, {
    ...options,
    settings: { ...mfaSettings, mfaConfiguration: "ON", ...settings },
  });
  await testUser(app, home.pool);
  return { home, ada: personAt(app, home), ask: () => signInByPassword(app, home) };
}

const associate = ({ Session }: AskedOf) =>
  app.client.send(new AssociateSoftwareTokenCommand({ Session }));
const verify = ({ Session }: AskedOf, UserCode: string) =>
  app.client.send(new VerifySoftwareTokenCommand({ Session, UserCode }));
const setUp = ({ Session }: AskedOf) => ({ ChallengeName: "MFA_SETUP", Session }) as const;
const fulfilled = (outcomes: PromiseSettledResult<unknown>[]) =>
  outcomes.filter(({ status }) => status === "fulfilled").length;
const tenTimes = (attempt: () => Promise<unknown>) =>
  Promise.allSettled(Array.from({ length: 10 }, attempt));

/** A sign-in whose app is proved, but for the last answer. */
async function provedApp(ask: () => Promise<AskedOf>) {
  const associated = await associate(await ask());
  const secret = associated.SecretCode ?? "";
  return { secret, verified: await verify(associated, totpAt(app, secret)) };
}

describe("an app that is set up on the way in", () => {
  test("is proved by a code, ends in tokens and is asked for from then on", async () => {
    const { home, ada, ask } = await bareUser();
    const asked = await ask();
    expect(asked).toMatchObject({
      ChallengeName: "MFA_SETUP",
      ChallengeParameters: {
        MFAS_CAN_SETUP: '["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
        USER_ID_FOR_SRP: "ada",
      },
    });
    expect(asked).not.toHaveProperty("AuthenticationResult");
    const { secret, verified } = await provedApp(async () => asked);
    expect(verified.Status).toBe("SUCCESS");
    expect(await ada.answer(setUp(verified))).toMatchObject(withTokens);
    expect(await app.client.send(new AdminGetUserCommand(named(home)))).toMatchObject({
      UserMFASettingList: ["SOFTWARE_TOKEN_MFA"],
      PreferredMfaSetting: "SOFTWARE_TOKEN_MFA",
    });
    const next = await ask();
    expect(next.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    const code = { SOFTWARE_TOKEN_MFA_CODE: totpAt(app, secret) };
    await expect(ada.answer(next, code)).rejects.toMatchObject(refusals.totpUsed);
    app.clock.advance(30_000);
    const later = { SOFTWARE_TOKEN_MFA_CODE: totpAt(app, secret) };
    expect(await ada.answer(next, later)).toMatchObject(withTokens);
  });

  test("takes each Session once", async () => {
    const { ada, ask } = await bareUser();
    const asked = await ask();
    const associated = await associate(asked);
    const code = totpAt(app, associated.SecretCode ?? "");
    await expect(associate(asked)).rejects.toMatchObject(refusals.session);
    await expect(verify(asked, code)).rejects.toMatchObject(refusals.session);
    await expect(ada.answer(asked)).rejects.toMatchObject(refusals.session);
    const verified = await verify(associated, code);
    await expect(verify(associated, code)).rejects.toMatchObject(refusals.session);
    await expect(associate(associated)).rejects.toMatchObject(refusals.session);
    expect(await ada.answer(setUp(verified))).toMatchObject(withTokens);
    await expect(ada.answer(setUp(verified))).rejects.toMatchObject(refusals.session);
    await expect(associate(verified)).rejects.toMatchObject(refusals.session);
  });

  test("takes each Session once of ten at once as well", async () => {
    const { ada, ask } = await bareUser();
    const asked = await ask();
    const associations = await tenTimes(() => associate(asked));
    expect(fulfilled(associations)).toBe(1);
    const associated = await associate(await ask());
    const code = totpAt(app, associated.SecretCode ?? "");
    const verifications = await tenTimes(() => verify(associated, code));
    expect(fulfilled(verifications)).toBe(1);
    const verified = verifications.flatMap((each) =>
      each.status === "fulfilled" ? [each.value as AskedOf] : [],
    );
    const answers = await tenTimes(() => ada.answer(setUp(verified[0] ?? {})));
    expect(fulfilled(answers)).toBe(1);
  });

  test("is not there before its code; a wrong one keeps the Session", async () => {
    const { home, ada, ask } = await bareUser();
    const asked = await ask();
    await expect(ada.answer(asked)).rejects.toMatchObject(invalid);
    const associated = await associate(asked);
    await expect(ada.answer(setUp(associated))).rejects.toMatchObject(invalid);
    const secret = associated.SecretCode ?? "";
    await expect(verify(associated, wrongTotp(app, secret))).rejects.toMatchObject(notEnabled);
    expect((await storedUser(app, home))?.factors).toMatchObject({ softwareToken: false });
    expect((await ask()).ChallengeName).toBe("MFA_SETUP");
    const verified = await verify(associated, totpAt(app, secret));
    expect(await ada.answer(setUp(verified))).toMatchObject(withTokens);
  });

  test("is guessed no more than five times, of twenty at once as well", async () => {
    const { ask } = await bareUser();
    const associated = await associate(await ask());
    const secret = associated.SecretCode ?? "";
    const wrong = wrongTotp(app, secret);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, () => verify(associated, wrong)),
    );
    const told = outcomes.map((each) => each.status === "rejected" && each.reason.message);
    expect(told.filter((message) => message === notEnabled.message)).toHaveLength(5);
    await expect(verify(associated, totpAt(app, secret))).rejects.toMatchObject(refusals.locked);
  });

  test("takes the Session of no other challenge", async () => {
    const { home, secret } = await userWithApp(app);
    const ada = personAt(app, home);
    for (const other of [await signInByPassword(app, home), await ada.begin()]) {
      await expect(associate(other)).rejects.toMatchObject(refusals.session);
      await expect(verify(other, totpAt(app, secret))).rejects.toMatchObject(refusals.session);
    }
    await expect(associate({ Session: "x".repeat(43) })).rejects.toMatchObject(refusals.session);
  });

  test("counts for no other client, no other user and not for ever", async () => {
    const { home, ada, ask } = await bareUser();
    await testUser(app, home.pool, { username: "eve" });
    const { verified } = await provedApp(ask);
    const elsewhere = personAt(app, await otherClientOf(app, home));
    for (const person of [elsewhere, personAt(app, home, "eve")]) {
      await expect(person.answer(setUp(verified))).rejects.toMatchObject(refusals.session);
    }
    app.clock.advance(3 * 60_000);
    await expect(ada.answer(setUp(verified))).rejects.toMatchObject(refusals.sessionExpired);
    await expect(associate(verified)).rejects.toMatchObject(refusals.sessionExpired);
  });

  test("counts no more once it was taken away", async () => {
    const { home, ada, ask } = await bareUser();
    const { verified } = await provedApp(ask);
    await app.client.send(new AdminDeleteSoftwareTokenCommand(named(home)));
    // Nor once the user has another, which whoever proved the first need not have.
    const another = await ask();
    expect(another.ChallengeName).toBe("MFA_SETUP");
    const { verified: finished } = await provedApp(async () => another);
    expect(await ada.answer(setUp(finished))).toMatchObject(withTokens);
    await expect(ada.answer(setUp(verified))).rejects.toMatchObject(refusals.session);
  });

  test.each(["compat", "hardened"] as const)(
    "ends with another password and with the account's end (%s)",
    async (profile) => {
      const { home, ada, ask } = await bareUser({ extensions: { profile } });
      const associated = await associate(await ask());
      const code = totpAt(app, associated.SecretCode ?? "");
      const Password = "Another-Horse-7-Saddle";
      await app.client.send(
        new AdminSetUserPasswordCommand({ ...named(home), Password, Permanent: true }),
      );
      await expect(verify(associated, code)).rejects.toMatchObject(refusals.session);
      const again = () => signInByPassword(app, home, { password: Password });
      const { verified } = await provedApp(again);
      await app.client.send(new AdminDisableUserCommand(named(home)));
      await expect(ada.answer(setUp(verified))).rejects.toMatchObject({
        name: "NotAuthorizedException",
      });
      await expect(associate(verified)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    },
  );

  test("needs a pool that takes apps", async () => {
    const { home, ask } = await bareUser();
    const asked = await ask();
    const SnsCallerArn = mfaSettings.smsConfiguration.snsCallerArn;
    await app.client.send(
      new SetUserPoolMfaConfigCommand({
        ...{ UserPoolId: home.pool.id, MfaConfiguration: "ON" },
        SmsMfaConfiguration: { SmsConfiguration: { SnsCallerArn } },
      }),
    );
    await expect(associate(asked)).rejects.toMatchObject({
      name: "SoftwareTokenMFANotFoundException",
    });
  });
});

describe("an address that is set up on the way in", () => {
  const EMAIL = "ada@example.com";

  test("is proved by a code of six digits, ends in tokens and is asked for from then on", async () => {
    const { home, ada, ask } = await bareUser();
    const asked = await ada.answer(await ask(), { EMAIL });
    expect(asked).toMatchObject({
      ChallengeName: "EMAIL_OTP",
      ChallengeParameters: { CODE_DELIVERY_DESTINATION: "a***@e***" },
    });
    expect(app.sent).toMatchObject([{ to: EMAIL, code: expect.stringMatching(/^[0-9]{6}$/) }]);
    const code = lastCode(app);
    const wrong = { EMAIL_OTP_CODE: wrongFor(code) };
    await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.code);
    expect((await storedUser(app, home))?.attributes).toEqual({});
    expect(await ada.answer(asked, { EMAIL_OTP_CODE: code })).toMatchObject(withTokens);
    expect(await storedUser(app, home)).toMatchObject({
      attributes: { email: EMAIL, email_verified: "true" },
      factors: { enabled: ["EMAIL_OTP"] },
    });
    expect((await ask()).ChallengeName).toBe("EMAIL_OTP");
  });

  test("uses the Session up, of ten at once as well", async () => {
    const { ada, ask } = await bareUser();
    const asked = await ask();
    const outcomes = await tenTimes(() => ada.answer(asked, { EMAIL }));
    expect(fulfilled(outcomes)).toBe(1);
    await expect(associate(asked)).rejects.toMatchObject(refusals.session);
  });

  test("must be one, and keeps the Session else", async () => {
    const { ada, ask } = await bareUser();
    const asked = await ask();
    for (const wrong of ["ada", "ada@example.com,eve@example.com", "", "a@b\r\nBcc: c@d.example"]) {
      await expect(ada.answer(asked, { EMAIL: wrong })).rejects.toMatchObject(invalid);
    }
    expect(app.sent).toEqual([]);
    expect((await ada.answer(asked, { EMAIL })).ChallengeName).toBe("EMAIL_OTP");
  });

  test("must be the pool's to take and the client's to write", async () => {
    const { sms, softwareToken } = mfaSettings.mfa;
    const without = await bareUser({ settings: { mfa: { sms, softwareToken } } });
    await expect(without.ada.answer(await without.ask(), { EMAIL })).rejects.toMatchObject(invalid);
    const unwritable = await bareUser({ client: { writeAttributes: ["name"] } });
    await expect(unwritable.ada.answer(await unwritable.ask(), { EMAIL })).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
    expect(app.sent).toEqual([]);
  });

  test("must be nobody else's where it is a name to sign in by", async () => {
    const { home, ada, ask } = await bareUser({ settings: { aliasAttributes: ["email"] } });
    const attributes = { email: EMAIL, email_verified: "true" };
    await testUser(app, home.pool, { username: "eve", attributes });
    const asked = await ada.answer(await ask(), { EMAIL });
    await expect(ada.answer(asked, { EMAIL_OTP_CODE: lastCode(app) })).rejects.toMatchObject({
      name: "AliasExistsException",
    });
    expect((await storedUser(app, home))?.factors.enabled).toEqual([]);
  });
});

describe("a factor that there is by then", () => {
  test("is replaced by nothing that was begun before", async () => {
    const { home, ada, ask } = await bareUser();
    const [bySession, byAssociation, byMail] = [await ask(), await ask(), await ask()];
    const mail = await ada.answer(byMail, { EMAIL: "eve@example.com" });
    const code = { EMAIL_OTP_CODE: lastCode(app) };
    const stolen = await associate(byAssociation);
    const { verified } = await provedApp(ask);
    expect(await ada.answer(setUp(verified))).toMatchObject(withTokens);

    await expect(associate(bySession)).rejects.toMatchObject(refusals.session);
    await expect(ada.answer(bySession, { EMAIL: "eve@example.com" })).rejects.toMatchObject(
      refusals.session,
    );
    const late = totpAt(app, stolen.SecretCode ?? "");
    await expect(verify(stolen, late)).rejects.toMatchObject(refusals.session);
    await expect(ada.answer(mail, code)).rejects.toMatchObject(refusals.session);
    expect(await storedUser(app, home)).toMatchObject({
      attributes: {},
      factors: { enabled: ["SOFTWARE_TOKEN_MFA"], preferred: "SOFTWARE_TOKEN_MFA" },
    });
    expect((await ask()).ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
  });

  test("is replaced by no address, be it set up at the last moment", async () => {
    const lambdaConfig = triggersOf("PostAuthentication");
    const { home, ada, ask } = await bareUser({ settings: { lambdaConfig } });
    const asked = await ada.answer(await ask(), { EMAIL: "eve@example.com" });
    const associated = await associate(await ask());
    app.functions.answer = async ({ event }) => {
      await verify(associated, totpAt(app, associated.SecretCode ?? ""));
      return { kind: "returned", payload: event };
    };
    await expect(ada.answer(asked, { EMAIL_OTP_CODE: lastCode(app) })).rejects.toMatchObject(
      refusals.session,
    );
    expect(await storedUser(app, home)).toMatchObject({
      attributes: {},
      factors: { enabled: ["SOFTWARE_TOKEN_MFA"] },
    });
  });

  test("is one, of an app and an address that are proved at once", async () => {
    const { home, ada, ask } = await bareUser();
    const [one, other] = [await ask(), await ask()];
    const mail = await ada.answer(one, { EMAIL: "ada@example.com" });
    const associated = await associate(other);
    const outcomes = await Promise.allSettled([
      ada.answer(mail, { EMAIL_OTP_CODE: lastCode(app) }),
      verify(associated, totpAt(app, associated.SecretCode ?? "")),
    ]);
    expect(fulfilled(outcomes)).toBe(1);
    expect((await storedUser(app, home))?.factors.enabled).toHaveLength(1);
  });
});
