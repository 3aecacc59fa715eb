import {
  AdminConfirmSignUpCommand,
  ConfirmSignUpCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { lastCode } from "../../../testing/codes.ts";
import { otherClientOf, personAt, refusals, withTokens } from "../../../testing/person.ts";
import {
  password,
  type TestPool,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { handleTriggers, triggersOf } from "../../../testing/triggers.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const settings = { autoVerifiedAttributes: ["email"] } as const;
const signUpPool = (more: TestPoolOptions["settings"] = {}) =>
  testPool(app, {
    settings: { ...settings, ...more },
    client: { explicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] },
  });
const signUp = ({ client }: TestPool, Username = "ada") =>
  app.client.send(
    new SignUpCommand({
      ...{ ClientId: client.id, Username, Password: password },
      UserAttributes: [{ Name: "email", Value: `${Username}@example.com` }],
    }),
  );
const confirm = ({ client }: TestPool, Username = "ada") =>
  app.client.send(
    new ConfirmSignUpCommand({
      ...{ ClientId: client.id, Username, ConfirmationCode: lastCode(app) },
    }),
  );

test("of ConfirmSignUp signs in once", async () => {
  const home = await signUpPool();
  await signUp(home);
  const { Session: session } = await confirm(home);
  const ada = personAt(app, home);
  expect(await ada.begin({}, { session })).toMatchObject(withTokens);
  await expect(ada.begin({}, { session })).rejects.toMatchObject(refusals.session);
});

test("of one that a function confirmed signs in once, of ten at once as well", async () => {
  const lambdaConfig = triggersOf("PreSignUp");
  handleTriggers(app, {
    PreSignUp({ response }) {
      response["autoConfirmUser"] = true;
    },
  });
  const home = await signUpPool({ lambdaConfig });
  const { Session: session, UserConfirmed } = await signUp(home);
  expect(UserConfirmed).toBe(true);
  const ada = personAt(app, home);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, () => ada.begin({}, { session })),
  );
  expect(outcomes.filter((each) => each.status === "fulfilled")).toHaveLength(1);
});

test("of one who was unconfirmed then never signs in, be they confirmed since", async () => {
  const home = await signUpPool();
  const { Session: session } = await signUp(home);
  const ada = personAt(app, home);
  await expect(ada.begin({}, { session })).rejects.toMatchObject(refusals.session);
  const Username = "ada";
  await app.client.send(new AdminConfirmSignUpCommand({ UserPoolId: home.pool.id, Username }));
  await expect(ada.begin({}, { session })).rejects.toMatchObject(refusals.session);
});

test("is good neither for another user, nor at another client, nor elsewhere, nor for long", async () => {
  const home = await signUpPool();
  await testUser(app, home.pool, { username: "eve" });
  await signUp(home);
  const { Session: session } = await confirm(home);
  const elsewhere = await otherClientOf(app, home);
  const ada = personAt(app, home);
  for (const attempt of [
    () => personAt(app, home, "eve").begin({}, { session }),
    () => personAt(app, elsewhere).begin({}, { session }),
    () =>
      ada.answer(
        { ChallengeName: "SELECT_CHALLENGE", Session: session },
        { ANSWER: "PASSWORD", PASSWORD: password },
      ),
  ]) {
    await expect(attempt()).rejects.toMatchObject(refusals.session);
  }
  const asked = await ada.begin();
  await expect(ada.begin({}, { session: asked.Session })).rejects.toMatchObject(refusals.session);
  app.clock.advance(3 * 60_000);
  await expect(ada.begin({}, { session })).rejects.toMatchObject(refusals.sessionExpired);
});

test("is good for nobody else among those who have no password", async () => {
  const home = await signUpPool({ allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"] });
  await testUser(app, home.pool, { username: "eve", passwordHash: null });
  await app.client.send(
    new SignUpCommand({
      ...{ ClientId: home.client.id, Username: "ada" },
      UserAttributes: [{ Name: "email", Value: "ada@example.com" }],
    }),
  );
  const { Session: session } = await confirm(home);
  await expect(personAt(app, home, "eve").begin({}, { session })).rejects.toMatchObject(
    refusals.session,
  );
  expect(await personAt(app, home).begin({}, { session })).toMatchObject(withTokens);
});

test("is void once the password is another", async () => {
  const home = await signUpPool();
  const { UserSub } = await signUp(home);
  const { Session: session } = await confirm(home);
  await app.context.store.db
    .updateTable("users")
    .set({ password_hash: "another" })
    .where("id", "=", UserSub ?? "")
    .execute();
  await expect(personAt(app, home).begin({}, { session })).rejects.toMatchObject(refusals.session);
});

test("is not handed out where the client has no choice-based sign-in", async () => {
  const home = await testPool(app, { settings });
  expect(await signUp(home)).not.toHaveProperty("Session");
  expect(await confirm(home)).not.toHaveProperty("Session");
});
