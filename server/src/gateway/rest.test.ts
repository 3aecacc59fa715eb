import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createApp } from "../app.ts";
import { prepareFamily, type TokenPair } from "../domain/tokens/issue.ts";
import { signOutEverywhere } from "../domain/tokens/revoke.ts";
import type { User } from "../domain/users/user.ts";
import { makeHttp } from "../protocol/http.ts";
import { signingKeys } from "../protocol/sigv4/signing-keys.ts";
import { deleteGroupMember, insertGroupMember } from "../store/group-members.ts";
import { insertGroup } from "../store/groups.ts";
import { deleteUser, updateUser } from "../store/users.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { dpopKey } from "../testing/dpop.ts";
import { askToken, basic, grantedTokens, machinePool } from "../testing/oauth.ts";
import { type TestPool, testCall, testPool, testUser } from "../testing/pools.ts";
import { demoApi } from "./demo-api.ts";
import { registerGateway } from "./rest.ts";
import type { RestApi } from "./rest-api.ts";

let app: TestApp;
let http: FastifyInstance;
let home: TestPool;
let ada: User;

beforeEach(async () => {
  app = await testApp();
  home = await testPool(app);
  ada = await testUser(app, home.pool, { attributes: { email: "ada@example.com" } });
  http = serve([demoApi([home.pool.id])]);
});
afterEach(async () => {
  await http.close();
  await app.close();
});

function serve(apis: readonly RestApi[]): FastifyInstance {
  const made = makeHttp({
    requestId: () => "request-1",
    clock: app.context.clock,
    log: app.context.log,
    trustedProxies: [],
  });
  registerGateway(made, app.context, apis);
  return made;
}

async function tokens(user: User = ada, { pool, client }: TestPool = home): Promise<TokenPair> {
  const call = testCall(app);
  const family = await prepareFamily(call, { pool, client, user });
  await call.change((trx) => family.store(trx));
  return family.tokens;
}

