/**
 * Every operation of docs/compatibility.md, called by the AWS SDK over TLS and answered with success. What each does in
 * detail, and refuses, is tested beside it; this shows that the SDK sends what is read and reads what is sent.
 */
import * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nextTotp } from "./harness/amplify.ts";
import {
  type AppPool,
  createAppPool,
  createAppUser,
  SmsConfiguration,
} from "./harness/app-pool.ts";
import { confirmDevice } from "./harness/factors-pool.ts";
import { operations } from "./harness/operations.ts";
import { type CreationOptions, Passkey } from "./harness/passkey.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { begin, reply, type Step } from "./harness/steps.ts";
import { trust } from "./harness/trust.ts";
import { newAddress, password } from "./harness/users.ts";
import { hostedLoginOperations } from "./sdk-operations/hosted-login.ts";

let server: Server;
let client: Sdk.CognitoIdentityProviderClient;
let pool: AppPool;
/** The operations that succeeded so far. */
const succeeded = new Set<string>();

beforeAll(async () => {
  server = await startServer();
  trust(server);
  client = server.client();
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const result = await next(args);
        succeeded.add(commandName?.replace(/Command$/, "") ?? "");
        return result;
      },
    { step: "initialize" },
  );
  pool = await createAppPool(client, {
    pool: {
      UserPoolTier: "PLUS",
      UserPoolAddOns: { AdvancedSecurityMode: "AUDIT" },
      Policies: { SignInPolicy: { AllowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] } },
      DeviceConfiguration: {
        ChallengeRequiredOnNewDevice: false,
        DeviceOnlyRememberedOnUserPrompt: true,
      },
      // ForgotPassword is among the operations.
      AccountRecoverySetting: { RecoveryMechanisms: [{ Name: "verified_email", Priority: 1 }] },
    },
    mfa: {
      MfaConfiguration: "OPTIONAL",
      SoftwareTokenMfaConfiguration: { Enabled: true },
      SmsMfaConfiguration: { SmsConfiguration },
    },
    client: {
      ExplicitAuthFlows: [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
    },
  });
});
afterAll(stopAll);

const ofPool = () => ({ UserPoolId: pool.userPoolId });
const ofClient = () => ({ UserPoolId: pool.userPoolId, ClientId: pool.clientId });
const ofUser = (Username: string) => ({ UserPoolId: pool.userPoolId, Username });

/** A user who signed in, by the password. */
async function enter(username?: string): Promise<{ username: string; step: Step; access: string }> {
  const name = username ?? (await createAppUser(client, pool));
  const step = await begin(client, pool.clientId, { username: name });
  return { username: name, step, access: step.tokens?.AccessToken ?? "" };
}

