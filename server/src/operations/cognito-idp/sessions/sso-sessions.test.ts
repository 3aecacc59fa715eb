import {
  AdminListUserSessionsCommand,
  AdminRevokeUserSessionCommand,
  GetUserCommand,
  ListUserSessionsCommand,
  type RevokeAssociatedSessionsType,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
  SetUserPoolClientSessionConfigurationCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createClient } from "../../../domain/clients/create.ts";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { type TestBrowser, testBrowser } from "../../../testing/browser.ts";
import { hostedTokens } from "../../../testing/hosted-tokens.ts";
import { answerIn, authorizeUrl, oauthPool } from "../../../testing/oauth.ts";
import { type TestPool, testCall, testUser } from "../../../testing/pools.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;

async function start(tracking = true) {
  home = await oauthPool(app, { settings: { sessions: { tracking, maxPerUser: 20 } } });
  await testUser(app, home.pool);
  browser = testBrowser(app);
}
beforeEach(async () => {
  app = await testApp();
  await start();
});
afterEach(() => app.close());

const user = (Username = "ada") => ({ UserPoolId: home.pool.id, Username });
const signIn = (client = home.client) => hostedTokens({ ...home, app, browser, client });
const secondClient = () =>
  createClient(testCall(app), home.pool, { name: "second", settings: home.client.settings });
const list = async (Username?: string) =>
  (await app.client.send(new AdminListUserSessionsCommand(user(Username)))).Sessions ?? [];
const adminRevoke = (SessionId = "", RevokeAssociatedSessions?: RevokeAssociatedSessionsType) =>
  app.client.send(
    new AdminRevokeUserSessionCommand({ ...user(), SessionId, RevokeAssociatedSessions }),
  );
const getUser = (AccessToken: string) => app.client.send(new GetUserCommand({ AccessToken }));
const asks = async () =>
  answerIn(await browser.get(authorizeUrl(home, { prompt: "none" }))).get("error") ===
  "login_required";
const revoked = "Access Token has been revoked";

test("a browser's session is listed beside the tokens that came through it", async () => {
  const { access_token: AccessToken } = await signIn();
  await tokensOf(app, home);
  const { Sessions = [] } = await app.client.send(new ListUserSessionsCommand({ AccessToken }));
  expect(Sessions).toHaveLength(3);
  const [byApi, tokens, sso] = Sessions;
  expect(sso).toEqual({
    SessionId: expect.stringMatching(/^sso[a-z0-9]{25}$/),
    SessionType: "SSO",
    CreateDate: expect.any(Date),
    LastActiveDate: tokens?.LastActiveDate,
    DeviceType: expect.any(String),
    LastIPAddress: "127.0.0.1",
    IsCurrentSession: false,
  });
  expect(tokens).toMatchObject({
    SessionId: expect.stringMatching(/^tkn/),
    SessionType: "TOKEN",
    ClientId: home.client.id,
    OriginSessionId: sso?.SessionId,
    IsCurrentSession: true,
  });
  expect(byApi).toMatchObject({ SessionType: "TOKEN", IsCurrentSession: false });
  expect(byApi).not.toHaveProperty("OriginSessionId");
});

test("it is shown as long as it lasts, and to nobody else", async () => {
  await testUser(app, home.pool, { username: "bob" });
  await signIn();
  expect(await list("bob")).toEqual([]);
  app.clock.advance(3_600_000);
  expect((await list()).map(({ SessionType }) => SessionType)).toEqual(["TOKEN"]);
});

test("more sessions than a page holds are shown page by page, each once", async () => {
  for (let n = 0; n < 65; n += 1) {
    browser = testBrowser(app);
    await signIn();
  }
  await app.context.store.db
    .updateTable("token_families")
    .set({ revoked_at_ms: null })
    .where("session_id", "is not", null)
    .execute();
  const ids: (string | undefined)[] = [];
  let NextToken: string | undefined;
  do {
    const command = new AdminListUserSessionsCommand({ ...user(), NextToken });
    const page = await app.client.send(command);
    ids.push(...(page.Sessions ?? []).map(({ SessionId }) => SessionId));
    ({ NextToken } = page);
  } while (NextToken);
  expect(ids).toHaveLength(130);
  expect(new Set(ids).size).toBe(130);
});

