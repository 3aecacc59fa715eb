/** What happens to a user in the last moment of a sign-in, while the pool's function is told of it. */
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { userWithApp } from "../../../testing/mfa.ts";
import { refusals, withTokens } from "../../../testing/person.ts";
import { signInByPassword, signInBySrp, tokensOf } from "../../../testing/sign-in.ts";
import { triggersOf } from "../../../testing/triggers.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

type Named = { readonly UserPoolId: string; readonly Username: string };
const next = "Another-Horse-9-Battery";
const off = { Enabled: false };

const changes: [string, (named: Named) => Promise<unknown>, object][] = [
  [
    "has to be reset",
    (named) => app.client.send(new AdminResetUserPasswordCommand(named)),
    { name: "PasswordResetRequiredException" },
  ],
  [
    "is signed out everywhere",
    (named) => app.client.send(new AdminUserGlobalSignOutCommand(named)),
    refusals.session,
  ],
  [
    "is disabled",
    (named) => app.client.send(new AdminDisableUserCommand(named)),
    refusals.disabled,
  ],
  [
    "has another password",
    (named) =>
      app.client.send(
        new AdminSetUserPasswordCommand({ ...named, Password: next, Permanent: true }),
      ),
    refusals.wrong,
  ],
  ["is gone", (named) => app.client.send(new AdminDeleteUserCommand(named)), refusals.wrong],
];

const setFactor = (named: Named, SoftwareTokenMfaSettings: { Enabled: boolean }) =>
  app.client.send(new AdminSetUserMFAPreferenceCommand({ ...named, SoftwareTokenMfaSettings }));

/** A user without a second factor that is asked for; `during` runs while the function hears of their next sign-in. */
async function userToldOf(during: (named: Named) => Promise<unknown>) {
  app.functions.answer = async ({ event }) => ({ kind: "returned", payload: event });
  const lambdaConfig = triggersOf("PostAuthentication");
  const { home } = await userWithApp(app, { settings: { lambdaConfig } });
  const named = { UserPoolId: home.pool.id, Username: "ada" };
  await setFactor(named, off);
  const families = () => app.context.store.db.selectFrom("token_families").select("id").execute();
  const before = await families();
  app.functions.answer = async ({ event }) => {
    app.functions.answer = async (later) => ({ kind: "returned", payload: later.event });
    await during(named);
    return { kind: "returned", payload: event };
  };
  const newFamilies = async () => (await families()).length - before.length;
  return { home, newFamilies };
}

test.each(changes)("who %s gets no tokens", async (_, change, refusal) => {
  const { home, newFamilies } = await userToldOf(change);
  await expect(signInByPassword(app, home)).rejects.toMatchObject(refusal);
  expect(await newFamilies()).toBeLessThanOrEqual(0);
});

test("who has a second factor by then gets no tokens, and is asked for it from then on", async () => {
  const { home, newFamilies } = await userToldOf((named) => setFactor(named, { Enabled: true }));
  await expect(signInBySrp(app, home)).rejects.toMatchObject(refusals.session);
  expect(await newFamilies()).toBe(0);
  expect((await signInByPassword(app, home)).ChallengeName).toBe("SOFTWARE_TOKEN_MFA");
});

test("a sign-in from before a factor was switched on is refreshed all the same, as on AWS, but not once signed out", async () => {
  const { home } = await userToldOf(async () => undefined);
  const named = { UserPoolId: home.pool.id, Username: "ada" };
  const { refresh } = await tokensOf(app, home);
  await setFactor(named, { Enabled: true });
  const refreshed = () =>
    app.client.send(
      new InitiateAuthCommand({
        ...{ AuthFlow: "REFRESH_TOKEN_AUTH", ClientId: home.client.id },
        AuthParameters: { REFRESH_TOKEN: refresh },
      }),
    );
  expect(await refreshed()).toMatchObject(withTokens);
  await app.client.send(new AdminUserGlobalSignOutCommand(named));
  await expect(refreshed()).rejects.toMatchObject({ name: "NotAuthorizedException" });
});

test("who is told of and unchanged gets them", async () => {
  const { home, newFamilies } = await userToldOf(async () => undefined);
  expect(await signInByPassword(app, home)).toMatchObject(withTokens);
  expect(await newFamilies()).toBe(1);
});
