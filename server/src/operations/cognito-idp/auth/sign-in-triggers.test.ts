import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { deliverOutbox, lastCode, wrongFor } from "../../../testing/codes.ts";
import { mfaSettings, totpAt, userWithApp } from "../../../testing/mfa.ts";
import { personAt, refusals, withTokens } from "../../../testing/person.ts";
import {
  password,
  storedUser,
  type TestPoolOptions,
  testPool,
  testUser,
} from "../../../testing/pools.ts";
import { signInByPassword } from "../../../testing/sign-in.ts";
import { type Handler, handleTriggers, triggersOf } from "../../../testing/triggers.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const agrees: Handler = () => undefined;
const refuses: Handler = () => {
  throw new Error("not on Sundays");
};
const refusal = (trigger: string) => ({
  name: "UserLambdaValidationException",
  message: `${trigger} failed with error not on Sundays.`,
});
const code = (SOFTWARE_TOKEN_MFA_CODE: string) => ({ SOFTWARE_TOKEN_MFA_CODE });
const families = () => app.context.store.db.selectFrom("token_families").selectAll().execute();

const options: TestPoolOptions = {
  settings: {
    allowedFirstAuthFactors: ["PASSWORD", "EMAIL_OTP"],
    lambdaConfig: triggersOf("PreAuthentication", "PostAuthentication", "PostConfirmation"),
  },
  client: {
    explicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    preventUserExistenceErrors: "ENABLED",
  },
};

describe("PreAuthentication", () => {
  test("is asked once, before anything else, and PostAuthentication once, before the tokens", async () => {
    handleTriggers(app, { PreAuthentication: agrees, PostAuthentication: agrees });
    const { home, ada, secret } = await userWithApp(app, options);
    const events = handleTriggers(app, { PreAuthentication: agrees, PostAuthentication: agrees });
    const names = () => events.map(({ triggerSource }) => triggerSource.split("_")[0]);
    const select = await ada.begin();
    expect(names()).toEqual(["PreAuthentication"]);
    const asked = await ada.answer(select, { ANSWER: "PASSWORD", PASSWORD: password });
    expect(asked.ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    expect(names()).toEqual(["PreAuthentication"]);
    await expect(ada.answer(asked, code("abcdef"))).rejects.toMatchObject(refusals.totp);
    expect(names()).toEqual(["PreAuthentication"]);
    expect(await ada.answer(asked, code(totpAt(app, secret)))).toMatchObject(withTokens);
    expect(names()).toEqual(["PreAuthentication", "PostAuthentication"]);
    expect((await signInByPassword(app, home)).ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
    expect(names()).toEqual(["PreAuthentication", "PostAuthentication", "PreAuthentication"]);
  });

  test("stops every flow, before a message or a guess", async () => {
    handleTriggers(app, { PreAuthentication: refuses });
    const home = await testPool(app, options);
    await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
    const ada = personAt(app, home);
    for (const attempt of [
      () => signInByPassword(app, home),
      () => signInByPassword(app, home, { username: "nobody" }),
      () => ada.begin({ PREFERRED_CHALLENGE: "EMAIL_OTP" }),
      () => ada.begin({ PREFERRED_CHALLENGE: "PASSWORD", PASSWORD: "Wrong-1-Password" }),
    ]) {
      await expect(attempt()).rejects.toMatchObject(refusal("PreAuthentication"));
    }
    expect(app.sent).toEqual([]);
    expect(await app.context.store.db.selectFrom("lockouts").selectAll().execute()).toEqual([]);
  });
});

describe("PostAuthentication", () => {
  test("keeps the tokens from whoever it refuses, and what was proved is used up", async () => {
    handleTriggers(app, { PreAuthentication: agrees, PostAuthentication: agrees });
    const { home, ada, secret } = await userWithApp(app, options);
    handleTriggers(app, { PreAuthentication: agrees, PostAuthentication: refuses });
    const before = (await families()).length;
    const asked = await signInByPassword(app, home);
    const right = code(totpAt(app, secret));
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusal("PostAuthentication"));
    expect(await families()).toHaveLength(before);
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusals.session);
  });
});