test("pools", async () => {
  const { UserPool } = await client.send(new Sdk.CreateUserPoolCommand({ PoolName: "second" }));
  const other = { UserPoolId: UserPool?.Id };
  await client.send(
    new Sdk.AddCustomAttributesCommand({
      ...other,
      CustomAttributes: [{ Name: "hat", AttributeDataType: "String" }],
    }),
  );
  const Policies = { PasswordPolicy: { MinimumLength: 15 } };
  await client.send(new Sdk.UpdateUserPoolCommand({ ...other, Policies }));
  const described = await client.send(new Sdk.DescribeUserPoolCommand(other));
  expect(described.UserPool).toMatchObject({ Name: "second", Policies });
  expect(described.UserPool?.SchemaAttributes?.map(({ Name }) => Name)).toContain("custom:hat");
  const { UserPools } = await client.send(new Sdk.ListUserPoolsCommand({ MaxResults: 60 }));
  expect(UserPools?.map(({ Id }) => Id)).toEqual(
    expect.arrayContaining([UserPool?.Id, pool.userPoolId]),
  );
  await client.send(new Sdk.DeleteUserPoolCommand(other));
  await expect(client.send(new Sdk.DescribeUserPoolCommand(other))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  const mfa = await client.send(new Sdk.GetUserPoolMfaConfigCommand(ofPool()));
  expect(mfa).toMatchObject({ MfaConfiguration: "OPTIONAL", SmsMfaConfiguration: {} });
});

test("clients and their secrets", async () => {
  const { UserPoolClient } = await client.send(
    new Sdk.CreateUserPoolClientCommand({ ...ofPool(), ClientName: "s", GenerateSecret: true }),
  );
  const other = { ...ofPool(), ClientId: UserPoolClient?.ClientId };
  await client.send(new Sdk.UpdateUserPoolClientCommand({ ...other, ClientName: "server" }));
  const added = await client.send(new Sdk.AddUserPoolClientSecretCommand(other));
  const ClientSecretId = added.ClientSecretDescriptor?.ClientSecretId;
  const { ClientSecrets } = await client.send(new Sdk.ListUserPoolClientSecretsCommand(other));
  expect(ClientSecrets).toHaveLength(2);
  await client.send(new Sdk.DeleteUserPoolClientSecretCommand({ ...other, ClientSecretId }));
  const described = await client.send(new Sdk.DescribeUserPoolClientCommand(other));
  expect(described.UserPoolClient).toMatchObject({ ClientName: "server" });
  await client.send(new Sdk.DeleteUserPoolClientCommand(other));
  const { UserPoolClients } = await client.send(new Sdk.ListUserPoolClientsCommand(ofPool()));
  expect(UserPoolClients?.map(({ ClientId }) => ClientId)).toEqual([pool.clientId]);
});

test("groups", async () => {
  const Username = await createAppUser(client, pool);
  const group = { ...ofPool(), GroupName: "editors" };
  await client.send(new Sdk.CreateGroupCommand(group));
  await client.send(new Sdk.UpdateGroupCommand({ ...group, Description: "They edit" }));
  const { Group } = await client.send(new Sdk.GetGroupCommand(group));
  expect(Group).toMatchObject({ GroupName: "editors", Description: "They edit" });
  expect((await client.send(new Sdk.ListGroupsCommand(ofPool()))).Groups).toHaveLength(1);
  await client.send(new Sdk.AdminAddUserToGroupCommand({ ...group, Username }));
  const { Users } = await client.send(new Sdk.ListUsersInGroupCommand(group));
  expect(Users).toHaveLength(1);
  const listed = await client.send(new Sdk.AdminListGroupsForUserCommand(ofUser(Username)));
  expect(listed.Groups?.map(({ GroupName }) => GroupName)).toEqual(["editors"]);
  await client.send(new Sdk.AdminRemoveUserFromGroupCommand({ ...group, Username }));
  await client.send(new Sdk.DeleteGroupCommand(group));
  expect((await client.send(new Sdk.ListGroupsCommand(ofPool()))).Groups).toEqual([]);
});

hostedLoginOperations(() => ({ client, UserPoolId: pool.userPoolId, ClientId: pool.clientId }));

test("users, by an administrator", async () => {
  const Username = await createAppUser(client, pool, { temporary: true });
  const user = ofUser(Username);
  const attribute = { Name: "given_name", Value: "Ada" };
  await client.send(
    new Sdk.AdminUpdateUserAttributesCommand({ ...user, UserAttributes: [attribute] }),
  );
  const { UserAttributes, UserStatus } = await client.send(new Sdk.AdminGetUserCommand(user));
  expect(UserAttributes).toContainEqual(attribute);
  expect(UserStatus).toBe("FORCE_CHANGE_PASSWORD");
  await client.send(
    new Sdk.AdminDeleteUserAttributesCommand({ ...user, UserAttributeNames: ["given_name"] }),
  );
  const started = await client.send(
    new Sdk.AdminInitiateAuthCommand({
      ...ofClient(),
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: password },
    }),
  );
  expect(started.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
  const ended = await client.send(
    new Sdk.AdminRespondToAuthChallengeCommand({
      ...ofClient(),
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session: started.Session,
      ChallengeResponses: { USERNAME: Username, NEW_PASSWORD: `${password}-2` },
    }),
  );
  const AccessToken = ended.AuthenticationResult?.AccessToken;
  await client.send(new Sdk.GetUserCommand({ AccessToken }));
  await client.send(new Sdk.AdminUserGlobalSignOutCommand(user));
  await expect(client.send(new Sdk.GetUserCommand({ AccessToken }))).rejects.toThrow();
  await client.send(new Sdk.AdminDisableUserCommand(user));
  expect((await client.send(new Sdk.AdminGetUserCommand(user))).Enabled).toBe(false);
  await client.send(new Sdk.AdminEnableUserCommand(user));
  await client.send(new Sdk.AdminResetUserPasswordCommand(user));
  expect((await client.send(new Sdk.AdminGetUserCommand(user))).UserStatus).toBe("RESET_REQUIRED");
  await client.send(
    new Sdk.AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }),
  );
  const list = { ...ofPool(), Filter: `email = "${Username}"` };
  expect((await client.send(new Sdk.ListUsersCommand(list))).Users).toHaveLength(1);
  await client.send(new Sdk.AdminDeleteUserCommand(user));
  expect((await client.send(new Sdk.ListUsersCommand(list))).Users).toEqual([]);
});

