import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  AdminUserGlobalSignOutCommand,
  ChangePasswordCommand,
  GlobalSignOutCommand,
  RevokeTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { finishDeletion, pageDeletions } from "../../store/deletions.ts";
import { deleteExpired } from "../../store/expiries.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestBrowser, testBrowser } from "../../testing/browser.ts";
import { type HostedTokens, hostedTokens } from "../../testing/hosted-tokens.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeClient,
  oauthPool,
  signInOnPage,
} from "../../testing/oauth.ts";
import { password, type TestPool, testCall, testUser } from "../../testing/pools.ts";
import { claimsOf } from "../../testing/sign-in.ts";
import { handleTriggers, triggersOf } from "../../testing/triggers.ts";
import { createClient } from "../clients/create.ts";
import { findUser } from "../users/find.ts";
import { endSessionsOf } from "./end-sessions.ts";
import { tellClients } from "./tell-clients.ts";

const logoutUri = "https://app.example.com/";
const uri = "https://app.example.com/backchannel_logout";
const otherUri = "https://other.example.com/logged-out";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;

async function open(options: Parameters<typeof oauthPool>[1] = {}) {
  home = await oauthPool(app, {
    clientExtensions: { backChannelLogoutUri: uri },
    ...options,
    client: { oauth: { ...codeClient, logoutUrls: [logoutUri] } },
  });
  await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
  browser = testBrowser(app);
}
beforeEach(async () => {
  app = await testApp();
  await open();
});
afterEach(() => app.close());

const signIn = (client = home.client, parameters = {}) =>
  hostedTokens({ app, browser, pool: home.pool, client, parameters });
const logout = () => {
  const query = new URLSearchParams({ client_id: home.client.id, logout_uri: logoutUri });
  return browser.get(`/${home.pool.id}/logout?${query}`);
};
const otherClient = (extensions = { backChannelLogoutUri: otherUri }) =>
  createClient(testCall(app), home.pool, {
    name: "other",
    settings: home.client.settings,
    extensions,
  });
async function told() {
  while ((await tellClients(app.context)) > 0);
  return app.told.map(({ uri, logoutToken }) => ({ uri, ...claimsOf(logoutToken) }));
}

test("ID tokens name the session to clients that are told of its end, and to no other", async () => {
  const first = claimsOf((await signIn()).id_token);
  expect(first["sid"]).toMatch(/^sso[a-z0-9]{25}$/);
  const plain = await otherClient({} as { backChannelLogoutUri: string });
  expect(claimsOf((await signIn(plain)).id_token)).not.toHaveProperty("sid");
  const refreshed = await askToken(app, home, {
    grant_type: "refresh_token",
    client_id: home.client.id,
    refresh_token: (await signIn()).refresh_token,
  });
  expect(claimsOf(refreshed.body.id_token)["sid"]).toBe(first["sid"]);
});

test("a function of the pool cannot change which session it is", async () => {
  await open({ settings: { lambdaConfig: triggersOf("PreTokenGeneration") } });
  handleTriggers(app, {
    PreTokenGeneration: () => ({
      response: {
        claimsOverrideDetails: { claimsToAddOrOverride: { sid: "x" }, claimsToSuppress: ["sid"] },
      },
    }),
  });
  expect(claimsOf((await signIn()).id_token)["sid"]).toMatch(/^sso/);
  const plain = await otherClient({} as { backChannelLogoutUri: string });
  expect(claimsOf((await signIn(plain)).id_token)).not.toHaveProperty(
    "sid",
    expect.stringMatching(/^sso/),
  );
});

