import {
  AdminListUserSessionsCommand,
  AdminRevokeUserSessionCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ListUserSessionsCommand,
  RevokeTokenCommand,
  RevokeUserSessionCommand,
  SetUserPoolSessionConfigurationCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { engines } from "../../../testing/places.ts";
import { type TestPool, testPool, testUser } from "../../../testing/pools.ts";
import { tokensOf } from "../../../testing/sign-in.ts";

let app: TestApp;
let home: TestPool;
afterEach(() => app.close());

const rotation = { feature: "ENABLED" } as const;

async function start(
  options: { maxPerUser?: number; tracking?: boolean; engine?: "sqlite" | "postgres" } = {},
) {
  const { maxPerUser = 20, tracking = true, engine = "sqlite" } = options;
  app = await testApp({ engine });
  home = await testPool(app, { settings: { sessions: { tracking, maxPerUser } } });
  await testUser(app, home.pool);
}

const user = (Username = "ada") => ({ UserPoolId: home.pool.id, Username });
const send = {
  list: (AccessToken: string, NextToken?: string) =>
    app.client.send(new ListUserSessionsCommand({ AccessToken, NextToken })),
  adminList: (Username?: string, NextToken?: string) =>
    app.client.send(new AdminListUserSessionsCommand({ ...user(Username), NextToken })),
  revoke: (AccessToken: string, SessionId: string | undefined) =>
    app.client.send(new RevokeUserSessionCommand({ AccessToken, SessionId })),
  adminRevoke: (SessionId: string | undefined, Username?: string) =>
    app.client.send(new AdminRevokeUserSessionCommand({ ...user(Username), SessionId })),
  getUser: (AccessToken: string) => app.client.send(new GetUserCommand({ AccessToken })),
  configure: (UserSessionTracking: "ENABLED" | "DISABLED", MaxPerUser = 20) =>
    app.client.send(
      new SetUserPoolSessionConfigurationCommand({
        UserPoolId: home.pool.id,
        UserSessionTracking,
        TokenSession: { MaxPerUser },
      }),
    ),
};

function refresh(token: string, headers: Record<string, string> = {}) {
  return app.app.inject({
    method: "POST",
    url: "/",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
      ...headers,
    },
    payload: JSON.stringify({
      AuthFlow: "REFRESH_TOKEN_AUTH",
      ClientId: home.client.id,
      AuthParameters: { REFRESH_TOKEN: token },
    }),
  });
}

const sessionsOfAda = async () => (await send.adminList()).Sessions ?? [];

test("each sign-in is a session with its client, its times and where it came from", async () => {
  await start();
  const first = await tokensOf(app, home);
  await tokensOf(app, home);
  const { Sessions, NextToken } = await send.list(first.access);
  expect(NextToken).toBeUndefined();
  expect(Sessions).toHaveLength(2);
  const [later, earlier] = Sessions ?? [];
  expect(later?.IsCurrentSession).toBe(false);
  expect(earlier).toEqual({
    SessionId: expect.stringMatching(/^tkn[a-z0-9]{25}$/),
    SessionType: "TOKEN",
    ClientId: home.client.id,
    CreateDate: expect.any(Date),
    LastActiveDate: earlier?.CreateDate,
    DeviceType: expect.stringMatching(/^AWS SDK 3/),
    LastIPAddress: "127.0.0.1",
    IsCurrentSession: true,
  });
  expect(later?.SessionId).not.toBe(earlier?.SessionId);
});

test("an administrator sees the same, none of them as the current one", async () => {
  await start();
  const { access } = await tokensOf(app, home);
  const own = await send.list(access);
  const seen = await send.adminList();
  expect(seen.Sessions).toEqual(
    own.Sessions?.map((each) => ({ ...each, IsCurrentSession: false })),
  );
});