describe("revoked", () => {
  test("the session of the browser alone: its tokens stay, it asks again", async () => {
    const { access_token } = await signIn();
    const sso = (await list()).find(({ SessionType }) => SessionType === "SSO");
    await adminRevoke(sso?.SessionId);
    expect(await asks()).toBe(true);
    await getUser(access_token);
    await expect(adminRevoke(sso?.SessionId)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  test("with what is linked: the tokens of every client that came through it, no others", async () => {
    const first = await signIn();
    const second = await signIn(await secondClient());
    const api = await tokensOf(app, home);
    const sso = (await list()).find(({ SessionType }) => SessionType === "SSO");
    await adminRevoke(sso?.SessionId, "LINKED");
    expect(await asks()).toBe(true);
    await expect(getUser(first.access_token)).rejects.toThrow(revoked);
    await expect(getUser(second.access_token)).rejects.toThrow(revoked);
    await getUser(api.access);
  });

  test.each([
    ["NONE", false],
    ["LINKED", true],
  ] as const)("a token session with %s", async (associated, ends) => {
    const first = await signIn();
    const second = await signIn(await secondClient());
    const session = (await list()).find(({ ClientId }) => ClientId === home.client.id);
    await adminRevoke(session?.SessionId, associated);
    await expect(getUser(first.access_token)).rejects.toThrow(revoked);
    await getUser(second.access_token);
    expect(await asks()).toBe(ends);
  });

  test("by the user from another app", async () => {
    const { access_token: AccessToken } = await signIn();
    const { access } = await tokensOf(app, home);
    const sso = (await list()).find(({ SessionType }) => SessionType === "SSO");
    await app.client.send(
      new RevokeUserSessionCommand({
        AccessToken: access,
        SessionId: sso?.SessionId,
        RevokeAssociatedSessions: "LINKED",
      }),
    );
    expect(await asks()).toBe(true);
    await expect(getUser(AccessToken)).rejects.toThrow(revoked);
    await getUser(access);
  });

  test("nobody's by another user", async () => {
    await testUser(app, home.pool, { username: "eve" });
    await signIn();
    const { access: AccessToken } = await tokensOf(app, home, { username: "eve" });
    const sso = (await list()).find(({ SessionType }) => SessionType === "SSO");
    const command = new RevokeUserSessionCommand({ AccessToken, SessionId: sso?.SessionId });
    await expect(app.client.send(command)).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    expect(await asks()).toBe(false);
  });
});

describe("RevokeToken", () => {
  const revoke = (Token: string, RevokeAssociatedSessions?: RevokeAssociatedSessionsType) =>
    app.client.send(
      new RevokeTokenCommand({ Token, ClientId: home.client.id, RevokeAssociatedSessions }),
    );

  test.each([
    [undefined, false],
    ["NONE", false],
    ["LINKED", true],
  ] as const)("with %s", async (associated, ends) => {
    const first = await signIn();
    const second = await signIn(await secondClient());
    await revoke(first.refresh_token, associated);
    await expect(getUser(first.access_token)).rejects.toThrow(revoked);
    await getUser(second.access_token);
    expect(await asks()).toBe(ends);
    await revoke(first.refresh_token, associated);
  });

  test("LINKED has no effect where sessions are not tracked, or none is linked", async () => {
    const { refresh } = await tokensOf(app, home);
    await revoke(refresh, "LINKED");
    await start(false);
    const { refresh_token } = await signIn();
    await revoke(refresh_token, "LINKED");
    expect(await asks()).toBe(false);
  });
});

describe("MaxValidityMinutes", () => {
  const configure = (MaxValidityMinutes: number) =>
    app.client.send(
      new SetUserPoolClientSessionConfigurationCommand({
        UserPoolId: home.pool.id,
        ClientId: home.client.id,
        SSOSession: { MaxValidityMinutes },
      }),
    );

  test("of zero always asks, and leaves the session to other clients", async () => {
    await configure(0);
    await signIn();
    expect(await asks()).toBe(true);
    const second = await secondClient();
    const other = authorizeUrl({ pool: home.pool, client: second }, { prompt: "none" });
    expect(answerIn(await browser.get(other)).has("code")).toBe(true);
    expect((await list()).map(({ SessionType }) => SessionType)).toContain("SSO");
  });

  test("of less than an hour asks again when it is over", async () => {
    await configure(10);
    await signIn();
    app.clock.advance(9 * 60_000);
    expect(await asks()).toBe(false);
    app.clock.advance(60_000);
    expect(await asks()).toBe(true);
  });

  test("of more than an hour lets the browser stay signed in for so long", async () => {
    await configure(1440);
    await signIn();
    app.clock.advance(23 * 3_600_000);
    expect(await asks()).toBe(false);
    // Counted from the sign-in, not from the last use.
    app.clock.advance(3_600_000);
    expect(await asks()).toBe(true);
  });
});