test("sign-up and forgotten passwords", async () => {
  const { clientId: ClientId } = pool;
  const signUp = async () => {
    const Username = newAddress();
    const UserAttributes = [{ Name: "email", Value: Username }];
    await client.send(
      new Sdk.SignUpCommand({ ClientId, Username, Password: password, UserAttributes }),
    );
    return { Username, first: await server.message(Username) };
  };
  const { Username, first } = await signUp();
  await client.send(new Sdk.ResendConfirmationCodeCommand({ ClientId, Username }));
  const second = await server.message(Username, first.id);
  const ConfirmationCode = second.code ?? "";
  await client.send(new Sdk.ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));
  await client.send(new Sdk.ForgotPasswordCommand({ ClientId, Username }));
  const third = await server.message(Username, second.id);
  const Password = `${password}-3`;
  await client.send(
    new Sdk.ConfirmForgotPasswordCommand({
      ...{ ClientId, Username, Password, ConfirmationCode: third.code ?? "" },
    }),
  );
  const parameters = { PASSWORD: Password };
  const { tokens } = await begin(client, ClientId, { username: Username, parameters });
  expect(tokens?.AccessToken).toBeDefined();
  const other = await signUp();
  await client.send(new Sdk.AdminConfirmSignUpCommand(ofUser(other.Username)));
  expect((await enter(other.Username)).access).not.toBe("");
});

test("tokens and one's own account", async () => {
  const { step, access: AccessToken } = await enter();
  const { clientId: ClientId } = pool;
  const renewed = await client.send(
    new Sdk.GetTokensFromRefreshTokenCommand({
      ...{ ClientId, RefreshToken: step.tokens?.RefreshToken },
      DeviceKey: step.tokens?.NewDeviceMetadata?.DeviceKey,
    }),
  );
  expect(renewed.AuthenticationResult?.AccessToken).toBeDefined();
  const attribute = { Name: "given_name", Value: "Ada" };
  const UserAttributes = [attribute];
  await client.send(new Sdk.UpdateUserAttributesCommand({ AccessToken, UserAttributes }));
  const seen = await client.send(new Sdk.GetUserCommand({ AccessToken }));
  expect(seen.UserAttributes).toContainEqual(attribute);
  const UserAttributeNames = ["given_name"];
  await client.send(new Sdk.DeleteUserAttributesCommand({ AccessToken, UserAttributeNames }));
  const address = newAddress();
  await client.send(
    new Sdk.UpdateUserAttributesCommand({
      AccessToken,
      UserAttributes: [{ Name: "email", Value: address }],
    }),
  );
  const first = await server.message(address);
  const email = { AccessToken, AttributeName: "email" };
  await client.send(new Sdk.GetUserAttributeVerificationCodeCommand(email));
  const { code } = await server.message(address, first.id);
  await client.send(new Sdk.VerifyUserAttributeCommand({ ...email, Code: code ?? "" }));
  await client.send(
    new Sdk.ChangePasswordCommand({
      ...{ AccessToken, PreviousPassword: password, ProposedPassword: `${password}-2` },
    }),
  );
  const Token = step.tokens?.RefreshToken;
  await client.send(new Sdk.RevokeTokenCommand({ ClientId, Token }));
  await expect(client.send(new Sdk.GetUserCommand({ AccessToken }))).rejects.toThrow();
  await client.send(
    new Sdk.AdminSetUserPasswordCommand({
      ...{ UserPoolId: pool.userPoolId, Username: address, Password: password, Permanent: true },
    }),
  );
  const out = await enter(address);
  await client.send(new Sdk.GlobalSignOutCommand({ AccessToken: out.access }));
  await expect(
    client.send(new Sdk.GetUserCommand({ AccessToken: out.access })),
  ).rejects.toMatchObject({ name: "NotAuthorizedException" });
  const last = await enter(address);
  await client.send(new Sdk.DeleteUserCommand({ AccessToken: last.access }));
  await expect(enter(address)).rejects.toThrow();
});