test("a refresh moves the time, the address and the device, and makes no session", async () => {
  await start();
  const { refresh: token } = await tokensOf(app, home);
  const [before] = await sessionsOfAda();
  app.clock.advance(600_000);
  const answer = await refresh(token, {
    "user-agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/126.0.0.0 Safari/537.36",
  });
  expect(answer.statusCode).toBe(200);
  const after = await sessionsOfAda();
  expect(after).toHaveLength(1);
  expect(after[0]).toMatchObject({
    SessionId: before?.SessionId,
    CreateDate: before?.CreateDate,
    DeviceType: "Chrome 126, Windows 10",
  });
  const moved = Number(after[0]?.LastActiveDate) - Number(before?.LastActiveDate);
  expect(moved).toBeGreaterThanOrEqual(600_000);
});

test("a replaced refresh token that comes back moves nothing", async () => {
  app = await testApp({ engine: "sqlite" });
  home = await testPool(app, {
    settings: { sessions: { tracking: true, maxPerUser: 20 } },
    client: { refreshTokenRotation: rotation, explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"] },
  });
  await testUser(app, home.pool);
  const { refresh: token } = await tokensOf(app, home);
  await refresh(token);
  expect((await refresh(token)).statusCode).toBe(400);
  const rows = await app.context.store.db.selectFrom("token_families").selectAll().execute();
  expect(rows[0]?.last_active_at_ms).toBe(rows[0]?.created_at_ms);
});

test("what a revoked session has is dead, and the others go on", async () => {
  await start();
  const first = await tokensOf(app, home);
  const second = await tokensOf(app, home);
  const { Sessions } = await send.list(second.access);
  const other = Sessions?.find(({ IsCurrentSession }) => !IsCurrentSession);
  await send.revoke(second.access, other?.SessionId);
  await expect(send.getUser(first.access)).rejects.toThrow("Access Token has been revoked");
  expect((await refresh(first.refresh)).json()).toMatchObject({
    message: "Refresh Token has been revoked",
  });
  await send.getUser(second.access);
  expect((await send.list(second.access)).Sessions).toHaveLength(1);
});

test("nobody ends the session that asks, or one twice, or another's", async () => {
  await start();
  await testUser(app, home.pool, { username: "bob" });
  const ada = await tokensOf(app, home);
  const bob = await tokensOf(app, home, { username: "bob" });
  const [own] = (await send.list(bob.access)).Sessions ?? [];
  const [hers] = await sessionsOfAda();
  const unknown = { name: "ResourceNotFoundException", message: "Session does not exist." };
  await expect(send.revoke(bob.access, own?.SessionId)).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await expect(send.revoke(bob.access, hers?.SessionId)).rejects.toMatchObject(unknown);
  await expect(send.adminRevoke(hers?.SessionId, "bob")).rejects.toMatchObject(unknown);
  await send.getUser(ada.access);
  await send.adminRevoke(hers?.SessionId);
  await expect(send.adminRevoke(hers?.SessionId)).rejects.toMatchObject(unknown);
  await expect(send.adminRevoke(`sso${"a".repeat(25)}`)).rejects.toMatchObject(unknown);
});

test("the same name in another pool reaches nothing of this one", async () => {
  await start();
  await tokensOf(app, home);
  const [session] = await sessionsOfAda();
  const here = home;
  home = await testPool(app, { settings: { sessions: { tracking: true, maxPerUser: 20 } } });
  await testUser(app, home.pool);
  await expect(send.adminRevoke(session?.SessionId)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  expect(await sessionsOfAda()).toEqual([]);
  home = here;
  expect(await sessionsOfAda()).toHaveLength(1);
});

test("sessions that are over or signed out are not shown", async () => {
  await start();
  const { refresh: Token } = await tokensOf(app, home);
  await tokensOf(app, home);
  await app.client.send(new RevokeTokenCommand({ ClientId: home.client.id, Token }));
  expect(await sessionsOfAda()).toHaveLength(1);
  app.clock.advance(31 * 86_400_000);
  expect(await sessionsOfAda()).toEqual([]);
  const [first] = await app.context.store.db.selectFrom("token_families").selectAll().execute();
  await expect(send.adminRevoke(first?.session_id ?? undefined)).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

describe.each(engines)("on %s", (engine) => {
  test("one sign-in too many ends the session that was idle for longest", async () => {
    await start({ maxPerUser: 2, engine });
    const first = await tokensOf(app, home);
    const second = await tokensOf(app, home);
    await refresh(first.refresh);
    const third = await tokensOf(app, home);
    await send.getUser(first.access);
    await send.getUser(third.access);
    await expect(send.getUser(second.access)).rejects.toThrow("Access Token has been revoked");
  });

  test("however many sign in at once, no more sessions are left than allowed", async () => {
    await start({ maxPerUser: 3, engine });
    await Promise.all(Array.from({ length: 8 }, () => tokensOf(app, home)));
    expect(await sessionsOfAda()).toHaveLength(3);
  });

  test("a lower number takes effect at the next sign-in", async () => {
    await start({ maxPerUser: 5, engine });
    for (let count = 0; count < 4; count += 1) await tokensOf(app, home);
    await send.configure("ENABLED", 1);
    expect(await sessionsOfAda()).toHaveLength(4);
    const { access } = await tokensOf(app, home);
    const { Sessions } = await send.list(access);
    expect(Sessions).toEqual([expect.objectContaining({ IsCurrentSession: true })]);
  });
});

test("where nothing is tracked, nothing is kept and nobody is answered", async () => {
  await start({ tracking: false, maxPerUser: 1 });
  const { access, refresh: token } = await tokensOf(app, home);
  await tokensOf(app, home);
  await refresh(token);
  await send.getUser(access);
  const rows = await app.context.store.db.selectFrom("token_families").selectAll().execute();
  expect(rows).toHaveLength(2);
  for (const row of rows) {
    expect(row).toMatchObject({
      session_id: null,
      source_ip: null,
      user_agent: null,
      last_active_at_ms: null,
    });
  }
  const off = { name: "OperationNotEnabledException" };
  await expect(send.list(access)).rejects.toMatchObject(off);
  await expect(send.adminList()).rejects.toMatchObject(off);
  await expect(send.revoke(access, `tkn${"a".repeat(25)}`)).rejects.toMatchObject(off);
  await expect(send.adminRevoke(`tkn${"a".repeat(25)}`)).rejects.toMatchObject(off);
});

test("sign-ins from before the tracking are no sessions and count towards nothing", async () => {
  await start({ tracking: false });
  const before = await tokensOf(app, home);
  await send.configure("ENABLED", 1);
  await refresh(before.refresh);
  expect(await sessionsOfAda()).toEqual([]);
  await tokensOf(app, home);
  await send.getUser(before.access);
  expect(await sessionsOfAda()).toHaveLength(1);
});

test("a user who must set a new password neither lists nor ends sessions", async () => {
  await start();
  const { access } = await tokensOf(app, home);
  await app.context.store.db.updateTable("users").set({ status: "RESET_REQUIRED" }).execute();
  const reset = { name: "PasswordResetRequiredException" };
  await expect(send.list(access)).rejects.toMatchObject(reset);
  await expect(send.revoke(access, `tkn${"a".repeat(25)}`)).rejects.toMatchObject(reset);
});

test("another list's token and an unknown user are refused", async () => {
  await start();
  await expect(send.adminList("ada", "forged")).rejects.toMatchObject({
    name: "InvalidParameterException",
  });
  await expect(send.adminList("nobody")).rejects.toMatchObject({ name: "UserNotFoundException" });
});

test("an ended session leaves its row in the trail, without its tokens", async () => {
  await start();
  const { access } = await tokensOf(app, home);
  await app.client.send(
    new InitiateAuthCommand({
      AuthFlow: "USER_PASSWORD_AUTH",
      ClientId: home.client.id,
      AuthParameters: { USERNAME: "ada", PASSWORD: "Correct-Horse-9-Battery" },
    }),
  );
  const other = (await send.list(access)).Sessions?.find((each) => !each.IsCurrentSession);
  await send.revoke(access, other?.SessionId);
  const event = (await app.auditEvents()).find((each) => each.eventName === "RevokeUserSession");
  expect(event?.requestParameters).toMatchObject({ sessionId: other?.SessionId });
  expect(JSON.stringify(event)).not.toContain(access);
});