describe("a change at the last moment, while PostAuthentication is asked", () => {
  type Change = (named: { UserPoolId: string; Username: string }) => Promise<unknown>;
  const attribute = (Name: string, Value: string) => ({ UserAttributes: [{ Name, Value }] });

  const changes: [string, Change, object][] = [
    [
      "a second factor that is switched on",
      (named) =>
        app.client.send(
          new AdminSetUserMFAPreferenceCommand({ ...named, SMSMfaSettings: { Enabled: true } }),
        ),
      refusals.session,
    ],
    [
      "a password",
      (named) =>
        app.client.send(
          new AdminSetUserPasswordCommand({ ...named, Password: "Another-Horse-7-Saddle" }),
        ),
      refusals.wrong,
    ],
    [
      "an account that is disabled",
      (named) => app.client.send(new AdminDisableUserCommand(named)),
      refusals.disabled,
    ],
    [
      "an account that is deleted",
      (named) => app.client.send(new AdminDeleteUserCommand(named)),
      refusals.wrong,
    ],
    [
      "the address that the code went to",
      (named) =>
        app.client.send(
          new AdminUpdateUserAttributesCommand({
            ...named,
            ...attribute("email", "eve@a.example"),
          }),
        ),
      refusals.session,
    ],
  ];

  test.each(changes)("%s keeps the tokens back", async (_, change, refused) => {
    const lambdaConfig = triggersOf("PostAuthentication");
    const settings = { ...mfaSettings, ...options.settings, lambdaConfig };
    const home = await testPool(app, {
      settings,
      client: { ...options.client, preventUserExistenceErrors: "LEGACY" },
    });
    const attributes = { email: "ada@example.com", phone_number: "+12065550100" };
    await testUser(app, home.pool, { attributes });
    const ada = personAt(app, home);
    const asked = await ada.begin({ PREFERRED_CHALLENGE: "EMAIL_OTP" });
    let isDone = false;
    app.functions.answer = async ({ event }) => {
      if (!isDone) await change({ UserPoolId: home.pool.id, Username: "ada" });
      isDone = true;
      return { kind: "returned", payload: event };
    };
    const right = { EMAIL_OTP_CODE: lastCode(app) };
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refused);
    expect(isDone).toBe(true);
    expect(await families()).toEqual([]);
  });
});

describe("PostConfirmation", () => {
  async function unconfirmed(handlers: Record<string, Handler>) {
    const home = await testPool(app, options);
    const attributes = { email: "ada@example.com" };
    await testUser(app, home.pool, { status: "UNCONFIRMED", attributes });
    const events = handleTriggers(app, {
      ...{ PreAuthentication: agrees, PostAuthentication: agrees, PostConfirmation: agrees },
      ...handlers,
    });
    const ada = personAt(app, home);
    const ask = async () => {
      const asked = await ada.begin({ PREFERRED_CHALLENGE: "EMAIL_OTP" });
      await deliverOutbox(app);
      return asked;
    };
    return { home, ada, events, ask };
  }

  test("hears once of a sign-up that a code confirmed", async () => {
    const { ada, events, ask } = await unconfirmed({});
    const told = () =>
      events.filter(({ triggerSource }) => triggerSource === "PostConfirmation_ConfirmSignUp");
    const asked = await ask();
    const wrong = { EMAIL_OTP_CODE: wrongFor(lastCode(app)) };
    await expect(ada.answer(asked, wrong)).rejects.toMatchObject(refusals.code);
    expect(told()).toEqual([]);
    await ada.answer(asked, { EMAIL_OTP_CODE: lastCode(app) });
    expect(told()).toMatchObject([
      {
        request: { userAttributes: { email_verified: "true", "cognito:user_status": "CONFIRMED" } },
      },
    ]);
    const again = await ask();
    await ada.answer(again, { EMAIL_OTP_CODE: lastCode(app) });
    expect(told()).toHaveLength(1);
  });

  test("leaves the sign-up unconfirmed where the sign-in is refused", async () => {
    const { home, ada, events, ask } = await unconfirmed({ PostAuthentication: refuses });
    const asked = await ask();
    const right = { EMAIL_OTP_CODE: lastCode(app) };
    await expect(ada.answer(asked, right)).rejects.toMatchObject(refusal("PostAuthentication"));
    expect(await storedUser(app, home)).toMatchObject({ status: "UNCONFIRMED" });
    expect(events.map(({ triggerSource }) => triggerSource)).not.toContain(
      "PostConfirmation_ConfirmSignUp",
    );
  });
});
