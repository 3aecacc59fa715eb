/** A pool of a test's own, with every setting of it up to the test, and its users. */
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  SetUserPoolMfaConfigCommand,
  type SetUserPoolMfaConfigCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
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

/** A pool whose users sign in by e-mail address, and a public client of it. */
export async function createAppPool(
  client: CognitoIdentityProviderClient,
  options: AppPoolOptions = {},
): Promise<AppPool> {
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
  return { userPoolId, clientId: UserPoolClient?.ClientId ?? "" };
}

let numbers = 0;

/** A phone number that no other test uses. */
export function newPhoneNumber(): string {
  numbers += 1;
  return `+1206555${String(numbers).padStart(4, "0")}`;
}

export type NewAppUser = {
  readonly username?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly temporary?: boolean;
};

/** A user with the harness's password: confirmed, or as an administrator invites one; gives the name to sign in with. */
export async function createAppUser(
  client: CognitoIdentityProviderClient,
  { userPoolId: UserPoolId }: AppPool,
  given: NewAppUser = {},
): Promise<string> {
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
