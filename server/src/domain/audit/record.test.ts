import {
  AdminCreateUserCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { testCall, testPool, testUser } from "../../testing/pools.ts";
import { tokensOf } from "../../testing/sign-in.ts";
import { type Call, makeCall } from "../call.ts";
import { recordEvent } from "./record.ts";

const rowLimitBytes = 16_384;

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

async function rows(): Promise<string[]> {
  const found = await app.context.store.db.selectFrom("audit_events").select("event").execute();
  return found.map(({ event }) => event);
}

async function recorded(
  call: Call,
  error?: { code: string; message: string },
): Promise<Record<string, unknown>> {
  const before = new Set(await rows());
  await call.store.transaction((trx) => recordEvent(trx, call, error));
  const row = (await rows()).find((each) => !before.has(each)) ?? "";
  expect(Buffer.byteLength(row)).toBeLessThanOrEqual(rowLimitBytes);
  return JSON.parse(row);
}

test("a row has CloudTrail's shape", async () => {
  const row = await recorded(testCall(app));
  expect(row).toMatchObject({
    eventVersion: "1.11",
    userIdentity: { type: "Unknown", principalId: "Anonymous" },
    eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    eventSource: "test.amazonaws.com",
    eventName: "Test",
    awsRegion: "us-east-1",
    sourceIPAddress: "127.0.0.1",
    requestID: "test",
    readOnly: false,
    eventType: "AwsApiCall",
    recipientAccountId: "123456789012",
  });
});

test("the holder of a token is named by sub, an administrator by access key, the server by itself", async () => {
  const byToken = testCall(app);
  byToken.about.callerSub = "sub-of-ada";
  expect(await recorded(byToken)).toMatchObject({
    userIdentity: { type: "Unknown", principalId: "sub-of-ada" },
  });
  const { facts } = testCall(app);
  const principal = {
    arn: "arn:aws:iam::123456789012:root",
    accessKeyId: "AKIA",
    region: "eu-west-1",
  };
  expect(await recorded(makeCall(app.context, facts, { principal }))).toMatchObject({
    userIdentity: { type: "Root", accessKeyId: "AKIA" },
    awsRegion: "eu-west-1",
  });
  expect(await recorded(makeCall(app.context, { ...facts, sourceIp: "poolhouse" }))).toMatchObject({
    userIdentity: { type: "AWSService" },
    eventType: "AwsServiceEvent",
  });
});

test("long texts are cut, and say so", async () => {
  const { facts } = testCall(app);
  const call = makeCall(app.context, { ...facts, userAgent: "x".repeat(1_000_000) });
  const row = await recorded(call, { code: "Some", message: "y".repeat(1_000_000) });
  expect(row["userAgent"]).toBe(`${"x".repeat(512)}…`);
  expect(row["errorMessage"]).toBe(`${"y".repeat(512)}…`);
});

const deep = (levels: number): object => (levels === 0 ? {} : { inner: deep(levels - 1) });

test.each<[string, Record<string, unknown>]>([
  ["one long text", { userPoolId: "kept", note: "x".repeat(900_000) }],
  ["long texts in Unicode", { userPoolId: "kept", note: "\u{1F600}".repeat(200_000) }],
  ["text that JSON escapes", { userPoolId: "kept", note: "\u0001\ud800".repeat(200_000) }],
  ["many members", Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`m${i}`, "x"]))],
  ["long names", { userPoolId: "kept", ["n".repeat(500_000)]: 1 }],
  ["a long list", { userPoolId: "kept", list: Array.from({ length: 50_000 }, () => "item") }],
  ["long lists in lists", { list: Array.from({ length: 500 }, () => Array(500).fill("item")) }],
  ["deep nesting", { userPoolId: "kept", deep: deep(200) }],
])("a row stays below 16 KB with %s in the request", async (_what, requestParameters) => {
  const call = testCall(app);
  call.about.requestParameters = requestParameters;
  const row = await recorded(call);
  expect(JSON.stringify(row["requestParameters"])).toMatch(/omitted|…/);
  if ("userPoolId" in requestParameters) {
    expect(row["requestParameters"]).toMatchObject({ userPoolId: "kept" });
  }
});

test("nothing that a caller sends ends a line or names a member of its own", async () => {
  const { facts } = testCall(app);
  const call = makeCall(app.context, {
    ...facts,
    userAgent: 'x\r\n","errorCode":"Forged\u001b[2J',
  });
  await recorded(call);
  for (const row of await rows()) {
    expect([...row].filter((character) => character < " ")).toEqual([]);
    expect(JSON.parse(row)).not.toHaveProperty("errorCode");
  }
});

