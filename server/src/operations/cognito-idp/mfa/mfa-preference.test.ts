import {
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserSettingsCommand,
  AdminUpdateUserAttributesCommand,
  DeleteUserAttributesCommand,
  GetUserCommand,
  ListUsersCommand,
  SetUserMFAPreferenceCommand,
  type SetUserMFAPreferenceCommandInput,
  SetUserPoolMfaConfigCommand,
  SetUserSettingsCommand,
  UpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { UserPoolSettings } from "../../../domain/pools/pool.ts";
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
} from "../../../testing/mfa.ts";
import { registerPasskey } from "../../../testing/passkeys.ts";
import { storedUser, type TestPool, testUser } from "../../../testing/pools.ts";
import { signedInUser, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
  awaitStep(app);
});
afterEach(() => app.close());

const ada = {
  email: "ada@example.com",
  email_verified: "true",
  phone_number: "+12065550100",
  phone_number_verified: "true",
};

function signedIn(
  settings: Partial<UserPoolSettings> = {},
  profile: "compat" | "hardened" = "compat",
  attributes: Record<string, string> = ada,
) {
  const options = { settings: { ...mfaSettings, ...settings }, extensions: { profile } };
  return signedInUser(app, options, attributes);
}

type Preference = Omit<SetUserMFAPreferenceCommandInput, "AccessToken">;

const on = { Enabled: true };
const off = { Enabled: false };
const preferred = { Enabled: true, PreferredMfa: true };

function prefer(AccessToken: string, preference: Preference) {
  return app.client.send(new SetUserMFAPreferenceCommand({ AccessToken, ...preference }));
}

function preferFor({ pool }: TestPool, preference: Preference, Username = "ada") {
  return app.client.send(
    new AdminSetUserMFAPreferenceCommand({ UserPoolId: pool.id, Username, ...preference }),
  );
}

/** What GetUser and AdminGetUser say of the factors, which is the same. */
async function shown(home: TestPool, AccessToken: string) {
  const own = await app.client.send(new GetUserCommand({ AccessToken }));
  const named = { UserPoolId: home.pool.id, Username: "ada" };
  const byAdmin = await app.client.send(new AdminGetUserCommand(named));
  const of = (user: typeof own | typeof byAdmin) => ({
    factors: user.UserMFASettingList,
    preferred: user.PreferredMfaSetting,
    options: user.MFAOptions,
  });
  expect(of(byAdmin)).toEqual(of(own));
  return of(own);
}

const nothing = { factors: undefined, preferred: undefined, options: undefined };
const sms = [{ DeliveryMedium: "SMS", AttributeName: "phone_number" }];
const refused = (message: string) => ({ name: "InvalidParameterException", message });
const noDelivery = (factor: string) =>
  refused(`User does not have delivery config set to turn on ${factor}`);

