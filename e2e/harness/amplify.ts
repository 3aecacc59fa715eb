/** A pool of a test's own and the unmodified Amplify of this process, configured for it. */
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { Amplify } from "aws-amplify";
import { Secret, TOTP } from "otpauth";
import { send } from "./request.ts";
import type { Server } from "./server.ts";
import { newAddress, password } from "./users.ts";

export type AppPool = { readonly userPoolId: string; readonly clientId: string };

export type AppPoolOptions = {
  readonly pool?: Partial<CreateUserPoolCommandInput>;
  readonly mfa?: Partial<SetUserPoolMfaConfigCommandInput>;
  readonly client?: Partial<CreateUserPoolClientCommandInput>;
};

/** What AWS asks for before a pool may send text messages. */
export const SmsConfiguration = {
  SnsCallerArn: "arn:aws:iam::123456789012:role/sms",
  ExternalId: "e2e",
};

export const done = { isSignedIn: true, nextStep: { signInStep: "DONE" } };

/** A pool whose users sign in by e-mail address, and a public client of it; Amplify is configured for them. */
export async function makeAppPool(server: Server, options: AppPoolOptions = {}): Promise<AppPool> {
  const client = server.client();
  const { UserPool } = await client.send(
    new CreateUserPoolCommand({
      PoolName: "app",
      UsernameAttributes: ["email"],
      AutoVerifiedAttributes: ["email"],
      // E-mail may be a second factor only where it does not recover the password as well.
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "admin_only", Priority: 1 }] },
      EmailConfiguration: {
        EmailSendingAccount: "DEVELOPER",
        SourceArn: "arn:aws:ses:us-east-1:123456789012:identity/example.com",
      },
      SmsConfiguration,
      ...options.pool,
    }),
  );
  const userPoolId = UserPool?.Id ?? "";
  if (options.mfa) {
    await client.send(new SetUserPoolMfaConfigCommand({ UserPoolId: userPoolId, ...options.mfa }));
  }
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId: userPoolId,
      ClientName: "app",
      ExplicitAuthFlows: [
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
      PreventUserExistenceErrors: "ENABLED",
      ...options.client,
    }),
  );
  const pool = { userPoolId, clientId: UserPoolClient?.ClientId ?? "" };
  configure(server, pool);
  return pool;
}

/** Points the Amplify of this process at a pool. */
export function configure(server: Server, pool: AppPool): void {
  Amplify.configure({
    Auth: {
      Cognito: {
        userPoolId: pool.userPoolId,
        userPoolClientId: pool.clientId,
        userPoolEndpoint: server.url,
        loginWith: { email: true },
      },
    },
  });
}

let numbers = 0;

/** A phone number that no other test uses. */
export function newPhoneNumber(): string {
  numbers += 1;
  return `+1206555${String(numbers).padStart(4, "0")}`;
}

/** A user with the harness's password: confirmed, or as an administrator invites one; gives the name to sign in with. */
export async function makeAppUser(
  server: Server,
  { userPoolId: UserPoolId }: AppPool,
  given: {
    username?: string;
    attributes?: Readonly<Record<string, string>>;
    temporary?: boolean;
  } = {},
): Promise<string> {
  const client = server.client();
  const Username = given.username ?? newAddress();
  const byDefault: Record<string, string> = given.username
    ? {}
    : { email: Username, email_verified: "true" };
  const attributes = { ...byDefault, ...given.attributes };
  await client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      MessageAction: "SUPPRESS",
      TemporaryPassword: password,
      UserAttributes: Object.entries(attributes).map(([Name, Value]) => ({ Name, Value })),
    }),
  );
  if (!given.temporary) {
    await client.send(
      new AdminSetUserPasswordCommand({
        UserPoolId,
        Username,
        Password: password,
        Permanent: true,
      }),
    );
  }
  return Username;
}

/** The code of the newest message to an address or number, waited for. */
export async function codeTo(server: Server, to: string, after?: string): Promise<string> {
  return (await server.message(to, after)).code ?? "";
}

/** A code of an authenticator app, of half a minute that none was made for before: a code is good once. */
export async function nextTotp(server: Server, sharedSecret: string): Promise<string> {
  await server.advance(30);
  const { headers } = await send(`${server.url}/_poolhouse/health`, { ca: server.ca });
  const timestamp = Date.parse(String(headers["date"]));
  return new TOTP({ secret: Secret.fromBase32(sharedSecret) }).generate({ timestamp });
}
