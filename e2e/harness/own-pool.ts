/** A pool of a test's own, and users in it that sign up by mail, for tests that count what happens to each. */
import {
  type CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { MailServer } from "./mail.ts";
import { newAddress, password } from "./users.ts";

export type OwnPool = { readonly UserPoolId: string; readonly ClientId: string };

/**
 * A pool that verifies addresses, with a client whose refresh tokens are good once, without grace. Mail goes out before
 * the answer, so that whoever was answered has a code.
 */
export async function makePool(client: CognitoIdentityProviderClient): Promise<OwnPool> {
  const { UserPool } = await client.send(
    new CreateUserPoolCommand({ PoolName: "own", AutoVerifiedAttributes: ["email"] }),
  );
  const UserPoolId = UserPool?.Id ?? "";
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "app",
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"],
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
      PreventUserExistenceErrors: "LEGACY",
    }),
  );
  return { UserPoolId, ClientId: UserPoolClient?.ClientId ?? "" };
}

/** What signs up a user whose name is the address. */
export function signUpOf(ClientId: string, Username: string): SignUpCommand {
  return new SignUpCommand({
    ClientId,
    Username,
    Password: password,
    UserAttributes: [{ Name: "email", Value: Username }],
  });
}

/** Signs a new user up and confirms the address; answers it. */
export async function signUp(
  client: CognitoIdentityProviderClient,
  { ClientId }: OwnPool,
  mail: MailServer,
): Promise<string> {
  const Username = newAddress();
  await client.send(signUpOf(ClientId, Username));
  const ConfirmationCode = await mail.code(Username);
  await client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));
  return Username;
}

export type Tokens = { readonly access: string; readonly id: string; readonly refresh: string };

/** Signs in by password. */
export async function signIn(
  client: CognitoIdentityProviderClient,
  ClientId: string,
  given: { username: string; password?: string },
): Promise<Tokens> {
  const { AuthenticationResult } = await client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: given.username, PASSWORD: given.password ?? password },
    }),
  );
  return {
    access: AuthenticationResult?.AccessToken ?? "",
    id: AuthenticationResult?.IdToken ?? "",
    refresh: AuthenticationResult?.RefreshToken ?? "",
  };
}