/** Each is somewhere that a secret travels; none may be found in the trail. */
const canary = (name: string) => `Canary-${name}-00000000-Aa1!`;

async function trailOf(calls: readonly Promise<unknown>[]): Promise<string> {
  await Promise.allSettled(calls);
  return (await rows()).join("\n");
}

test("no secret of a refused call reaches the trail", async () => {
  const { pool, client } = await testPool(app, { secret: canary("client").repeat(2) });
  await testUser(app, pool, { password: canary("password") });
  const ClientId = client.id;
  const SecretHash = "CanaryHash0000000000";
  const AccessToken = "CanaryToken.0000.0000";
  const code = { ConfirmationCode: canary("code"), Username: "ada", ClientId, SecretHash };
  const trail = await trailOf([
    app.client.send(
      new SignUpCommand({
        ClientId,
        SecretHash,
        Username: canary("username"),
        Password: canary("new"),
        UserAttributes: [{ Name: "name", Value: canary("attribute") }],
        UserContextData: { EncodedData: canary("context") },
      }),
    ),
    app.client.send(
      new InitiateAuthCommand({
        AuthFlow: "USER_PASSWORD_AUTH",
        ClientId,
        AuthParameters: { USERNAME: "ada", PASSWORD: canary("wrong"), SECRET_HASH: SecretHash },
      }),
    ),
    app.client.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: "NEW_PASSWORD_REQUIRED",
        Session: canary("session").repeat(2),
        ChallengeResponses: { USERNAME: "ada", NEW_PASSWORD: canary("answer") },
      }),
    ),
    app.client.send(new ConfirmSignUpCommand(code)),
    app.client.send(new ConfirmForgotPasswordCommand({ ...code, Password: canary("forgotten") })),
    app.client.send(new GetUserCommand({ AccessToken })),
    app.client.send(
      new ChangePasswordCommand({
        AccessToken,
        PreviousPassword: canary("previous"),
        ProposedPassword: canary("proposed"),
      }),
    ),
    app.client.send(
      new RevokeTokenCommand({
        ClientId,
        ClientSecret: "CanarySecret".repeat(3),
        Token: "CanaryRefresh",
      }),
    ),
  ]);
  const refused = [...trail.matchAll(/"eventName":"(\w+)"/g)].map(([, name]) => name);
  expect(new Set(refused).size).toBeGreaterThanOrEqual(7);
  expect(trail.match(/Canary[\w-]*/g)).toBeNull();
});

test("no secret of a call that succeeds reaches the trail", async () => {
  const home = await testPool(app, { settings: { autoVerifiedAttributes: ["email"] } });
  const ClientId = home.client.id;
  const attributes = [{ Name: "email", Value: "canary@example.com" }];
  const first = canary("first");
  await app.client.send(
    new SignUpCommand({ ClientId, Username: "eve", Password: first, UserAttributes: attributes }),
  );
  const code = /\b\d{6}\b/.exec(app.sent[0]?.body ?? "")?.[0] ?? "none";
  await app.client.send(
    new ConfirmSignUpCommand({ ClientId, Username: "eve", ConfirmationCode: code }),
  );
  const tokens = await tokensOf(app, home, { username: "eve", password: first });
  await app.client.send(
    new ChangePasswordCommand({
      AccessToken: tokens.access,
      PreviousPassword: first,
      ProposedPassword: canary("second"),
    }),
  );
  await app.client.send(
    new AdminCreateUserCommand({
      UserPoolId: home.pool.id,
      Username: "bob",
      TemporaryPassword: canary("temporary"),
      UserAttributes: attributes,
    }),
  );
  await app.client.send(new RevokeTokenCommand({ ClientId, Token: tokens.refresh }));
  const trail = (await rows()).join("\n");
  for (const name of ["SignUp", "ConfirmSignUp", "InitiateAuth", "ChangePassword", "RevokeToken"]) {
    expect(trail).toContain(`"eventName":"${name}"`);
  }
  expect(trail.match(/canary[\w-]*/gi)).toBeNull();
  expect(code).toMatch(/^\d{6}$/);
  expect(trail).not.toMatch(new RegExp(`\\b${code}\\b`));
  for (const token of Object.values(tokens)) expect(trail).not.toContain(token.slice(-20));
});
