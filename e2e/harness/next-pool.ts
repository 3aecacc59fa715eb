/** A pool for Next.js apps: AWS's issuer, and a client whose callbacks are the adapter's. */
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { operate } from "./operate.ts";
import type { Server } from "./server.ts";
import { newAddress, password } from "./users.ts";

export type NextPool = {
  readonly userPoolId: string;
  readonly clientId: string;
  /** Of a user who is there. */
  readonly email: string;
};

export async function makeNextPool(server: Server, appOrigin: string): Promise<NextPool> {
  const client = server.client();
  const { UserPool } = await client.send(
    new CreateUserPoolCommand({
      PoolName: "next",
      UsernameAttributes: ["email"],
      AutoVerifiedAttributes: ["email"],
    }),
  );
  const UserPoolId = UserPool?.Id ?? "";
  const Extensions = { IssuerMode: "aws" };
  await operate(server, "PutUserPoolExtensions", { UserPoolId, Extensions });
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "next",
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
      SupportedIdentityProviders: ["COGNITO"],
      CallbackURLs: [`${appOrigin}/api/auth/sign-in-callback`],
      LogoutURLs: [`${appOrigin}/api/auth/sign-out-callback`],
    }),
  );
  const Username = newAddress();
  await client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      MessageAction: "SUPPRESS",
      UserAttributes: [
        { Name: "email", Value: Username },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  await client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  );
  return { userPoolId: UserPoolId, clientId: UserPoolClient?.ClientId ?? "", email: Username };
}