async function get(path: string, authorization?: string, from: FastifyInstance = http) {
  const answer = await from.inject({
    method: "GET",
    url: `/_api/poolhsdemo/dev${path}`,
    headers: authorization === undefined ? {} : { authorization },
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

async function join(user: User, name: string): Promise<void> {
  const { db } = app.context.store;
  const at = { created_at_ms: 1, modified_at_ms: 1 };
  await insertGroup(db, { user_pool_id: user.userPoolId, name, ...at });
  await insertGroupMember(db, {
    user_pool_id: user.userPoolId,
    group_name: name,
    user_id: user.id,
    added_at_ms: 1,
  });
}

const unauthorized = { status: 401, body: { message: "Unauthorized" } };

test("an access token tells the API who calls", async () => {
  const { accessToken } = await tokens();
  const answer = await get("/me", accessToken);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    sub: ada.id,
    username: "ada",
    groups: [],
    tokenUse: "access",
    scopes: ["aws.cognito.signin.user.admin"],
    expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(answer.headers["content-type"]).toMatch(/^application\/json/);
  expect(answer.headers["cache-control"]).toBe("no-store");
});

test("an ID token is as good where no scope is required, and carries the e-mail address", async () => {
  const { idToken } = await tokens();
  const { status, body } = await get("/me", idToken);
  expect(status).toBe(200);
  expect(body).toMatchObject({ email: "ada@example.com", tokenUse: "id", scopes: [] });
});

test.each(["Bearer ", "bearer ", "Bearer   ", ""])(
  "the token is read after '%s'",
  async (prefix) => {
    const { accessToken } = await tokens();
    expect((await get("/me", prefix + accessToken)).status).toBe(200);
  },
);

test("a call without a token is refused in API Gateway's words, and readable from another origin", async () => {
  const answer = await get("/me");
  expect(answer).toMatchObject(unauthorized);
  expect(answer.headers["x-amzn-errortype"]).toBe("UnauthorizedException");
  expect(answer.headers["x-amzn-requestid"]).toBe("request-1");
  expect(answer.headers["access-control-allow-origin"]).toBe("*");
});

test.each([
  "Bearer",
  "Bearer ",
  "Basic YWRhOmFkYQ==",
  "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/execute-api/aws4_request",
  "x".repeat(10_000),
  "a.b.c",
])("what is no token is refused: %.30s", async (header) => {
  expect(await get("/me", header)).toMatchObject(unauthorized);
});

test("a token that is bound to a key opens nothing here, under whichever name it comes", async () => {
  const bound = { user: ada, scope: "openid", dpopJkt: dpopKey().jkt };
  const { accessToken } = await grantedTokens(app, home, bound);
  for (const scheme of ["", "Bearer ", "DPoP "]) {
    expect(await get("/me", scheme + accessToken)).toMatchObject(unauthorized);
  }
});

test("the token of a client, which stands for no user, opens nothing", async () => {
  const machines = await machinePool(app);
  const headers = basic(machines.client.id);
  const { body } = await askToken(app, machines, { grant_type: "client_credentials", headers });
  const api = serve([demoApi([machines.pool.id])]);
  expect(await get("/me", body.access_token, api)).toMatchObject(unauthorized);
  await api.close();
});

test("a token with any character of its signature changed is refused", async () => {
  const { accessToken } = await tokens();
  const [head, body, signature = ""] = accessToken.split(".");
  for (const at of [0, 100, signature.length - 2]) {
    const other = signature.charAt(at) === "A" ? "B" : "A";
    const changed = signature.slice(0, at) + other + signature.slice(at + 1);
    expect(await get("/me", `${head}.${body}.${changed}`)).toMatchObject(unauthorized);
  }
});

test("an access token passed off as an ID token is refused, since each kind has its own key", async () => {
  const { accessToken, idToken = "" } = await tokens();
  const [, accessBody, accessSignature] = accessToken.split(".");
  const [idHead] = idToken.split(".");
  const mixed = `${idHead}.${accessBody}.${accessSignature}`;
  expect(await get("/me", mixed)).toMatchObject(unauthorized);
});

test("a token of another pool is refused", async () => {
  const other = await testPool(app);
  const { accessToken } = await tokens(await testUser(app, other.pool), other);
  expect(await get("/me", accessToken)).toMatchObject(unauthorized);
});

test("a token counts until the second at which it expires, and then API Gateway's words say so", async () => {
  const { accessToken } = await tokens();
  app.clock.advance(3_598_000);
  expect((await get("/me", accessToken)).status).toBe(200);
  app.clock.advance(3_000);
  const answer = await get("/me", accessToken);
  expect(answer.status).toBe(401);
  expect(answer.body).toEqual({ message: "The incoming token has expired" });
});

test("signing out everywhere ends both tokens at once", async () => {
  const { accessToken, idToken } = await tokens();
  const call = testCall(app);
  await call.change((trx) => signOutEverywhere(trx, call, ada));
  expect(await get("/me", accessToken)).toMatchObject(unauthorized);
  expect(await get("/me", idToken)).toMatchObject(unauthorized);
});

test("the token of a disabled or deleted user is refused at once", async () => {
  const { accessToken } = await tokens();
  const { db } = app.context.store;
  const key = { userPoolId: ada.userPoolId, id: ada.id };
  await updateUser(db, key, { set: { enabled: 0 } });
  expect(await get("/me", accessToken)).toMatchObject(unauthorized);
  await updateUser(db, key, { set: { enabled: 1 } });
  expect((await get("/me", accessToken)).status).toBe(200);
  await deleteUser(db, key);
  expect(await get("/me", accessToken)).toMatchObject(unauthorized);
});

test("who is not in the group is refused with 403", async () => {
  const { accessToken } = await tokens();
  const answer = await get("/admin", accessToken);
  expect(answer.status).toBe(403);
  expect(answer.body).toEqual({ message: "User is not authorized to access this resource" });
  expect(answer.headers["x-amzn-errortype"]).toBe("AccessDeniedException");
});

test("an administrator gets the facts of the pool", async () => {
  await join(ada, "Admin");
  await testUser(app, home.pool, { username: "bob", status: "UNCONFIRMED" });
  const { accessToken, idToken } = await tokens();
  const answer = await get("/admin", accessToken);
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    users: { CONFIRMED: 1, UNCONFIRMED: 1 },
    time: expect.stringMatching(/^\d{4}-/),
  });
  expect((await get("/admin", idToken)).status).toBe(200);
});

test("who was taken out of the group is refused though the token still names it, and who came in needs a new one", async () => {
  const before = await tokens();
  await join(ada, "Admin");
  expect((await get("/admin", before.accessToken)).status).toBe(403);
  const during = await tokens();
  expect((await get("/admin", during.accessToken)).status).toBe(200);
  await deleteGroupMember(app.context.store.db, {
    userPoolId: ada.userPoolId,
    groupName: "Admin",
    userId: ada.id,
  });
  expect((await get("/admin", during.accessToken)).status).toBe(403);
});

test("where a scope is required only an access token that holds one of them is taken", async () => {
  const withScopes = (requiredScopes: string[]): RestApi => {
    const api = demoApi([home.pool.id]);
    const authorizer = { userPoolIds: [home.pool.id], requiredScopes };
    return { ...api, routes: api.routes.map((route) => ({ ...route, authorizer })) };
  };
  const { accessToken, idToken } = await tokens();
  const open = serve([withScopes(["orders/read", "aws.cognito.signin.user.admin"])]);
  expect((await get("/me", accessToken, open)).status).toBe(200);
  expect(await get("/me", idToken, open)).toMatchObject(unauthorized);
  const closed = serve([withScopes(["orders/read"])]);
  expect(await get("/me", accessToken, closed)).toMatchObject(unauthorized);
  const none = serve([withScopes([])]);
  expect(await get("/me", accessToken, none)).toMatchObject(unauthorized);
  await Promise.all([open.close(), closed.close(), none.close()]);
});

test.each(["/nothing", "/me/", "/ME", "/%6De", "/me%2F..%2Fadmin", "//me", "", "/"])(
  "a path that the API does not have is refused as API Gateway does: '%s'",
  async (path) => {
    const { accessToken } = await tokens();
    const answer = await get(path, accessToken);
    expect(answer.status).toBe(403);
    expect(answer.body).toEqual({ message: "Missing Authentication Token" });
    expect(answer.headers["x-amzn-errortype"]).toBe("MissingAuthenticationTokenException");
  },
);

test("a query does not change the route", async () => {
  const { accessToken } = await tokens();
  expect((await get("/me?next=/admin", accessToken)).status).toBe(200);
});

test("another method, stage or API is refused", async () => {
  const { accessToken } = await tokens();
  const ask = async (method: "POST" | "DELETE" | "GET", url: string) => {
    const { statusCode, body } = await http.inject({
      method,
      url,
      headers: { authorization: accessToken },
    });
    return [statusCode, JSON.parse(body).message];
  };
  const missing = [403, "Missing Authentication Token"];
  expect(await ask("POST", "/_api/poolhsdemo/dev/me")).toEqual(missing);
  expect(await ask("DELETE", "/_api/poolhsdemo/dev/me")).toEqual(missing);
  expect(await ask("GET", "/_api/poolhsdemo/prod/me")).toEqual([403, "Forbidden"]);
  expect(await ask("GET", "/_api/otherother/dev/me")).toEqual([403, "Forbidden"]);
  expect(await ask("GET", "/_api/__proto__/dev/me")).toEqual([403, "Forbidden"]);
});

test("an operation named in X-Amz-Target is reached on this path too", async () => {
  const both = createApp({
    context: app.context,
    signers: { keys: signingKeys(() => undefined), now: () => app.clock.now() },
    apis: [demoApi([home.pool.id])],
  });
  const url = "/_api/poolhsdemo/dev/me";
  const headers = { "x-amz-target": "AWSCognitoIdentityProviderService.GetUser" };
  const named = await both.inject({ method: "POST", url, headers, payload: "{}" });
  expect(named.headers["content-type"]).toContain("application/x-amz-json-1.1");
  const { accessToken } = await tokens();
  expect((await get("/me", accessToken, both)).status).toBe(200);
  await both.close();
});

test("a preflight is answered without a token", async () => {
  const answer = await http.inject({
    method: "OPTIONS",
    url: "/_api/poolhsdemo/dev/me",
    headers: {
      origin: "https://app.example.com",
      "access-control-request-method": "GET",
      "access-control-request-headers": "authorization",
    },
  });
  expect(answer.statusCode).toBeLessThan(300);
  expect(answer.headers["access-control-allow-headers"]).toBe("authorization");
});

test("refusals are in the trail with who was refused what, and accepted reads are not", async () => {
  const { accessToken } = await tokens();
  const before = (await app.auditEvents()).length;
  await get("/me", accessToken);
  expect(await app.auditEvents()).toHaveLength(before);
  await get("/admin", accessToken);
  const events = await app.auditEvents();
  expect(events).toHaveLength(before + 1);
  const row = events.find((event) => event.eventName === "Invoke");
  expect(row).toMatchObject({
    eventSource: "execute-api.amazonaws.com",
    errorCode: "AccessDeniedException",
    userIdentity: { type: "Unknown", principalId: ada.id },
    requestParameters: { apiId: "poolhsdemo", stage: "dev", method: "GET", path: "/admin" },
    additionalEventData: { userPoolId: home.pool.id, clientId: home.client.id, sub: ada.id },
  });
  expect(JSON.stringify(events)).not.toContain(accessToken.split(".")[2]);
});

test("a failure inside a route tells the caller nothing and the log everything", async () => {
  const api = demoApi([home.pool.id]);
  const failing = serve([
    {
      ...api,
      routes: api.routes.map((route) => ({
        ...route,
        handle: () => Promise.reject(new Error("the table secret_things is locked")),
      })),
    },
  ]);
  const { accessToken } = await tokens();
  const answer = await get("/me", accessToken, failing);
  expect(answer.status).toBe(500);
  expect(answer.body).toEqual({ message: "Internal server error" });
  expect(app.logged).toHaveLength(1);
  await failing.close();
});