describe("a user's own preference", () => {
  test("is empty at first, and absent where it is empty", async () => {
    const { home, access } = await signedIn();
    expect(await shown(home, access)).toEqual(nothing);
  });

  test("names factors that are switched on, and the preferred one", async () => {
    const { home, access } = await signedIn();
    await setUpApp(app, access);
    await prefer(access, { SMSMfaSettings: on, EmailMfaSettings: preferred });
    expect(await shown(home, access)).toEqual({
      factors: ["SMS_MFA", "SOFTWARE_TOKEN_MFA", "EMAIL_OTP"],
      preferred: "EMAIL_OTP",
      options: sms,
    });
  });

  test("leaves alone what a request does not name", async () => {
    const { home, access } = await signedIn();
    await prefer(access, { SMSMfaSettings: preferred });
    await prefer(access, { EmailMfaSettings: on });
    await prefer(access, {});
    await prefer(access, { SMSMfaSettings: {} });
    expect(await shown(home, access)).toMatchObject({
      factors: ["SMS_MFA", "EMAIL_OTP"],
      preferred: "SMS_MFA",
    });
    await prefer(access, { SMSMfaSettings: { PreferredMfa: false } });
    expect(await shown(home, access)).toMatchObject({
      factors: ["SMS_MFA", "EMAIL_OTP"],
      preferred: undefined,
    });
  });

  test("passes from one factor to the other, and goes with the one that is switched off", async () => {
    const { home, access } = await signedIn();
    await prefer(access, { SMSMfaSettings: preferred, EmailMfaSettings: on });
    await prefer(access, { EmailMfaSettings: { PreferredMfa: true } });
    expect((await shown(home, access)).preferred).toBe("EMAIL_OTP");
    await prefer(access, { EmailMfaSettings: off });
    expect(await shown(home, access)).toEqual({
      factors: ["SMS_MFA"],
      preferred: undefined,
      options: sms,
    });
    await prefer(access, { SMSMfaSettings: off });
    expect(await shown(home, access)).toEqual(nothing);
  });

  test.each<[string, Preference, ReturnType<typeof refused>]>([
    [
      "two preferred ones",
      { SMSMfaSettings: preferred, EmailMfaSettings: preferred },
      refused("Only one MFA factor can be preferred."),
    ],
    [
      "one that is preferred and switched off",
      { SMSMfaSettings: { Enabled: false, PreferredMfa: true } },
      refused("SMS_MFA must be enabled to be preferred."),
    ],
    [
      "one that is preferred and was never switched on",
      { EmailMfaSettings: { PreferredMfa: true } },
      refused("EMAIL_OTP must be enabled to be preferred."),
    ],
    [
      "an app that was not proved",
      { SoftwareTokenMfaSettings: on },
      noDelivery("SOFTWARE_TOKEN_MFA"),
    ],
    [
      "a passkey where it is no second factor",
      { WebAuthnMfaSettings: on },
      refused("WEB_AUTHN is not enabled as a second factor for the user pool."),
    ],
  ])("is refused with %s, and stays as it was", async (_what, preference, refusal) => {
    const { home, access } = await signedIn();
    await associate(app, access);
    const all = { ...preference };
    await expect(prefer(access, all)).rejects.toMatchObject(refusal);
    await expect(preferFor(home, all)).rejects.toMatchObject(refusal);
    expect(await shown(home, access)).toEqual(nothing);
  });

  test("is all or nothing", async () => {
    const { home, access } = await signedIn();
    const mixed = { SMSMfaSettings: on, SoftwareTokenMfaSettings: on };
    await expect(prefer(access, mixed)).rejects.toMatchObject(noDelivery("SOFTWARE_TOKEN_MFA"));
    expect(await shown(home, access)).toEqual(nothing);
  });

  test("is refused without the address that codes would go to", async () => {
    const { access } = await signedIn({}, "compat", {});
    await expect(prefer(access, { SMSMfaSettings: on })).rejects.toMatchObject(
      noDelivery("SMS_MFA"),
    );
    await expect(prefer(access, { EmailMfaSettings: on })).rejects.toMatchObject(
      noDelivery("EMAIL_OTP"),
    );
  });

  test.each<[string, Partial<UserPoolSettings>]>([
    ["MFA is off", { mfaConfiguration: "OFF" }],
    ["this factor is none of the pool's", { mfa: { sms: false, softwareToken: true, email: {} } }],
  ])("is refused where %s", async (_where, settings) => {
    const { access } = await signedIn(settings);
    await expect(prefer(access, { SMSMfaSettings: on })).rejects.toMatchObject(
      refused("SMS_MFA is not enabled for the user pool."),
    );
  });

  test("can switch off what the pool does not have any more", async () => {
    const { home, access } = await signedIn();
    await prefer(access, { SMSMfaSettings: on });
    const { UserPoolId } = { UserPoolId: home.pool.id };
    await app.client.send(new SetUserPoolMfaConfigCommand({ UserPoolId, MfaConfiguration: "OFF" }));
    await prefer(access, { SMSMfaSettings: off });
    expect(await shown(home, access)).toEqual(nothing);
  });

  test("keeps one factor where MFA is required; an administrator may take the last", async () => {
    const { home, access } = await signedIn();
    await setUpApp(app, access);
    await prefer(access, { SMSMfaSettings: on });
    await app.client.send(
      new SetUserPoolMfaConfigCommand({
        UserPoolId: home.pool.id,
        MfaConfiguration: "ON",
        SmsMfaConfiguration: {},
        SoftwareTokenMfaConfiguration: { Enabled: true },
      }),
    );
    await prefer(access, { SMSMfaSettings: off });
    await expect(prefer(access, { SoftwareTokenMfaSettings: off })).rejects.toMatchObject(
      refused("MFA is required for the user pool: one factor must stay enabled."),
    );
    await preferFor(home, { SoftwareTokenMfaSettings: off });
    expect(await shown(home, access)).toEqual(nothing);
  });

  test("loses no change that comes at the same time", async () => {
    const { home, access } = await signedIn();
    await setUpApp(app, access);
    await Promise.all([
      prefer(access, { SMSMfaSettings: on }),
      prefer(access, { EmailMfaSettings: on }),
      prefer(access, { SoftwareTokenMfaSettings: off }),
    ]);
    expect((await shown(home, access)).factors).toEqual(["SMS_MFA", "EMAIL_OTP"]);
  });

  test("is nobody else's", async () => {
    const { home, access } = await signedIn();
    await testUser(app, home.pool, {
      username: "eve",
      attributes: { phone_number: "+12065550199" },
    });
    const { access: eves } = await tokensOf(app, home, { username: "eve" });
    await prefer(eves, { SMSMfaSettings: preferred });
    expect(await shown(home, access)).toEqual(nothing);
    await expect(prefer("not.a.token", {})).rejects.toMatchObject({
      name: "NotAuthorizedException",
    });
  });
});

