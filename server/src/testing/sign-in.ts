/** Signing in as clients do, for tests of what comes after. */
import {
  InitiateAuthCommand,
  type InitiateAuthCommandOutput,
  RespondToAuthChallengeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { createSrpSession, signSrpSession } from "cognito-srp-helper";
import type { TestApp } from "./app.ts";
import {
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
  password as usualPassword,
} from "./pools.ts";

type Given = { username?: string; password?: string; secretHash?: string };

/** USER_PASSWORD_AUTH. */
export function signInByPassword(
  { client: sdk }: TestApp,
  { client }: TestPool,
  { username = "ada", password = usualPassword, secretHash }: Given = {},
): Promise<InitiateAuthCommandOutput> {
  return sdk.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: client.id,
      AuthParameters: {
        USERNAME: username,
        PASSWORD: password,
        ...(secretHash === undefined ? {} : { SECRET_HASH: secretHash }),
      },
    }),
  );
}

/** The tokens of a sign-in by password. */
export async function tokensOf(
  app: TestApp,
  pool: TestPool,
  given: Given = {},
): Promise<{ access: string; id: string; refresh: string }> {
  const { AuthenticationResult } = await signInByPassword(app, pool, given);
  const { AccessToken, IdToken, RefreshToken } = AuthenticationResult ?? {};
  if (!AccessToken || !IdToken || !RefreshToken) throw new Error("this sign-in gave no tokens");
  return { access: AccessToken, id: IdToken, refresh: RefreshToken };
}

/** A pool with one user, who is signed in. */
export async function signedInUser(
  app: TestApp,
  options: TestPoolOptions = {},
  attributes: Readonly<Record<string, string>> = {
    email: "ada@example.com",
    email_verified: "true",
  },
): Promise<{ home: TestPool; access: string }> {
  const home = await testPool(app, options);
  await testUser(app, home.pool, { attributes });
  const { access } = await tokensOf(app, home);
  return { home, access };
}

/** USER_SRP_AUTH up to PASSWORD_VERIFIER, with the answer ready to be sent. */
export async function startSrp(
  { client: sdk }: TestApp,
  { pool, client }: TestPool,
  { username = "ada", password = usualPassword }: Given = {},
) {
  const session = createSrpSession(username, password, pool.id, false);
  const started = await sdk.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_SRP_AUTH",
      ClientId: client.id,
      AuthParameters: { USERNAME: username, SRP_A: session.largeA },
    }),
  );
  // The helper's type knows no member that is present and undefined.
  const { ChallengeParameters } = started;
  const signed = signSrpSession(session, ChallengeParameters ? { ChallengeParameters } : {});
  const responses = {
    USERNAME: username,
    PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
    PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
    TIMESTAMP: signed.timestamp,
  };
  return { started, responses };
}

/** The whole of USER_SRP_AUTH, with or without its Session. */
export async function signInBySrp(
  app: TestApp,
  pool: TestPool,
  given: Given & { withoutSession?: boolean } = {},
) {
  const { started, responses } = await startSrp(app, pool, given);
  return app.client.send(
    new RespondToAuthChallengeCommand({
      ClientId: pool.client.id,
      ChallengeName: "PASSWORD_VERIFIER",
      ChallengeResponses: responses,
      Session: given.withoutSession ? undefined : started.Session,
    }),
  );
}

/** What a token says, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
}
