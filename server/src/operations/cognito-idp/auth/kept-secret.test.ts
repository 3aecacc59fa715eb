/** What passes between a client and the machine of sign-in stands in no trail and no log, and in the database only sealed or hashed. */
import { SetUserMFAPreferenceCommand } from "@aws-sdk/client-cognito-identity-provider";
import { createSrpSession, signSrpSessionWithDevice } from "cognito-srp-helper";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode, wrongFor } from "../../../testing/codes.ts";
import { confirmDevice } from "../../../testing/devices.ts";
import { totpAt, userWithApp, wrongTotp } from "../../../testing/mfa.ts";
import { passkeySettings, registerPasskey, signatureFor } from "../../../testing/passkeys.ts";
import { type Person, withTokens } from "../../../testing/person.ts";
import { password } from "../../../testing/pools.ts";
import { askRiddles, riddleAnswer, riddleSettings } from "../../../testing/riddles.ts";
import { startSrp } from "../../../testing/sign-in.ts";

let app: TestApp;
/** Every request and answer of the SDK. */
let wire: unknown[];
beforeEach(async () => {
  app = await testApp();
  wire = [];
  app.client.middlewareStack.add(
    (next) => async (args) => {
      wire.push(args.input);
      const result = await next(args);
      wire.push(result.output);
      return result;
    },
    { step: "initialize" },
  );
});
afterEach(() => app.close());

const secretMembers = new Set([
  ...["Session", "SecretCode", "AccessToken", "IdToken", "RefreshToken", "PasswordVerifier"],
  ...["SECRET_BLOCK", "PASSWORD_CLAIM_SECRET_BLOCK", "PASSWORD_CLAIM_SIGNATURE", "SRP_A", "SRP_B"],
  ...["PASSWORD", "ANSWER", "challenge", "CREDENTIAL", "CREDENTIAL_REQUEST_OPTIONS"],
]);
const codeMembers = new Set([
  ...["UserCode", "SOFTWARE_TOKEN_MFA_CODE", "SMS_MFA_CODE", "EMAIL_OTP_CODE"],
]);

/** The values of members of these names, however deep. */
function valuesOf(value: unknown, names: ReadonlySet<string>): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) =>
    names.has(name) && typeof each === "string" ? [each] : valuesOf(each, names),
  );
}

/** All of the database, as text. */
async function stored(): Promise<string> {
  const { db } = app.context.store;
  const tables = await db.introspection.getTables();
  const rows = tables.map(({ name }) =>
    db
      .selectFrom(name as "users")
      .selectAll()
      .execute(),
  );
  return JSON.stringify(await Promise.all(rows));
}

async function signInByEverything() {
  askRiddles(app);
  const devices = { challengeRequiredOnNewDevice: false, deviceOnlyRememberedOnUserPrompt: false };
  const { home, ada, access, secret } = await userWithApp(app, {
    settings: { ...passkeySettings, ...riddleSettings, deviceConfiguration: devices },
    client: {
      explicitAuthFlows: [
        ...["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"],
        ...["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
      ],
    },
  });
  const codeOf = (SOFTWARE_TOKEN_MFA_CODE: string) => ({ SOFTWARE_TOKEN_MFA_CODE });
  const { started, responses } = await startSrp(app, home);
  const asked = await ada.answer(started, responses);
  await ada.answer(asked, codeOf(wrongTotp(app, secret))).catch(() => undefined);
  const signedIn = await ada.answer(asked, codeOf(totpAt(app, secret)));
  expect(signedIn).toMatchObject(withTokens);
  const { AccessToken = "", NewDeviceMetadata = {} } = signedIn.AuthenticationResult ?? {};
  const { DeviceKey: deviceKey = "", DeviceGroupKey: groupKey = "" } = NewDeviceMetadata;
  const device = await confirmDevice(app, { access: AccessToken, deviceKey, groupKey });
  await deviceProof(ada, { poolId: home.pool.id, deviceKey, groupKey, ...device, secret });
  const EmailMfaSettings = { Enabled: true, PreferredMfa: true };
  const preference = { AccessToken: access, EmailMfaSettings };
  await app.client.send(new SetUserMFAPreferenceCommand(preference));
  const byMail = await ada.begin({ PASSWORD: password }, { flow: "USER_PASSWORD_AUTH" });
  await deliverOutbox(app);
  const code = lastCode(app);
  await ada.answer(byMail, { EMAIL_OTP_CODE: wrongFor(code) }).catch(() => undefined);
  const riddle = await ada.begin({}, { flow: "CUSTOM_AUTH" });
  await ada.answer(riddle, { ANSWER: riddleAnswer });
  const none = {
    SoftwareTokenMfaSettings: { Enabled: false },
    EmailMfaSettings: { Enabled: false },
  };
  await app.client.send(new SetUserMFAPreferenceCommand({ AccessToken: access, ...none }));
  const authenticator = await registerPasskey(app, access);
  const page = await ada.begin({ PREFERRED_CHALLENGE: "WEB_AUTHN" });
  await ada.answer(page, { CREDENTIAL: "{}" }).catch(() => undefined);
  expect(await ada.answer(page, signatureFor(page, authenticator))).toMatchObject(withTokens);
  await ada.begin({ PREFERRED_CHALLENGE: "WEB_AUTHN" });
  await ada.begin({ PREFERRED_CHALLENGE: "PASSWORD_SRP", SRP_A: "ab".repeat(384) });
}

type Proving = {
  readonly poolId: string;
  readonly deviceKey: string;
  readonly groupKey: string;
  readonly secret: string;
};

/** A sign-in up to what a device is asked, which answers wrongly. */
async function deviceProof(ada: Person, { poolId, deviceKey, groupKey, secret }: Proving) {
  const named = { PASSWORD: password, DEVICE_KEY: deviceKey };
  const asked = await ada.begin(named, { flow: "USER_PASSWORD_AUTH" });
  app.clock.advance(30_000);
  const code = { SOFTWARE_TOKEN_MFA_CODE: totpAt(app, secret) };
  const device = await ada.answer(asked, code);
  const session = createSrpSession("ada", "", poolId, false);
  const { largeA: SRP_A } = session;
  const verifier = await ada.answer(device, { DEVICE_KEY: deviceKey, SRP_A });
  const given = { ChallengeParameters: { ...verifier.ChallengeParameters, USERNAME: "ada" } };
  const signed = signSrpSessionWithDevice(session, given, groupKey, "wrong");
  const answer = {
    DEVICE_KEY: deviceKey,
    PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
    PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
    TIMESTAMP: signed.timestamp,
  };
  await expect(ada.answer(verifier, answer)).rejects.toThrow();
}

test("no Session, secret, code, challenge or token stands where it can be read", async () => {
  await signInByEverything();
  const secrets = [...new Set(valuesOf(wire, secretMembers))].filter((each) => each.length > 8);
  const codes = [...new Set([...valuesOf(wire, codeMembers), lastCode(app)])];
  expect(secrets.length).toBeGreaterThan(30);
  expect(codes.length).toBeGreaterThan(4);
  const trail = JSON.stringify([await app.auditEvents(), app.logged]);
  const database = await stored();
  for (const secret of secrets) {
    expect(trail).not.toContain(secret);
    expect(database).not.toContain(secret);
    const hex = Buffer.from(secret, "base64").toString("hex");
    if (hex.length > 40) expect(database).not.toContain(hex);
  }
  for (const code of codes) expect(trail).not.toContain(`"${code}"`);
});
