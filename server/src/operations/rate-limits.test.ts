import { GetUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, describe, expect, test } from "vitest";
import { readCount } from "../store/counters.ts";
import type { Engine } from "../store/store.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { associate, mfaSettings, wrongTotp } from "../testing/mfa.ts";
import { engines } from "../testing/places.ts";
import {
  password,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../testing/pools.ts";
import { tokensOf } from "../testing/sign-in.ts";
import { triggersOf } from "../testing/triggers.ts";

let app: TestApp;
let home: TestPool;
afterEach(() => app.close());

const here = "203.0.113.9";
const elsewhere = "198.51.100.7";

async function start(
  options: { engine?: Engine; rateLimits?: boolean; client?: TestPoolOptions["client"] } = {},
) {
  const { engine, rateLimits = true, client = {} } = options;
  app = await testApp({ ...(engine ? { engine } : {}), settings: { rateLimits } });
  home = await testPool(app, { client });
  await testUser(app, home.pool, {
    attributes: { email: "ada@example.com", email_verified: "true" },
  });
}

type Answer = { code: string | undefined; message: string | undefined };

async function call(operation: string, input: object, from = here): Promise<Answer> {
  const answer = await app.app.inject({
    method: "POST",
    url: "/",
    remoteAddress: from,
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
    },
    payload: JSON.stringify({ ClientId: home.client.id, ...input }),
  });
  const { __type: code, message } = answer.json();
  return { code, message };
}

const signIn = (Password: string, { name = "ada", from = here } = {}) =>
  call(
    "InitiateAuth",
    { AuthFlow: "USER_PASSWORD_AUTH", AuthParameters: { USERNAME: name, PASSWORD: Password } },
    from,
  );

/** Sets what was counted, so that no test has to make a hundred requests to find the hundred-and-first refused. */
async function counted(budget: string, count: number, source = here) {
  const until_ms = app.clock.now() + 900_000;
  const row = { name: `source/${budget}/${source}`, count, until_ms };
  await app.context.store.db.insertInto("counters").values(row).execute();
}

const countOf = (budget: string, source = here) =>
  readCount(app.context.store.db, {
    name: `source/${budget}/${source}`,
    nowMs: app.clock.now(),
  });

const limited: Answer = { code: "TooManyRequestsException", message: "Rate exceeded" };
const good: Answer = { code: undefined, message: undefined };

test("after a hundred refusals an address signs nobody in, right password or not, for a while", async () => {
  await start();
  await counted("failures", 99);
  expect(await signIn("wrong")).toMatchObject({ code: "NotAuthorizedException" });
  expect(await signIn("wrong")).toEqual(limited);
  expect(await signIn(password)).toEqual(limited);
  expect(await signIn(password, { from: elsewhere })).toEqual(good);
  app.clock.advance(900_000);
  expect(await signIn(password)).toEqual(good);
});

test("every way to guess counts on the same budget, for names that there are and that there are not", async () => {
  await start();
  await signIn("wrong");
  await signIn("wrong", { name: "nobody" });
  await call("RespondToAuthChallenge", {
    ChallengeName: "SMS_MFA",
    Session: "a".repeat(43),
    ChallengeResponses: { USERNAME: "ada", SMS_MFA_CODE: "000000" },
  });
  const code = { Username: "ada", ConfirmationCode: "000000" };
  await call("ConfirmForgotPassword", { ...code, Password: password });
  await call("ConfirmForgotPassword", { ...code, Username: "nobody", Password: password });
  await testUser(app, home.pool, { username: "new", status: "UNCONFIRMED" });
  await call("ConfirmSignUp", { ...code, Username: "new" });
  expect(await countOf("failures")).toBe(6);
});

test("so do codes of an app that is set up, and passwords that a function refuses for another directory", async () => {
  await start();
  home = await testPool(app, {
    settings: { ...mfaSettings, lambdaConfig: triggersOf("UserMigration") },
  });
  await testUser(app, home.pool);
  const { access } = await tokensOf(app, home);
  const secret = await associate(app, access);
  const verify = { AccessToken: access, UserCode: wrongTotp(app, secret) };
  expect(await call("VerifySoftwareToken", { ClientId: undefined, ...verify })).toMatchObject({
    code: "EnableSoftwareTokenMFAException",
  });
  app.functions.answer = () => ({ kind: "refused", message: "Bad password" });
  expect(await signIn("wrong", { name: "elsewhere" })).toMatchObject({
    code: "UserLambdaValidationException",
  });
  expect(await countOf("failures")).toBe(2);
});

test("a spent budget stops every way to guess and nothing else", async () => {
  await start();
  const { refresh } = await tokensOf(app, home);
  await counted("failures", 100);
  const code = { Username: "ada", ConfirmationCode: "000000" };
  expect(await call("ConfirmForgotPassword", { ...code, Password: password })).toEqual(limited);
  expect(await call("ConfirmSignUp", code)).toEqual(limited);
  expect(
    await call("RespondToAuthChallenge", { ChallengeName: "SMS_MFA", Session: "a".repeat(43) }),
  ).toEqual(limited);
  const verify = { ClientId: undefined, Session: "a".repeat(43), UserCode: "000000" };
  expect(await call("VerifySoftwareToken", verify)).toEqual(limited);
  expect(await call("ForgotPassword", { Username: "ada" })).toEqual(good);
  const AuthParameters = { REFRESH_TOKEN: refresh };
  expect(await call("InitiateAuth", { AuthFlow: "REFRESH_TOKEN_AUTH", AuthParameters })).toEqual(
    good,
  );
});