test("second factors", async () => {
  const { username, access: AccessToken } = await enter();
  const user = ofUser(username);
  const { SecretCode = "" } = await client.send(
    new Sdk.AssociateSoftwareTokenCommand({ AccessToken }),
  );
  const UserCode = await nextTotp(server, SecretCode);
  const verified = await client.send(new Sdk.VerifySoftwareTokenCommand({ AccessToken, UserCode }));
  expect(verified.Status).toBe("SUCCESS");
  const SoftwareTokenMfaSettings = { Enabled: true, PreferredMfa: true };
  await client.send(new Sdk.SetUserMFAPreferenceCommand({ AccessToken, SoftwareTokenMfaSettings }));
  const own = await client.send(new Sdk.GetUserAuthFactorsCommand({ AccessToken }));
  expect(own).toMatchObject({
    PreferredMfaSetting: "SOFTWARE_TOKEN_MFA",
    UserMFASettingList: ["SOFTWARE_TOKEN_MFA"],
  });
  const { step } = await enter(username);
  expect(step.challenge).toBe("SOFTWARE_TOKEN_MFA");
  const responses = { SOFTWARE_TOKEN_MFA_CODE: await nextTotp(server, SecretCode) };
  const passed = await reply(client, { ClientId: pool.clientId, username, step, responses });
  expect(passed.tokens?.AccessToken).toBeDefined();
  await client.send(
    new Sdk.AdminSetUserMFAPreferenceCommand({
      ...user,
      SoftwareTokenMfaSettings: { Enabled: false },
    }),
  );
  await client.send(new Sdk.AdminDeleteSoftwareTokenCommand(user));
  const factors = await client.send(new Sdk.AdminGetUserAuthFactorsCommand(user));
  expect(factors.UserMFASettingList ?? []).toEqual([]);
  await client.send(new Sdk.SetUserSettingsCommand({ AccessToken, MFAOptions: [] }));
  await client.send(new Sdk.AdminSetUserSettingsCommand({ ...user, MFAOptions: [] }));
});

test("passkeys", async () => {
  const { access: AccessToken } = await enter();
  const { CredentialCreationOptions } = await client.send(
    new Sdk.StartWebAuthnRegistrationCommand({ AccessToken }),
  );
  const made = new Passkey(server.url).create(
    // A document to the SDK; what is in it is the browser's.
    CredentialCreationOptions as unknown as CreationOptions,
  );
  const Credential = { ...made };
  await client.send(new Sdk.CompleteWebAuthnRegistrationCommand({ AccessToken, Credential }));
  const list = () => client.send(new Sdk.ListWebAuthnCredentialsCommand({ AccessToken }));
  expect((await list()).Credentials).toMatchObject([{ CredentialId: made.id }]);
  const CredentialId = made.id;
  await client.send(new Sdk.DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId }));
  expect((await list()).Credentials).toEqual([]);
});

