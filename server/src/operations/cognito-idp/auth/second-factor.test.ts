import {
  AdminInitiateAuthCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  type AdminSetUserMFAPreferenceCommandInput,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmSignUpCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { createSrpSession } from "cognito-srp-helper";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode } from "../../../testing/codes.ts";
import { mfaSettings, totpAt, userWithApp } from "../../../testing/mfa.ts";
import { personAt, refusals, withTokens } from "../../../testing/person.ts";
import { password, type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { signInByPassword, signInBySrp } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const codeOf = (SOFTWARE_TOKEN_MFA_CODE: string) => ({ SOFTWARE_TOKEN_MFA_CODE });
const on = { Enabled: true };
const off = { Enabled: false };
const preferred = { Enabled: true, PreferredMfa: true };
const named = ({ pool }: TestPool) => ({ UserPoolId: pool.id, Username: "ada" });

type Preference = Omit<AdminSetUserMFAPreferenceCommandInput, "UserPoolId" | "Username">;
const prefer = (home: TestPool, wanted: Preference) =>
  app.client.send(new AdminSetUserMFAPreferenceCommand({ ...named(home), ...wanted }));

const all = {
  SoftwareTokenMfaConfiguration: on,
  SmsMfaConfiguration: {
    SmsConfiguration: { SnsCallerArn: mfaSettings.smsConfiguration.snsCallerArn },
  },
  EmailMfaConfiguration: {},
};
const configure = (
  { pool }: TestPool,
  MfaConfiguration: "OFF" | "OPTIONAL" | "ON",
  factors: object = MfaConfiguration === "OFF" ? {} : all,
) =>
  app.client.send(
    new SetUserPoolMfaConfigCommand({ UserPoolId: pool.id, MfaConfiguration, ...factors }),
  );

describe("what is asked", () => {
  test("is nothing where the pool has no MFA, whatever the user has", async () => {
    const { home } = await userWithApp(app);
    await configure(home, "OFF");
    expect(await signInByPassword(app, home)).toMatchObject(withTokens);
    await configure(home, "OPTIONAL");
    expect(await signInByPassword(app, home)).toMatchObject({
      ChallengeName: "SOFTWARE_TOKEN_MFA",
    });
  });

  test("is what the user switched on, where it is optional", async () => {
    const { home } = await userWithApp(app);
    await testUser(app, home.pool, {
      username: "bob",
      attributes: { phone_number: "+12065550101" },
    });
    expect(await signInByPassword(app, home, { username: "bob" })).toMatchObject(withTokens);
    await prefer(home, { SoftwareTokenMfaSettings: off });
    expect(await signInByPassword(app, home)).toMatchObject(withTokens);
    await prefer(home, { SMSMfaSettings: on });
    expect((await signInByPassword(app, home)).ChallengeName).toBe("SMS_MFA");
  });

  test("is whatever the user has, where it is required", async () => {
    const home = await testPool(app, { settings: { ...mfaSettings, mfaConfiguration: "ON" } });
    const users = {
      phone: { phone_number: "+12065550100" },
      mail: { email: "mail@example.com" },
      both: { phone_number: "+12065550102", email: "both@example.com" },
      none: {},
    };
    const asked: Record<string, unknown> = {};
    for (const [username, attributes] of Object.entries(users)) {
      await testUser(app, home.pool, { username, attributes });
      const { ChallengeName, ChallengeParameters } = await signInByPassword(app, home, {
        username,
      });
      asked[username] = [ChallengeName, ChallengeParameters?.["MFAS_CAN_CHOOSE"]];
    }
    expect(asked).toEqual({
      phone: ["SMS_MFA", undefined],
      mail: ["EMAIL_OTP", undefined],
      both: ["SELECT_MFA_TYPE", '["SMS_MFA","EMAIL_OTP"]'],
      none: ["MFA_SETUP", undefined],
    });
  });

  test.each(["compat", "hardened"] as const)(
    "is a factor that is switched on even where it cannot be passed any more (%s)",
    async (profile) => {
      const { home } = await userWithApp(app, { extensions: { profile } });
      await prefer(home, { SoftwareTokenMfaSettings: off, SMSMfaSettings: on });
      await app.client.send(
        new AdminUpdateUserAttributesCommand({
          ...named(home),
          UserAttributes: [{ Name: "phone_number", Value: "" }],
        }),
      );
      if (profile === "compat") {
        expect((await signInByPassword(app, home)).ChallengeName).toBe("MFA_SETUP");
        return;
      }
      // Whoever has the password alone sets up no factor in its place, until an administrator switches it off.
      await expect(signInByPassword(app, home)).rejects.toMatchObject({
        name: "NotAuthorizedException",
        message:
          "The second factor cannot be used any more. Ask an administrator to switch it off.",
      });
      await prefer(home, { SMSMfaSettings: off });
      expect(await signInByPassword(app, home)).toMatchObject(withTokens);
    },
  );

  test("is the preferred factor, or which it shall be", async () => {
    const { home, ada, secret } = await userWithApp(app);
    await prefer(home, { SMSMfaSettings: on, EmailMfaSettings: on });
    const select = await signInByPassword(app, home);
    expect(select).toMatchObject({
      ChallengeName: "SELECT_MFA_TYPE",
      ChallengeParameters: {
        MFAS_CAN_CHOOSE: '["SMS_MFA","SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
        USER_ID_FOR_SRP: "ada",
      },
    });
    expect(app.sent).toEqual([]);
    await prefer(home, { EmailMfaSettings: preferred });
    expect((await signInByPassword(app, home)).ChallengeName).toBe("EMAIL_OTP");
    await prefer(home, { SoftwareTokenMfaSettings: preferred });
    const asked = await signInByPassword(app, home);
    expect(asked.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    expect(await ada.answer(asked, codeOf(totpAt(app, secret)))).toMatchObject(withTokens);
  });
});

describe("SELECT_MFA_TYPE", () => {
  async function selecting() {
    const given = await userWithApp(app);
    await prefer(given.home, { SMSMfaSettings: on, EmailMfaSettings: on });
    return { ...given, select: () => signInByPassword(app, given.home) };
  }

  test("leads to each of the factors", async () => {
    const { ada, secret, select } = await selecting();
    const byApp = await ada.answer(await select(), { ANSWER: "SOFTWARE_TOKEN_MFA" });
    expect(await ada.answer(byApp, codeOf(totpAt(app, secret)))).toMatchObject(withTokens);
    const bySms = await ada.answer(await select(), { ANSWER: "SMS_MFA" });
    expect(await ada.answer(bySms, { SMS_MFA_CODE: lastCode(app) })).toMatchObject(withTokens);
    const byEmail = await ada.answer(await select(), { ANSWER: "EMAIL_OTP" });
    expect(await ada.answer(byEmail, { EMAIL_OTP_CODE: lastCode(app) })).toMatchObject(withTokens);
  });

  test("takes nothing else, keeps its Session then, and is used up by a choice", async () => {
    const { home, ada, select } = await selecting();
    const asked = await select();
    await prefer(home, { EmailMfaSettings: off });
    for (const ANSWER of ["EMAIL_OTP", "PASSWORD", "MFA_SETUP", "constructor"]) {
      await expect(ada.answer(asked, { ANSWER })).rejects.toMatchObject({
        name: "InvalidParameterException",
        message: "ANSWER must be one of MFAS_CAN_CHOOSE.",
      });
    }
    expect((await ada.answer(asked, { ANSWER: "SMS_MFA" })).ChallengeName).toBe("SMS_MFA");
    await expect(ada.answer(asked, { ANSWER: "SMS_MFA" })).rejects.toMatchObject(refusals.session);
  });

  test("is no way to answer by a code at once", async () => {
    const { ada, secret, select } = await selecting();
    const { Session } = await select();
    await expect(
      ada.answer({ ChallengeName: "SOFTWARE_TOKEN_MFA", Session }, codeOf(totpAt(app, secret))),
    ).rejects.toMatchObject(refusals.session);
  });

  test("leads to codes whose wrong guesses add up", async () => {
    const { ada, select } = await selecting();
    const asked = {
      SMS_MFA: await ada.answer(await select(), { ANSWER: "SMS_MFA" }),
      EMAIL_OTP: await ada.answer(await select(), { ANSWER: "EMAIL_OTP" }),
      SOFTWARE_TOKEN_MFA: await ada.answer(await select(), { ANSWER: "SOFTWARE_TOKEN_MFA" }),
    };
    const guess = (name: keyof typeof asked) =>
      ada.answer(asked[name], { [`${name}_CODE`]: "abcdef" });
    const names = Object.keys(asked) as (keyof typeof asked)[];
    for (const name of [...names, ...names.slice(0, 2)]) {
      await expect(guess(name)).rejects.toMatchObject({ name: "CodeMismatchException" });
    }
    for (const name of names) await expect(guess(name)).rejects.toMatchObject(refusals.locked);
  });
});

describe("a change while the sign-in is under way", () => {
  test("a factor that is switched off opens nothing any more", async () => {
    const { home, ada } = await userWithApp(app);
    for (const [name, wanted] of [
      ["SMS_MFA", { SMSMfaSettings: preferred }],
      ["EMAIL_OTP", { EmailMfaSettings: preferred }],
    ] as const) {
      await prefer(home, wanted);
      const asked = await signInByPassword(app, home);
      expect(asked.ChallengeName).toBe(name);
      const right = { [`${name}_CODE`]: lastCode(app) };
      await prefer(home, { SMSMfaSettings: off, EmailMfaSettings: off });
      await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.session);
    }
  });

  test("a factor that is switched on is asked for", async () => {
    const home = await testPool(app, { settings: mfaSettings });
    const temporaryPasswordExpiresAtMs = app.clock.now() + 60_000;
    await testUser(app, home.pool, {
      ...{ status: "FORCE_CHANGE_PASSWORD", temporaryPasswordExpiresAtMs },
      attributes: { phone_number: "+12065550100" },
    });
    const asked = await signInByPassword(app, home);
    await prefer(home, { SMSMfaSettings: on });
    const ada = personAt(app, home);
    const next = await ada.answer(asked, { NEW_PASSWORD: "Another-Horse-7-Saddle" });
    expect(next).not.toHaveProperty("AuthenticationResult");
    expect(next.ChallengeName).toBe("SMS_MFA");
    expect(await ada.answer(next, { SMS_MFA_CODE: lastCode(app) })).toMatchObject(withTokens);
  });

  test("MFA that the pool requires since then is asked for too", async () => {
    const home = await testPool(app, {
      client: { explicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] },
    });
    await testUser(app, home.pool);
    const ada = personAt(app, home);
    const asked = await ada.begin();
    await configure(home, "ON", { SoftwareTokenMfaConfiguration: on });
    expect(await ada.answer(asked, { ANSWER: "PASSWORD", PASSWORD: password })).toMatchObject({
      ChallengeName: "MFA_SETUP",
    });
  });
});

