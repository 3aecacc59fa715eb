/** The examples of docs/guides/triggers.md, as functions of a pool. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  ConfirmSignUpCommand,
  CreateGroupCommand,
  ForgotPasswordCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { rootKeys, type TestApp, testApp } from "../../testing/app.ts";
import { lastCode } from "../../testing/codes.ts";
import {
  password,
  storedUser,
  type TestPool,
  testCall,
  testPool,
  testUser,
} from "../../testing/pools.ts";
import { claimsOf, tokensOf } from "../../testing/sign-in.ts";
import { senderConfig, triggersOf } from "../../testing/triggers.ts";
import type { ChallengeResult } from "../auth/progress.ts";
import { stepOutbox } from "../messages/outbox.ts";
import type { LambdaConfig, TriggerName } from "../pools/pool.ts";
import { migrateUser } from "../users/migrate.ts";
import type { User } from "../users/user.ts";
import { fireCreateAuthChallenge } from "./create-auth-challenge.ts";
import { fireDefineAuthChallenge } from "./define-auth-challenge.ts";
import { firePostAuthentication } from "./post-authentication.ts";
import { firePreAuthentication } from "./pre-authentication.ts";
import { fireVerifyAuthChallenge } from "./verify-auth-challenge.ts";

const guide = readFileSync(new URL("../../../../docs/guides/triggers.md", import.meta.url), "utf8");
const examples = new Map(
  [...guide.matchAll(/^## ([^\n]+)\n(?:(?!^## |^```js)[^\n]*\n)*```js\n(.*?)```/gms)].map(
    ([, heading = "", code = ""]) => [heading, code],
  ),
);

type HandlerModule = { handler(event: object): Promise<unknown> };

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await app.close();
});

/** The function below this heading. */
async function exampleOf(heading: string): Promise<HandlerModule["handler"]> {
  const code = examples.get(heading);
  if (code === undefined) throw new Error(`the guide has no example of ${heading}`);
  const { resolve } = createRequire(import.meta.url);
  // A module without a file finds no packages by name.
  const found = code.replace(
    /from "(@[^"]+)"/g,
    (_, name: string) => `from "${pathToFileURL(resolve(name)).href}"`,
  );
  const url = `data:text/javascript,${encodeURIComponent(found)}`;
  return ((await import(/* @vite-ignore */ url)) as HandlerModule).handler;
}

/** A pool whose functions are the examples below their own names, or else the one below this heading. */
async function poolWith(heading: string, lambdaConfig: LambdaConfig): Promise<TestPool> {
  app.functions.answer = async ({ arn, event }) => {
    const named = arn.slice(arn.lastIndexOf(":") + 1);
    const handler = await exampleOf(examples.has(named) ? named : heading);
    try {
      return { kind: "returned", payload: await handler(structuredClone(event)) };
    } catch (error) {
      return { kind: "refused", message: (error as Error).message };
    }
  };
  return testPool(app, {
    settings: {
      autoVerifiedAttributes: ["email"],
      emailConfiguration: { emailSendingAccount: "DEVELOPER" },
      lambdaConfig,
    },
  });
}

function signUp({ client }: TestPool, email = "ada@example.com") {
  return app.client.send(
    new SignUpCommand({
      ClientId: client.id,
      Username: "ada",
      Password: password,
      UserAttributes: [{ Name: "email", Value: email }],
    }),
  );
}

test("every trigger of the guide has its example", () => {
  expect([...examples.keys()]).toEqual([
    "PreSignUp",
    "PostConfirmation",
    "PreTokenGeneration",
    "PreTokenGeneration, second version",
    "CustomMessage",
    "UserMigration",
    "PreAuthentication",
    "PostAuthentication",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
    "CustomEmailSender",
    "CustomSMSSender",
  ]);
});

