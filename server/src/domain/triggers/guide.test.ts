/** The examples of docs/guides/triggers.md, as functions of a pool. */
import { readFileSync } from "node:fs";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  ConfirmSignUpCommand,
  CreateGroupCommand,
  ForgotPasswordCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { lastCode } from "../../testing/codes.ts";
import { password, storedUser, type TestPool, testPool, testUser } from "../../testing/pools.ts";
import { claimsOf, tokensOf } from "../../testing/sign-in.ts";
import { triggersOf } from "../../testing/triggers.ts";
import type { LambdaConfig } from "../pools/pool.ts";

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
afterEach(() => app.close());

/** A pool whose functions are all the example below this heading. */
async function poolWith(heading: string, lambdaConfig: LambdaConfig): Promise<TestPool> {
  const code = examples.get(heading);
  if (code === undefined) throw new Error(`the guide has no example of ${heading}`);
  const url = `data:text/javascript,${encodeURIComponent(code)}`;
  const { handler } = (await import(/* @vite-ignore */ url)) as HandlerModule;
  app.functions.answer = async ({ event }) => {
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