describe("no way in passes by it", () => {
  const totp = { ChallengeName: "SOFTWARE_TOKEN_MFA" };
  const firstFactors = ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"] as const;

  test("neither the passwords of any flow", async () => {
    const { home, ada } = await userWithApp(app);
    expect(await signInByPassword(app, home)).toMatchObject(totp);
    expect(await signInBySrp(app, home)).toMatchObject(totp);
    const chosen = { PREFERRED_CHALLENGE: "PASSWORD", PASSWORD: password };
    expect(await ada.begin(chosen)).toMatchObject(totp);
    const select = await ada.begin();
    expect(await ada.answer(select, { ANSWER: "PASSWORD", PASSWORD: password })).toMatchObject(
      totp,
    );
    const asked = await ada.begin({ PREFERRED_CHALLENGE: "PASSWORD" });
    expect(await ada.answer(asked, { PASSWORD: password })).toMatchObject(totp);
  });

  test("nor the admin operations, which take its code", async () => {
    const { home, secret } = await userWithApp(app);
    const at = { UserPoolId: home.pool.id, ClientId: home.client.id };
    const asked = await app.client.send(
      new AdminInitiateAuthCommand({
        ...at,
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "ada", PASSWORD: password },
      }),
    );
    expect(asked).toMatchObject(totp);
    expect(asked).not.toHaveProperty("AuthenticationResult");
    const answered = await app.client.send(
      new AdminRespondToAuthChallengeCommand({
        ...{ ...at, ChallengeName: asked.ChallengeName, Session: asked.Session },
        ChallengeResponses: { USERNAME: "ada", ...codeOf(totpAt(app, secret)) },
      }),
    );
    expect(answered).toMatchObject(withTokens);
  });

  test.each(["compat", "hardened"] as const)(
    "nor codes as the first factor, which are not sent then (%s)",
    async (profile) => {
      const { ada } = await userWithApp(app, {
        settings: { allowedFirstAuthFactors: firstFactors },
        client: { preventUserExistenceErrors: "ENABLED" },
        extensions: { profile },
      });
      await deliverOutbox(app);
      const before = app.sent.length;
      for (const name of ["EMAIL_OTP", "SMS_OTP"]) {
        const asked = await ada.begin({ PREFERRED_CHALLENGE: name });
        if (profile === "hardened") {
          expect(asked.ChallengeName).toBe(name);
        } else {
          expect(asked.AvailableChallenges).toEqual(["PASSWORD_SRP", "PASSWORD"]);
          await expect(ada.answer(asked, { ANSWER: name })).rejects.toMatchObject({
            name: "InvalidParameterException",
          });
        }
      }
      await deliverOutbox(app);
      expect(app.sent).toHaveLength(before);
    },
  );

  test("nor a new password in place of a temporary one", async () => {
    const { home, ada } = await userWithApp(app);
    const Password = "Temporary-Horse-3-Hoof";
    await app.client.send(
      new AdminSetUserPasswordCommand({ ...named(home), Password, Permanent: false }),
    );
    const asked = await signInByPassword(app, home, { password: Password });
    expect(asked.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
    const next = await ada.answer(asked, { NEW_PASSWORD: "Another-Horse-7-Saddle" });
    expect(next).toMatchObject(totp);
    expect(next).not.toHaveProperty("AuthenticationResult");
  });

  test("nor the Session of a sign-up", async () => {
    const home = await testPool(app, {
      settings: { ...mfaSettings, autoVerifiedAttributes: ["email"] },
      client: { explicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] },
    });
    const { id: ClientId } = home.client;
    await app.client.send(
      new SignUpCommand({
        ...{ ClientId, Username: "ada", Password: password },
        UserAttributes: [
          { Name: "email", Value: "ada@example.com" },
          { Name: "phone_number", Value: "+12065550100" },
        ],
      }),
    );
    const { Session } = await app.client.send(
      new ConfirmSignUpCommand({ ClientId, Username: "ada", ConfirmationCode: lastCode(app) }),
    );
    await prefer(home, { SMSMfaSettings: on });
    const asked = await personAt(app, home).begin({}, { session: Session });
    expect(asked.ChallengeName).toBe("SMS_MFA");
    expect(asked).not.toHaveProperty("AuthenticationResult");
  });

  test("nor SRP that was begun before, in a choice", async () => {
    const { home, ada } = await userWithApp(app);
    const { largeA: SRP_A } = createSrpSession("ada", password, home.pool.id, false);
    const begun = await ada.begin({ PREFERRED_CHALLENGE: "PASSWORD_SRP", SRP_A });
    const { Session } = begun;
    for (const ChallengeName of ["SOFTWARE_TOKEN_MFA", "MFA_SETUP"] as const) {
      await expect(
        ada.answer({ ChallengeName, Session }, { SOFTWARE_TOKEN_MFA_CODE: "123456" }),
      ).rejects.toMatchObject(refusals.session);
    }
  });
});