describe("passkeys as both factors", () => {
  const settings: Partial<UserPoolSettings> = {
    allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"],
    mfa: {
      ...mfaSettings.mfa,
      webAuthn: {
        userVerification: "required",
        factorConfiguration: "MULTI_FACTOR_WITH_USER_VERIFICATION",
      },
    },
  };

  test("are the user's to switch on, with a passkey", async () => {
    const { home, access } = await signedIn(settings);
    await expect(prefer(access, { WebAuthnMfaSettings: on })).rejects.toMatchObject(
      noDelivery("WEB_AUTHN"),
    );
    await registerPasskey(app, access);
    await prefer(access, { WebAuthnMfaSettings: on });
    expect((await storedUser(app, home))?.factors.webAuthnMfa).toBe(true);
    expect(await shown(home, access)).toEqual(nothing);
    await preferFor(home, { WebAuthnMfaSettings: off });
    expect((await storedUser(app, home))?.factors.webAuthnMfa).toBe(false);
  });

  test("take a sign-in by a second factor in the hardened profile, and so does one more passkey then", async () => {
    const { access } = await signedIn(settings, "hardened");
    await setUpApp(app, access);
    await registerPasskey(app, access);
    const message = "Sign in with a second factor to change it.";
    await expect(prefer(access, { WebAuthnMfaSettings: on })).rejects.toThrow(message);
    await asProved(app, access, "PASSWORD", "SOFTWARE_TOKEN_MFA");
    await prefer(access, { WebAuthnMfaSettings: on });
    await asProved(app, access, "PASSWORD");
    await expect(registerPasskey(app, access)).rejects.toThrow(message);
    await asProved(app, access, "WEB_AUTHN", "WEB_AUTHN_VERIFIED");
    await registerPasskey(app, access);
  });
});

