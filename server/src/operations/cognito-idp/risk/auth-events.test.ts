import {
  AdminInitiateAuthCommand,
  AdminListUserAuthEventsCommand,
  AdminUpdateAuthEventFeedbackCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  CreateUserPoolCommand,
  DeleteUserCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import {
  password,
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { signInByPassword, signInBySrp, tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const watched = { tier: "PLUS", advancedSecurityMode: "AUDIT" } as const;
const verified = { email: "ada@example.com", email_verified: "true" };

async function start(
  settings: TestPoolOptions["settings"] = watched,
  options: TestPoolOptions = {},
) {
  home = await testPool(app, { ...options, settings });
  await testUser(app, home.pool, { attributes: verified });
}

const userOf = (Username = "ada") => ({ UserPoolId: home.pool.id, Username });
const list = (given: { Username?: string; MaxResults?: number; NextToken?: string } = {}) =>
  app.client.send(new AdminListUserAuthEventsCommand({ ...userOf(), ...given }));
const eventsOf = async (Username?: string) =>
  (await list(Username === undefined ? {} : { Username })).AuthEvents ?? [];
/** What happened, oldest first. */
async function told(Username?: string) {
  const events = await eventsOf(Username);
  return events
    .reverse()
    .map(({ EventType, EventResponse, ChallengeResponses = [] }) =>
      [
        EventType,
        EventResponse,
        ...ChallengeResponses.map((each) => `${each.ChallengeName}:${each.ChallengeResponse}`),
      ].join(" "),
    );
}

test("a sign-in is told with its time, its address and its device", async () => {
  await start();
  await tokensOf(app, home);
  const events = await eventsOf();
  expect(events).toEqual([
    {
      EventId: expect.stringMatching(/^[\w+-]{1,50}$/),
      EventType: "SignIn",
      CreationDate: expect.any(Date),
      EventResponse: "Pass",
      EventRisk: { RiskDecision: "NoRisk", CompromisedCredentialsDetected: false },
      ChallengeResponses: [{ ChallengeName: "Password", ChallengeResponse: "Success" }],
      EventContextData: {
        IpAddress: "127.0.0.1",
        DeviceName: expect.stringMatching(/^AWS SDK 3/),
      },
    },
  ]);
});

test("wrong passwords fail, by password and by SRP", async () => {
  await start();
  await expect(signInByPassword(app, home, { password: "wrong" })).rejects.toThrow();
  await expect(signInBySrp(app, home, { password: "wrong" })).rejects.toThrow();
  await signInBySrp(app, home);
  expect(await told()).toEqual([
    "SignIn Fail Password:Failure",
    "SignIn Fail Password:Failure",
    "SignIn Pass Password:Success",
  ]);
});

test("refreshes and garbage are no events", async () => {
  await start();
  const { refresh } = await tokensOf(app, home);
  const { id: ClientId } = home.client;
  await app.client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: refresh },
    }),
  );
  await app.client.send(new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken: refresh }));
  const incomplete = { ClientId, AuthFlow: "USER_PASSWORD_AUTH" } as const;
  await expect(
    app.client.send(
      new InitiateAuthCommand({ ...incomplete, AuthParameters: { USERNAME: "ada" } }),
    ),
  ).rejects.toThrow();
  expect(await told()).toEqual(["SignIn Pass Password:Success"]);
});

test("a name that nobody has leaves nothing, and nothing of it is somebody else's", async () => {
  await start();
  await expect(signInByPassword(app, home, { username: "nobody" })).rejects.toThrow();
  const { id: ClientId } = home.client;
  await expect(
    app.client.send(new ForgotPasswordCommand({ ClientId, Username: "nobody" })),
  ).rejects.toThrow();
  const rows = await app.context.store.db.selectFrom("auth_events").selectAll().execute();
  expect(rows).toEqual([]);
});

test("forgotten and changed passwords are told", async () => {
  await start();
  const { id: ClientId } = home.client;
  await app.client.send(new ForgotPasswordCommand({ ClientId, Username: "ada" }));
  const Password = `${password}-2`;
  const confirm = (ConfirmationCode: string) =>
    app.client.send(
      new ConfirmForgotPasswordCommand({ ClientId, Username: "ada", ConfirmationCode, Password }),
    );
  await expect(confirm("0")).rejects.toThrow();
  await confirm(app.sent.at(-1)?.code ?? "");
  const { access: AccessToken } = await tokensOf(app, home, { password: Password });
  const change = (PreviousPassword: string) =>
    app.client.send(
      new ChangePasswordCommand({ AccessToken, PreviousPassword, ProposedPassword: password }),
    );
  await expect(change("wrong")).rejects.toThrow();
  await change(Password);
  expect(await told()).toEqual([
    "ForgotPassword InProgress",
    "ForgotPassword Fail",
    "ForgotPassword Pass",
    "SignIn Pass Password:Success",
    "PasswordChange Fail",
    "PasswordChange Pass",
  ]);
});

test("sign-ups and codes sent again are told", async () => {
  await start({ ...watched, autoVerifiedAttributes: ["email"] });
  const { id: ClientId } = home.client;
  await app.client.send(
    new SignUpCommand({
      ClientId,
      Username: "bob",
      Password: password,
      UserAttributes: [{ Name: "email", Value: "bob@example.com" }],
    }),
  );
  await app.client.send(new ResendConfirmationCodeCommand({ ClientId, Username: "bob" }));
  expect(await told("bob")).toEqual(["SignUp Pass", "ResendCode Pass"]);
});