test("good sign-ins and refreshes count nothing, nor do old refresh tokens", async () => {
  await start();
  expect(await signIn(password)).toEqual(good);
  const AuthParameters = { REFRESH_TOKEN: "old" };
  expect(await call("InitiateAuth", { AuthFlow: "REFRESH_TOKEN", AuthParameters })).toMatchObject({
    code: "NotAuthorizedException",
  });
  expect(await app.context.store.db.selectFrom("counters").selectAll().execute()).toEqual([]);
});

test("neither the answer nor the count tells who has an account", async () => {
  await start({ client: { preventUserExistenceErrors: "ENABLED" } });
  await counted("messages", 298);
  expect(await call("ForgotPassword", { Username: "nobody" })).toEqual(good);
  expect(await call("ForgotPassword", { Username: "ada" })).toEqual(good);
  expect(await call("ForgotPassword", { Username: "nobody" })).toEqual(limited);
  expect(await call("ForgotPassword", { Username: "ada" })).toEqual(limited);
  expect(await call("ResendConfirmationCode", { Username: "ada" })).toEqual(limited);
  expect(await call("ForgotPassword", { Username: "ada" }, elsewhere)).toEqual(good);
});

test("sign-ups of an address come to an end, taken names included", async () => {
  await start();
  await counted("sign-ups", 98);
  const up = (Username: string, from = here) =>
    call("SignUp", { Username, Password: password }, from);
  expect(await up("eve")).toEqual(good);
  expect(await up("ada")).toMatchObject({ code: "UsernameExistsException" });
  expect(await up("mallory")).toEqual(limited);
  expect(await up("mallory", elsewhere)).toEqual(good);
});

test("an IPv6 network of one customer is one source, however many addresses it has", async () => {
  await start();
  await counted("failures", 100, "2001:db8:1:2::/64");
  expect(await signIn(password, { from: "2001:db8:1:2:aaaa::9" })).toEqual(limited);
  expect(await signIn(password, { from: "2001:db8:1:3::9" })).toEqual(good);
});

test("what a stranger is refused for asking too often leaves no row and no count", async () => {
  await start();
  await counted("failures", 100);
  const before = await app.auditEvents();
  await signIn(password);
  expect(await app.auditEvents()).toEqual(before);
  expect(await countOf("failures")).toBe(100);
});

test("the log is told once of an address that has used up its budget", async () => {
  await start();
  await counted("failures", 98);
  for (let count = 0; count < 4; count += 1) await signIn("wrong", { name: `nobody${count}` });
  const told = app.logged.filter(({ message }) => message.includes("used up"));
  expect(told).toEqual([
    { about: { counter: `source/failures/${here}`, limit: 100 }, message: expect.any(String) },
  ]);
});

test("this machine and administrators are not limited, and nobody is where limits are off", async () => {
  await start();
  await signIn("wrong", { from: "127.0.0.1" });
  await signIn("wrong", { from: "::1" });
  expect(await app.context.store.db.selectFrom("counters").selectAll().execute()).toEqual([]);
  await app.close();
  await start({ rateLimits: false });
  await counted("failures", 100);
  expect(await signIn(password)).toEqual(good);
});

test("a user makes ten requests in a second, and another user as many", async () => {
  await start();
  await testUser(app, home.pool, { username: "bob" });
  const ada = await tokensOf(app, home);
  const bob = await tokensOf(app, home, { username: "bob" });
  // The clock of a test goes on by a millisecond at each look: to the beginning of a second.
  app.clock.advance(1000 - (app.clock.now() % 1000));
  const get = (AccessToken: string) =>
    app.client.send(new GetUserCommand({ AccessToken })).then(
      () => "answered",
      (error: Error) => error.name,
    );
  const answers = await Promise.all(Array.from({ length: 14 }, () => get(ada.access)));
  expect(answers.filter((each) => each === "answered")).toHaveLength(10);
  expect(answers.filter((each) => each === "TooManyRequestsException")).toHaveLength(4);
  expect(await get(bob.access)).toBe("answered");
  app.clock.advance(1000);
  expect(await get(ada.access)).toBe("answered");
});

describe.each(engines)("on %s", (engine) => {
  test("of many wrong guesses at once no more are told than the budget holds", async () => {
    await start({ engine });
    await counted("failures", 95);
    const names = Array.from({ length: 12 }, (_, at) => `nobody${at}`);
    const answers = await Promise.all(names.map((name) => signIn("wrong", { name })));
    const told = answers.filter(({ code }) => code !== limited.code);
    expect(told).toHaveLength(5);
    expect(await countOf("failures")).toBe(100);
  });
});
