/** Users with a passkey, who sign in by it alone. */
import { type Authenticator, createAuthenticator } from "./authenticator.ts";
import { call } from "./calls.ts";
import type { Connection } from "./http-client.ts";
import type { Poolhouse } from "./poolhouse.ts";
import { makePool, type Pool } from "./pools.ts";
import type { Work } from "./rounds.ts";
import { clients, eachUser, openConnections, signIn, tokensOf } from "./works.ts";

type CreationOptions = Parameters<Authenticator["create"]>[0];
type RequestOptions = Parameters<Authenticator["get"]>[0];

/** Sign-ins by passkey, a user for every client, in a pool of their own. */
export async function passkeyWorks(installation: Poolhouse): Promise<Work[]> {
  const { target } = installation;
  const pool = await makePool(installation, {
    pool: {
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] } },
    },
    client: { ExplicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"] },
    mfa: {
      MfaConfiguration: "OFF",
      WebAuthnConfiguration: { RelyingPartyId: "localhost", UserVerification: "required" },
    },
    users: clients,
  });
  const origin = `https://localhost:${target.port}`;
  return eachUser({ pool, connections: openConnections(target) }, async (connection, _, email) => {
    const authenticator = createAuthenticator(origin);
    const { AccessToken } = await signIn(connection, pool, email);
    await register(connection, AccessToken, authenticator);
    return async () => signInByPasskey(connection, pool, { email, authenticator });
  });
}

async function register(
  connection: Connection,
  AccessToken: string,
  authenticator: Authenticator,
): Promise<void> {
  const output = await call(connection, "StartWebAuthnRegistration", { AccessToken });
  const { CredentialCreationOptions } = output as { CredentialCreationOptions: CreationOptions };
  const Credential = authenticator.create(CredentialCreationOptions);
  await call(connection, "CompleteWebAuthnRegistration", { AccessToken, Credential });
}

async function signInByPasskey(
  connection: Connection,
  { clientId: ClientId }: Pool,
  { email, authenticator }: { email: string; authenticator: Authenticator },
): Promise<void> {
  const { ChallengeName, ChallengeParameters, Session } = await call(connection, "InitiateAuth", {
    ClientId,
    AuthFlow: "USER_AUTH",
    AuthParameters: { USERNAME: email, PREFERRED_CHALLENGE: "WEB_AUTHN" },
  });
  // What this challenge has is AWS's to say.
  const asked = ChallengeParameters as { CREDENTIAL_REQUEST_OPTIONS: string };
  const options = JSON.parse(asked.CREDENTIAL_REQUEST_OPTIONS) as RequestOptions;
  const CREDENTIAL = JSON.stringify(authenticator.get(options));
  const output = await call(connection, "RespondToAuthChallenge", {
    ClientId,
    ChallengeName,
    Session,
    ChallengeResponses: { USERNAME: email, CREDENTIAL },
  });
  tokensOf(output);
}