test("a server says where its user is; without that its own address is told", async () => {
  await start();
  const signIn = (ContextData?: { IpAddress: string }) =>
    app.client.send(
      new AdminInitiateAuthCommand({
        UserPoolId: home.pool.id,
        ClientId: home.client.id,
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "ada", PASSWORD: password },
        ...(ContextData && {
          ContextData: { ...ContextData, ServerName: "s", ServerPath: "/", HttpHeaders: [] },
        }),
      }),
    );
  await signIn({ IpAddress: "203.0.113.9" });
  await signIn({ IpAddress: "<script>" });
  await signIn();
  const addresses = (await eventsOf()).map(({ EventContextData }) => EventContextData?.IpAddress);
  expect(addresses).toEqual(["127.0.0.1", "127.0.0.1", "203.0.113.9"]);
});

test("pages follow one another, for their own user alone", async () => {
  await start();
  await testUser(app, home.pool, { username: "bob" });
  for (let count = 0; count < 3; count += 1) await tokensOf(app, home);
  const first = await list({ MaxResults: 2 });
  expect(first.AuthEvents).toHaveLength(2);
  const { NextToken = "" } = first;
  const second = await list({ MaxResults: 2, NextToken });
  expect(second.AuthEvents).toHaveLength(1);
  expect(second.NextToken).toBeUndefined();
  await expect(list({ Username: "bob", NextToken })).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  expect(await list({ MaxResults: 0 })).toMatchObject({ AuthEvents: { length: 3 } });
});

test("feedback is kept with its event, and of another's event none", async () => {
  await start();
  await testUser(app, home.pool, { username: "bob" });
  await tokensOf(app, home);
  const [event] = await eventsOf();
  const say = (FeedbackValue: "Valid" | "Invalid", Username?: string, EventId = event?.EventId) =>
    app.client.send(
      new AdminUpdateAuthEventFeedbackCommand({ ...userOf(Username), EventId, FeedbackValue }),
    );
  const unknown = { name: "ResourceNotFoundException" };
  await expect(say("Valid", "bob")).rejects.toMatchObject(unknown);
  await expect(say("Valid", "ada", "unknown")).rejects.toMatchObject(unknown);
  await say("Valid");
  await say("Invalid");
  const [after] = await eventsOf();
  expect(after?.EventFeedback).toEqual({
    FeedbackValue: "Invalid",
    Provider: "Admin",
    FeedbackDate: expect.any(Date),
  });
});

test("a pool that does not watch keeps nothing and answers nobody", async () => {
  await start({ tier: "PLUS" });
  await tokensOf(app, home);
  const rows = await app.context.store.db.selectFrom("auth_events").selectAll().execute();
  expect(rows).toEqual([]);
  const off = { name: "UserPoolAddOnNotEnabledException" };
  await expect(list()).rejects.toMatchObject(off);
  await expect(
    app.client.send(
      new AdminUpdateAuthEventFeedbackCommand({
        ...userOf(),
        EventId: "a",
        FeedbackValue: "Valid",
      }),
    ),
  ).rejects.toMatchObject(off);
});

test("custom flows are watched only where the pool says so for them", async () => {
  const arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
  const lambdaConfig = {
    DefineAuthChallenge: arn,
    CreateAuthChallenge: arn,
    VerifyAuthChallengeResponse: arn,
  };
  const client = { explicitAuthFlows: ["ALLOW_CUSTOM_AUTH"] };
  app.functions.answer = ({ event }) => ({
    kind: "returned",
    payload: { ...(event as object), response: { issueTokens: true, failAuthentication: false } },
  });
  for (const customAuthMode of [undefined, "AUDIT"] as const) {
    await start(
      { ...watched, lambdaConfig, ...(customAuthMode ? { customAuthMode } : {}) },
      { client },
    );
    await app.client.send(
      new InitiateAuthCommand({
        ClientId: home.client.id,
        AuthFlow: "CUSTOM_AUTH",
        AuthParameters: { USERNAME: "ada" },
      }),
    );
    expect(await told()).toEqual(customAuthMode ? ["SignIn Pass"] : []);
  }
});

test("a deleted user takes the history along", async () => {
  await start();
  const { access: AccessToken } = await tokensOf(app, home);
  const user = await storedUser(app, home);
  await app.client.send(new DeleteUserCommand({ AccessToken }));
  const left = app.context.store.db
    .selectFrom("deletions")
    .select("user_id")
    .where("user_id", "=", user?.id ?? "");
  expect(await left.execute()).toHaveLength(1);
});

test("the mode is a setting of the tier PLUS, shown as it was given", async () => {
  const make = (UserPoolTier: "ESSENTIALS" | "PLUS") =>
    app.client.send(
      new CreateUserPoolCommand({
        PoolName: "p",
        UserPoolTier,
        UserPoolAddOns: {
          AdvancedSecurityMode: "ENFORCED",
          AdvancedSecurityAdditionalFlows: { CustomAuthMode: "AUDIT" },
        },
      }),
    );
  await expect(make("ESSENTIALS")).rejects.toMatchObject({
    name: "FeatureUnavailableInTierException",
    message:
      "The following features need to be disabled for the ESSENTIALS pricing tier configured: Threat Protection",
  });
  const { UserPool } = await make("PLUS");
  expect(UserPool?.UserPoolAddOns).toEqual({
    AdvancedSecurityMode: "ENFORCED",
    AdvancedSecurityAdditionalFlows: { CustomAuthMode: "AUDIT" },
  });
  await expect(
    app.client.send(
      new UpdateUserPoolCommand({
        UserPoolId: UserPool?.Id,
        UserPoolTier: "LITE",
        UserPoolAddOns: { AdvancedSecurityMode: "AUDIT" },
      }),
    ),
  ).rejects.toMatchObject({ name: "FeatureUnavailableInTierException" });
});