describe("told is", () => {
  test("every client that the browser was signed in to, each once and for itself", async () => {
    const first = claimsOf((await signIn()).id_token);
    const other = await otherClient();
    await signIn();
    await signIn(other);
    await signIn(await otherClient({} as { backChannelLogoutUri: string }));
    await logout();
    await logout();
    const all = await told();
    expect(all).toHaveLength(2);
    expect(all).toContainEqual(
      expect.objectContaining({ uri, aud: home.client.id, sid: first["sid"] }),
    );
    expect(all).toContainEqual(
      expect.objectContaining({ uri: otherUri, aud: other.id, sid: first["sid"] }),
    );
  });

  test("nobody of a session in another browser", async () => {
    await signIn();
    browser = testBrowser(app);
    const here = claimsOf((await signIn()).id_token);
    await logout();
    expect((await told()).map((each) => (each as { sid?: unknown }).sid)).toEqual([here["sid"]]);
  });

  test("a client whose tokens the app has revoked before it sent the user here", async () => {
    const { refresh_token: Token } = await signIn();
    await app.client.send(new RevokeTokenCommand({ Token, ClientId: home.client.id }));
    expect(await told()).toEqual([]);
    await logout();
    expect(await told()).toHaveLength(1);
  });

  test("of a sign-in anew in the same browser that it is the same session", async () => {
    const { sid } = claimsOf((await signIn()).id_token);
    const other = await otherClient();
    const tokens = await signIn(other, { prompt: "login" });
    expect(claimsOf(tokens.id_token)["sid"]).toBe(sid);
    expect(await told()).toEqual([]);
    await logout();
    expect(await told()).toHaveLength(2);
  });

  test("the end of one user's session where another signs in over it", async () => {
    const { sid } = claimsOf((await signIn()).id_token);
    await testUser(app, home.pool, { username: "bob" });
    await signInOnPage(browser, authorizeUrl(home, { prompt: "login" }), { username: "bob" });
    expect(await told()).toEqual([expect.objectContaining({ sid })]);
  });
});

describe("what else ends a session", () => {
  const user = () => ({ UserPoolId: home.pool.id, Username: "ada" });
  const isSignedIn = async () =>
    answerIn(await browser.get(authorizeUrl(home, { prompt: "none" }))).has("code");

  test.each([
    [
      "GlobalSignOut",
      ({ access_token: AccessToken }: HostedTokens) => new GlobalSignOutCommand({ AccessToken }),
    ],
    ["AdminUserGlobalSignOut", () => new AdminUserGlobalSignOutCommand(user())],
    ["AdminDisableUser", () => new AdminDisableUserCommand(user())],
    ["AdminDeleteUser", () => new AdminDeleteUserCommand(user())],
    [
      "AdminSetUserPassword",
      () =>
        new AdminSetUserPasswordCommand({ ...user(), Password: `${password}2`, Permanent: true }),
    ],
  ])("%s", async (_name, command) => {
    const tokens = await signIn();
    const { sid, sub } = claimsOf(tokens.id_token);
    await app.client.send(command(tokens) as never);
    const sessions = await app.context.store.db.selectFrom("login_sessions").selectAll().execute();
    expect(sessions).toEqual([]);
    expect(await isSignedIn()).toBe(false);
    expect(await told()).toEqual([expect.objectContaining({ uri, sid, sub })]);
  });

  test("a deleted user's clients are told though the user is purged", async () => {
    await signIn();
    await app.client.send(new AdminDeleteUserCommand(user()));
    const { db } = app.context.store;
    for (const each of await pageDeletions(db, { limit: 10 })) await finishDeletion(db, each);
    expect(await told()).toHaveLength(1);
  });

  test("a sign-out everywhere is told though the hour of the browser is over", async () => {
    await signIn();
    app.clock.advance(4_000_000);
    await deleteExpired(app.context.store.db, { nowMs: app.clock.now(), limit: 100 });
    await app.client.send(new AdminUserGlobalSignOutCommand(user()));
    expect(await told()).toHaveLength(1);
    await app.client.send(new AdminUserGlobalSignOutCommand(user()));
    expect(await told()).toHaveLength(1);
  });

  test.each(["compat", "hardened"] as const)(
    "a new password, but for the client that it was set through (%s)",
    async (profile) => {
      await open({ extensions: { profile } });
      const { access_token: AccessToken } = await signIn();
      const other = await otherClient();
      await signIn(other);
      await app.client.send(
        new ChangePasswordCommand({
          AccessToken,
          PreviousPassword: password,
          ProposedPassword: "Another-Horse-7-Battery-Longer",
        }),
      );
      expect(await isSignedIn()).toBe(false);
      expect(await told()).toEqual([expect.objectContaining({ aud: other.id })]);
    },
  );

  test("is told, not the end of its hour", async () => {
    await signIn();
    app.clock.advance(3_700_000);
    expect(await isSignedIn()).toBe(false);
    await deleteExpired(app.context.store.db, { nowMs: app.clock.now(), limit: 100 });
    expect(await told()).toEqual([]);
  });
});

test("a logout that is undone tells nobody", async () => {
  await signIn();
  const failed = testCall(app).change(async (trx) => {
    const user = await findUser(trx, home.pool, "ada");
    if (user) await endSessionsOf(trx, testCall(app), { user, everywhere: true });
    throw new Error("undone");
  });
  await expect(failed).rejects.toThrow("undone");
  expect(await told()).toEqual([]);
});