test("devices", async () => {
  const { username, step, access: AccessToken } = await enter();
  const { key: DeviceKey } = await confirmDevice(client, step);
  const own = { AccessToken, DeviceKey };
  const status = { DeviceRememberedStatus: "remembered" } as const;
  await client.send(new Sdk.UpdateDeviceStatusCommand({ ...own, ...status }));
  expect((await client.send(new Sdk.GetDeviceCommand(own))).Device).toMatchObject({ DeviceKey });
  expect((await client.send(new Sdk.ListDevicesCommand({ AccessToken }))).Devices).toHaveLength(1);
  await client.send(new Sdk.ForgetDeviceCommand(own));
  const other = await confirmDevice(client, (await enter(username)).step);
  const admin = { ...ofUser(username), DeviceKey: other.key };
  await client.send(new Sdk.AdminUpdateDeviceStatusCommand({ ...admin, ...status }));
  const { Device } = await client.send(new Sdk.AdminGetDeviceCommand(admin));
  expect(Device).toMatchObject({ DeviceKey: other.key });
  await client.send(new Sdk.AdminForgetDeviceCommand(admin));
  const { Devices } = await client.send(new Sdk.AdminListDevicesCommand(ofUser(username)));
  expect(Devices).toEqual([]);
});

test("sessions", async () => {
  const set = { UserSessionTracking: "ENABLED", TokenSession: { MaxPerUser: 5 } } as const;
  await client.send(new Sdk.SetUserPoolSessionConfigurationCommand({ ...ofPool(), ...set }));
  expect(await client.send(new Sdk.GetUserPoolSessionConfigurationCommand(ofPool()))).toMatchObject(
    set,
  );
  const SSOSession = { MaxValidityMinutes: 30 };
  await client.send(
    new Sdk.SetUserPoolClientSessionConfigurationCommand({ ...ofClient(), SSOSession }),
  );
  expect(
    await client.send(new Sdk.GetUserPoolClientSessionConfigurationCommand(ofClient())),
  ).toMatchObject({ SSOSession });
  const { username, access: AccessToken } = await enter();
  await enter(username);
  await enter(username);
  const { Sessions = [] } = await client.send(new Sdk.ListUserSessionsCommand({ AccessToken }));
  expect(Sessions).toHaveLength(3);
  const others = Sessions.map(({ SessionId }) => SessionId).slice(0, 2);
  await client.send(new Sdk.RevokeUserSessionCommand({ AccessToken, SessionId: others[0] }));
  await client.send(
    new Sdk.AdminRevokeUserSessionCommand({ ...ofUser(username), SessionId: others[1] }),
  );
  const left = await client.send(new Sdk.AdminListUserSessionsCommand(ofUser(username)));
  expect(left.Sessions).toHaveLength(1);
});

test("risks and the history of sign-ins", async () => {
  const RiskExceptionConfiguration = { SkippedIPRangeList: ["192.0.2.0/24"] };
  await client.send(
    new Sdk.SetRiskConfigurationCommand({ ...ofPool(), RiskExceptionConfiguration }),
  );
  const { RiskConfiguration } = await client.send(
    new Sdk.DescribeRiskConfigurationCommand(ofPool()),
  );
  expect(RiskConfiguration).toMatchObject({ RiskExceptionConfiguration });
  const { username } = await enter();
  const list = () => client.send(new Sdk.AdminListUserAuthEventsCommand(ofUser(username)));
  const { AuthEvents: [event] = [] } = await list();
  expect(event).toMatchObject({ EventType: "SignIn", EventResponse: "Pass" });
  await client.send(
    new Sdk.AdminUpdateAuthEventFeedbackCommand({
      ...ofUser(username),
      EventId: event?.EventId,
      FeedbackValue: "Invalid",
    }),
  );
  const { AuthEvents } = await list();
  expect(AuthEvents?.[0]?.EventFeedback).toMatchObject({ FeedbackValue: "Invalid" });
});

test("none was left out", () => {
  expect(Object.keys(operations).filter((name) => !succeeded.has(name))).toEqual([]);
});