test("CustomEmailSender and CustomSMSSender", async () => {
  await app.app.listen({ port: 0 });
  const { port } = app.app.server.address() as AddressInfo;
  vi.stubEnv("KEY_ARN", senderConfig.KMSKeyID);
  vi.stubEnv("AWS_ENDPOINT_URL_KMS", `http://localhost:${port}`);
  vi.stubEnv("AWS_ACCESS_KEY_ID", rootKeys.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", rootKeys.secretAccessKey);
  const provider = vi.fn(async (_url: string, _request: { body: string }) => new Response());
  vi.stubGlobal("fetch", provider);
  const home = await poolWith("CustomEmailSender", senderConfig);
  await app.client.send(
    new AdminCreateUserCommand({
      UserPoolId: home.pool.id,
      Username: "ada",
      TemporaryPassword: "Tempo-rary-9",
      UserAttributes: [
        { Name: "email", Value: "ada@example.com" },
        { Name: "phone_number", Value: "+12065550100" },
      ],
      DesiredDeliveryMediums: ["EMAIL", "SMS"],
    }),
  );
  await stepOutbox(app.context);
  const sent = provider.mock.calls.map(([url, { body }]) => [url, JSON.parse(body)]);
  expect(sent.sort()).toEqual([
    [
      "https://mail.example.com/send",
      { to: "ada@example.com", text: "You are ada, your first password is Tempo-rary-9" },
    ],
    ["https://sms.example.com/send", { to: "+12065550100", text: "Your code is Tempo-rary-9" }],
  ]);
});

test("PreSignUp", async () => {
  const home = await poolWith("PreSignUp", triggersOf("PreSignUp"));
  await expect(signUp(home, "ada@example.org")).rejects.toMatchObject({
    message: "PreSignUp failed with error Only for people of Example.",
  });
  expect(await signUp(home)).toMatchObject({ UserConfirmed: true });
});

test("PostConfirmation", async () => {
  const home = await poolWith("PostConfirmation", triggersOf("PostConfirmation"));
  await signUp(home);
  const confirmed = app.client.send(
    new ConfirmSignUpCommand({
      ClientId: home.client.id,
      Username: "ada",
      ConfirmationCode: lastCode(app),
    }),
  );
  await expect(confirmed).resolves.toBeDefined();
});

test("PreTokenGeneration", async () => {
  const home = await poolWith("PreTokenGeneration", triggersOf("PreTokenGeneration"));
  await testUser(app, home.pool, { attributes: { phone_number: "+12065550100" } });
  const claims = claimsOf((await tokensOf(app, home)).id);
  expect(claims).toMatchObject({ tenant: "none" });
  expect(claims).not.toHaveProperty("phone_number");
});

test("PreTokenGeneration, second version", async () => {
  const arn = "arn:aws:lambda:us-east-1:123456789012:function:f";
  const PreTokenGeneration = { arn, version: "V2_0" } as const;
  const home = await poolWith("PreTokenGeneration, second version", { PreTokenGeneration });
  await testUser(app, home.pool);
  const group = { UserPoolId: home.pool.id, GroupName: "editors" };
  await app.client.send(new CreateGroupCommand(group));
  await app.client.send(new AdminAddUserToGroupCommand({ ...group, Username: "ada" }));
  expect(claimsOf((await tokensOf(app, home)).access)).toMatchObject({
    tenant: "red",
    scope: "aws.cognito.signin.user.admin articles/write",
  });
});

test("CustomMessage", async () => {
  const home = await poolWith("CustomMessage", triggersOf("CustomMessage"));
  await signUp(home);
  await app.client.send(
    new AdminCreateUserCommand({
      UserPoolId: home.pool.id,
      Username: "eve",
      TemporaryPassword: "Tempo-rary-9",
      UserAttributes: [{ Name: "email", Value: "eve@example.com" }],
    }),
  );
  expect(app.sent).toMatchObject([
    { subject: "Your code", body: `Type <b>${app.sent[0]?.code}</b>` },
    { subject: "Your account", body: "You are eve, your first password is Tempo-rary-9" },
  ]);
});

test("UserMigration", async () => {
  const home = await poolWith("UserMigration", triggersOf("UserMigration"));
  const forgot = (Username: string) =>
    app.client.send(new ForgotPasswordCommand({ ClientId: home.client.id, Username }));
  await expect(forgot("nobody")).rejects.toMatchObject({
    message: "UserMigration failed with error Nobody of that name.",
  });
  await forgot("ada");
  expect(await storedUser(app, home)).toMatchObject({ status: "RESET_REQUIRED" });
  expect(app.sent).toMatchObject([{ to: "ada@example.com" }]);
});

test("UserMigration at a sign-in", async () => {
  const home = await poolWith("UserMigration", triggersOf("UserMigration"));
  const source = "UserMigration_Authentication" as const;
  const signIn = (typed: string) =>
    migrateUser(testCall(app), { ...home, source, userName: "ada", password: typed });
  await expect(signIn("guess")).rejects.toMatchObject({
    message: "UserMigration failed with error Wrong password.",
  });
  expect(await signIn("old-password")).toMatchObject({ status: "CONFIRMED" });
  await expect(tokensOf(app, home, { password: "old-password" })).resolves.toBeDefined();
});

test("PreAuthentication", async () => {
  const home = await poolWith("PreAuthentication", triggersOf("PreAuthentication"));
  const begin = (user?: User) =>
    firePreAuthentication(testCall(app), {
      ...home,
      user,
      userName: "ada",
      validationData: undefined,
    });
  const lastDay = async (username: string, day: string) =>
    begin(await testUser(app, home.pool, { username, attributes: { "custom:last_day": day } }));
  await expect(lastDay("ada", "2020-06-30")).rejects.toMatchObject({
    message: "PreAuthentication failed with error Your contract is over.",
  });
  await lastDay("eve", "9999-12-31");
  await begin();
});

test("PostAuthentication", async () => {
  const said = vi.spyOn(console, "log").mockReturnValue();
  const home = await poolWith("PostAuthentication", triggersOf("PostAuthentication"));
  const user = await testUser(app, home.pool);
  const told = { ...home, user, clientMetadata: undefined };
  await firePostAuthentication(testCall(app), { ...told, newDeviceUsed: false });
  expect(said).not.toHaveBeenCalled();
  await firePostAuthentication(testCall(app), { ...told, newDeviceUsed: true });
  expect(said).toHaveBeenCalledExactlyOnceWith(`${user.id} signed in on a new device`);
});

describe("custom challenges", () => {
  const names = ["DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse"];
  const srp = { challengeName: "SRP_A", challengeResult: true };
  const password = { challengeName: "PASSWORD_VERIFIER", challengeResult: true };
  const challengeName = "CUSTOM_CHALLENGE";

  /** What comes of a sign-in after these steps, with these answers. */
  async function outcomeOf(
    badge: string | undefined,
    given: { steps: readonly ChallengeResult[]; answers: readonly string[] },
  ): Promise<string> {
    const home = await poolWith("DefineAuthChallenge", triggersOf(...(names as TriggerName[])));
    const attributes: Record<string, string> = badge ? { "custom:badge": badge } : {};
    const user = badge === undefined ? undefined : await testUser(app, home.pool, { attributes });
    const asked = { ...home, user, userName: "ada" };
    const session = [...given.steps];
    const call = testCall(app);
    for (const challengeAnswer of given.answers) {
      const step = await fireDefineAuthChallenge(call, { ...asked, session });
      if (step.kind !== "challenge") return step.kind;
      const created = await fireCreateAuthChallenge(call, { ...asked, session, challengeName });
      expect(created).toMatchObject({
        publicChallengeParameters: { question: "The last four digits on your badge" },
        challengeMetadata: "BADGE",
      });
      const { privateChallengeParameters } = created;
      const answer = { ...asked, challengeAnswer, privateChallengeParameters };
      const challengeResult = await fireVerifyAuthChallenge(call, answer);
      session.push({ challengeName, challengeResult, challengeMetadata: "BADGE" });
    }
    const step = await fireDefineAuthChallenge(call, { ...asked, session });
    return step.kind === "challenge" ? step.challengeName : step.kind;
  }

  const badge = "123456";
  const wrong = { ...password, challengeResult: false };
  test.each([
    { badge, steps: [srp], answers: [], outcome: "PASSWORD_VERIFIER" },
    { badge, steps: [srp, password], answers: [], outcome: "CUSTOM_CHALLENGE" },
    { badge, steps: [srp, password], answers: ["3456"], outcome: "tokens" },
    { badge, steps: [srp, password], answers: ["1234", "3456"], outcome: "tokens" },
    { badge, steps: [srp, password], answers: ["1", "2", "3"], outcome: "failed" },
    { badge, steps: [srp, wrong], answers: [], outcome: "failed" },
    { badge, steps: [], answers: [], outcome: "failed" },
    { badge: "", steps: [srp, password], answers: ["", "", ""], outcome: "failed" },
    { badge: undefined, steps: [srp, password], answers: ["", ""], outcome: "CUSTOM_CHALLENGE" },
  ])("badge $badge after $steps, answering $answers: $outcome", async (given) => {
    expect(await outcomeOf(given.badge, given)).toBe(given.outcome);
  });
});
