/** Registering passkeys as browsers do, for tests of what comes after. */
import {
  CompleteWebAuthnRegistrationCommand,
  StartWebAuthnRegistrationCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { UserPoolSettings } from "../domain/pools/pool.ts";
import type { TestApp } from "./app.ts";
import { Authenticator, type Lies } from "./authenticator.ts";

/** Settings of a pool with passkeys. */
export const passkeySettings = {
  allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"],
} as const satisfies Partial<UserPoolSettings>;

/** PublicKeyCredentialCreationOptionsJSON, as far as tests look at it. */
export type CreationOptions = {
  readonly challenge: string;
  readonly rp: { readonly id: string; readonly name: string };
  readonly user: { readonly id: string; readonly name: string; readonly displayName: string };
  readonly excludeCredentials: readonly object[];
};

/** StartWebAuthnRegistration. */
export async function startRegistration({ client }: TestApp, accessToken: string) {
  const { CredentialCreationOptions } = await client.send(
    new StartWebAuthnRegistrationCommand({ AccessToken: accessToken }),
  );
  return CredentialCreationOptions as unknown as CreationOptions;
}

/** CompleteWebAuthnRegistration. */
export async function completeRegistration(
  { client }: TestApp,
  accessToken: string,
  credential: object,
): Promise<void> {
  await client.send(
    new CompleteWebAuthnRegistrationCommand({
      AccessToken: accessToken,
      Credential: { ...credential },
    }),
  );
}

/** The whole of a registration; answers the authenticator that has the passkey now. */
export async function registerPasskey(
  app: TestApp,
  accessToken: string,
  given: { authenticator?: Authenticator; lies?: Lies } = {},
): Promise<Authenticator> {
  const { authenticator = new Authenticator(), lies } = given;
  const options = await startRegistration(app, accessToken);
  await completeRegistration(app, accessToken, authenticator.create(options, lies));
  return authenticator;
}

/** What the page that was asked for a passkey answers, signed by this authenticator. */
export function signatureFor(
  { ChallengeParameters }: { ChallengeParameters?: Record<string, string> | undefined },
  authenticator: Authenticator,
  lies: Lies = {},
): { CREDENTIAL: string } {
  const options = JSON.parse(ChallengeParameters?.["CREDENTIAL_REQUEST_OPTIONS"] ?? "");
  return { CREDENTIAL: JSON.stringify(authenticator.get(options, lies)) };
}
