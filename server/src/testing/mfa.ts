/** Authenticator apps of users, and pools that have them, for tests of what comes after. */
import {
  AssociateSoftwareTokenCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { Secret, TOTP } from "otpauth";
import type { Proof } from "../domain/auth/progress.ts";
import type { UserPoolSettings } from "../domain/pools/pool.ts";
import type { TestApp } from "./app.ts";
import { personAt } from "./person.ts";
import { type TestPool, type TestPoolOptions, testPool, testUser } from "./pools.ts";
import { claimsOf, signInByPassword, tokensOf } from "./sign-in.ts";

const everyFlow = [
  "ALLOW_USER_AUTH",
  "ALLOW_USER_PASSWORD_AUTH",
  "ALLOW_USER_SRP_AUTH",
  "ALLOW_ADMIN_USER_PASSWORD_AUTH",
  "ALLOW_REFRESH_TOKEN_AUTH",
] as const;

const snsCallerArn = "arn:aws:iam::123456789012:role/sms";

/** Settings of a pool with every second factor, none of them required. */
export const mfaSettings = {
  mfaConfiguration: "OPTIONAL",
  mfa: { sms: true, softwareToken: true, email: {} },
  smsConfiguration: { snsCallerArn },
  emailConfiguration: {
    emailSendingAccount: "DEVELOPER",
    sourceArn: "arn:aws:ses:us-east-1:123456789012:identity/example.com",
  },
} as const satisfies Partial<UserPoolSettings>;

/** Lets the clock come to the beginning of a step of 30 seconds, so that no code of a test ends while it runs. */
export function awaitStep({ clock }: TestApp): void {
  clock.advance(30_000 - (clock.now() % 30_000));
}

/** The code that an app shows at a time, by default that of the server's clock; `steps` later or earlier. */
export function totpAt({ clock }: TestApp, secret: string, steps = 0): string {
  const timestamp = clock.now() + steps * 30_000;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

/** A code of the right form that is none of those that are taken now. */
export function wrongTotp(app: TestApp, secret: string): string {
  const right = new Set([-2, -1, 0, 1, 2].map((steps) => totpAt(app, secret, steps)));
  return ["000000", "111111", "222222", "333333", "444444", "555555"].find(
    (code) => !right.has(code),
  ) as string;
}

/** AssociateSoftwareToken. */
export async function associate({ client }: TestApp, AccessToken: string): Promise<string> {
  const { SecretCode } = await client.send(new AssociateSoftwareTokenCommand({ AccessToken }));
  if (SecretCode === undefined) throw new Error("no secret was handed out");
  return SecretCode;
}

/** VerifySoftwareToken. */
export function verify(
  { client }: TestApp,
  given: { AccessToken: string; UserCode: string; FriendlyDeviceName?: string },
) {
  return client.send(new VerifySoftwareTokenCommand(given));
}

/** Sets up an app and switches it on; answers its secret. The code of this moment is used then. */
export async function setUpApp(app: TestApp, AccessToken: string): Promise<string> {
  const secret = await associate(app, AccessToken);
  await verify(app, { AccessToken, UserCode: totpAt(app, secret) });
  const SoftwareTokenMfaSettings = { Enabled: true };
  await app.client.send(new SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
  return secret;
}

/** A user with an app who is asked for its codes, and may sign in by every flow but a custom one. */
export async function userWithApp(app: TestApp, options: TestPoolOptions = {}) {
  const home = await testPool(app, {
    ...options,
    settings: { ...mfaSettings, ...options.settings },
    client: { explicitAuthFlows: everyFlow, ...options.client },
  });
  const attributes = {
    ...{ email: "ada@example.com", email_verified: "true" },
    ...{ phone_number: "+12065550100", phone_number_verified: "true" },
  };
  const user = await testUser(app, home.pool, { attributes });
  const { access } = await tokensOf(app, home);
  awaitStep(app);
  const secret = await setUpApp(app, access);
  app.clock.advance(30_000);
  return { home, user, access, secret, ada: personAt(app, home) };
}

/** A sign-in by password and the code of the app, or what stands for one; answers the access token. */
export async function signInByCode(app: TestApp, home: TestPool, code: string): Promise<string> {
  const { ChallengeName, Session } = await signInByPassword(app, home);
  const { AuthenticationResult } = await app.client.send(
    new RespondToAuthChallengeCommand({
      ...{ ClientId: home.client.id, ChallengeName, Session },
      ChallengeResponses: { USERNAME: "ada", SOFTWARE_TOKEN_MFA_CODE: code },
    }),
  );
  if (!AuthenticationResult?.AccessToken) throw new Error("this sign-in gave no tokens");
  return AuthenticationResult.AccessToken;
}

/** Makes the sign-in of a token one that proved these. */
export async function asProved(
  { context }: TestApp,
  accessToken: string,
  ...proved: Proof[]
): Promise<void> {
  await context.store.db
    .updateTable("token_families")
    .set({ factors: JSON.stringify(proved) })
    .where("id", "=", String(claimsOf(accessToken)["origin_jti"]))
    .execute();
}