describe("in the hardened profile", () => {
  const unproved = {
    name: "NotAuthorizedException",
    message: "Sign in with a second factor to change it.",
  };

  test("codes go only to what the user proved to own", async () => {
    const attributes = { email: "ada@example.com", phone_number: "+12065550100" };
    const { access } = await signedIn({}, "hardened", attributes);
    await expect(prefer(access, { SMSMfaSettings: on })).rejects.toMatchObject(
      noDelivery("SMS_MFA"),
    );
    await expect(prefer(access, { EmailMfaSettings: on })).rejects.toMatchObject(
      noDelivery("EMAIL_OTP"),
    );
  });

  test.each<[string, Preference]>([
    ["taken away", { SoftwareTokenMfaSettings: off }],
    ["got around by another", { SMSMfaSettings: on }],
    ["put behind another", { SMSMfaSettings: preferred }],
    ["preferred no more", { SoftwareTokenMfaSettings: { PreferredMfa: true } }],
  ])("a factor is not %s by a sign-in without one", async (_how, preference) => {
    const { home, access } = await signedIn({}, "hardened");
    const secret = await setUpApp(app, access);
    const before = await shown(home, access);
    await expect(prefer(access, preference)).rejects.toMatchObject(unproved);
    await asProved(app, access, "PASSWORD", "NEW_PASSWORD", "CUSTOM_CHALLENGE", "DEVICE");
    await expect(prefer(access, preference)).rejects.toMatchObject(unproved);
    expect(await shown(home, access)).toEqual(before);
    app.clock.advance(30_000);
    await prefer(await signInByCode(app, home, totpAt(app, secret)), preference);
  });

  test("the first factor takes none, nor does asking for what is so", async () => {
    const { access } = await signedIn({}, "hardened");
    await prefer(access, { SMSMfaSettings: on });
    await prefer(access, { SMSMfaSettings: on });
    await expect(prefer(access, { SMSMfaSettings: off })).rejects.toMatchObject(unproved);
  });

  test("the address of a factor is not changed, nor taken away, by less than the factor", async () => {
    const { home, access } = await signedIn({}, "hardened");
    await prefer(access, { SMSMfaSettings: on });
    const change = (Name: string, Value: string) =>
      app.client.send(
        new UpdateUserAttributesCommand({
          ...{ AccessToken: access, UserAttributes: [{ Name, Value }] },
        }),
      );
    const remove = (...UserAttributeNames: string[]) =>
      app.client.send(new DeleteUserAttributesCommand({ AccessToken: access, UserAttributeNames }));
    await expect(change("phone_number", "+12065550199")).rejects.toMatchObject(unproved);
    await expect(change("email", "eve@example.com")).rejects.toMatchObject(unproved);
    await expect(remove("nickname", "phone_number")).rejects.toMatchObject(unproved);
    await change("nickname", "Ada");
    expect((await storedUser(app, home))?.attributes).toMatchObject(ada);
    await asProved(app, access, "PASSWORD", "SMS_MFA");
    await change("phone_number", "+12065550199");
  });

  test("a factor whose address an administrator took away protects its user still", async () => {
    const { home, access } = await signedIn({}, "hardened");
    await prefer(access, { SMSMfaSettings: on });
    const UserAttributes = [{ Name: "phone_number", Value: "" }];
    await app.client.send(
      new AdminUpdateUserAttributesCommand({
        ...{ UserPoolId: home.pool.id, Username: "ada", UserAttributes },
      }),
    );
    const secret = await associate(app, access);
    await expect(
      verify(app, { AccessToken: access, UserCode: totpAt(app, secret) }),
    ).rejects.toMatchObject(unproved);
  });

  test("the user is told", async () => {
    const { home, access } = await signedIn({}, "hardened");
    await prefer(access, { SMSMfaSettings: on });
    await preferFor(home, { SMSMfaSettings: off });
    await deliverOutbox(app);
    expect(app.sent.map(({ to, subject }) => ({ to, subject }))).toEqual([
      { to: "ada@example.com", subject: "A way to sign in was added" },
      { to: "ada@example.com", subject: "A way to sign in was removed" },
    ]);
  });
});

describe("the older operations", () => {
  type Options = typeof sms | { DeliveryMedium?: string; AttributeName?: string }[];
  const asSdk = (options: Options) => options as { DeliveryMedium: "SMS"; AttributeName: string }[];
  const set = (AccessToken: string, options: Options) =>
    app.client.send(new SetUserSettingsCommand({ AccessToken, MFAOptions: asSdk(options) }));
  const setFor = ({ pool }: TestPool, options: Options) =>
    app.client.send(
      new AdminSetUserSettingsCommand({
        ...{ UserPoolId: pool.id, Username: "ada", MFAOptions: asSdk(options) },
      }),
    );

  test("switch SMS on and off", async () => {
    const { home, access } = await signedIn();
    await set(access, sms);
    expect(await shown(home, access)).toMatchObject({ factors: ["SMS_MFA"], options: sms });
    const { Users } = await app.client.send(new ListUsersCommand({ UserPoolId: home.pool.id }));
    expect(Users?.[0]?.MFAOptions).toEqual(sms);
    await setFor(home, []);
    expect(await shown(home, access)).toEqual(nothing);
    await setFor(home, sms);
    await set(access, []);
    expect(await shown(home, access)).toEqual(nothing);
  });

  test.each<[string, Options]>([
    ["e-mail", [{ DeliveryMedium: "EMAIL", AttributeName: "email" }]],
    ["SMS to an e-mail address", [{ DeliveryMedium: "SMS", AttributeName: "email" }]],
    ["nothing named", [{}]],
  ])("are refused with %s", async (_what, options) => {
    const { home, access } = await signedIn();
    const refusal = refused("MFAOptions can only hold SMS to phone_number.");
    await expect(set(access, options)).rejects.toMatchObject(refusal);
    await expect(setFor(home, options)).rejects.toMatchObject(refusal);
  });

  test("are no way around the rules of the newer ones", async () => {
    const { access } = await signedIn({}, "hardened");
    await prefer(access, { SMSMfaSettings: on });
    await expect(set(access, [])).rejects.toThrow("Sign in with a second factor");
  });
});
