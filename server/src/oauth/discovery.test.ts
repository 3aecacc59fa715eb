import { afterEach, beforeEach, expect, test } from "vitest";
import { changeClient } from "../domain/clients/change.ts";
import type { UserPoolClientExtensions } from "../domain/clients/client.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { clientKey, jwksOf } from "../testing/assertions.ts";
import { oauthPool } from "../testing/oauth.ts";
import { type TestPool, type TestPoolOptions, testCall } from "../testing/pools.ts";

let app: TestApp;
let home: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await oauthPool(app);
});
afterEach(() => app.close());

const openid = (poolId = home.pool.id) => `/${poolId}/.well-known/openid-configuration`;

async function get(url = openid()) {
  const answer = await app.app.inject({ method: "GET", url });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

async function switchOn(extensions: UserPoolClientExtensions) {
  const named = { userPoolId: home.pool.id, clientId: home.client.id };
  await changeClient(testCall(app), named, () => ({ extensions }));
}

async function start(options: TestPoolOptions) {
  home = await oauthPool(app, options);
}

const cognitosKeys = [
  "authorization_endpoint",
  "end_session_endpoint",
  "id_token_signing_alg_values_supported",
  "issuer",
  "jwks_uri",
  "response_types_supported",
  "revocation_endpoint",
  "scopes_supported",
  "subject_types_supported",
  "token_endpoint",
  "token_endpoint_auth_methods_supported",
  "userinfo_endpoint",
];

test("a pool says what Cognito's say, to the key", async () => {
  const { status, body, headers } = await get();
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(cognitosKeys);
  const at = `https://localhost:8443/${home.pool.id}`;
  expect(body).toMatchObject({
    issuer: at,
    authorization_endpoint: `${at}/oauth2/authorize`,
    end_session_endpoint: `${at}/logout`,
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code", "token"],
    scopes_supported: ["openid", "email", "phone", "profile"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
    userinfo_endpoint: `${at}/oauth2/userInfo`,
  });
  expect(headers["access-control-allow-origin"]).toBe("*");
});

test("a hardened pool says all that is true", async () => {
  await start({ extensions: { profile: "hardened" } });
  const { body } = await get();
  expect(body).toMatchObject({
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: false,
    code_challenge_methods_supported: ["S256"],
    grant_types_supported: expect.arrayContaining(["authorization_code", "refresh_token"]),
    prompt_values_supported: ["none", "login", "consent", "select_account"],
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    response_modes_supported: ["query", "fragment"],
    token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "none"],
  });
  expect(body.claims_supported).toEqual(expect.arrayContaining(["sub", "email", "nonce", "iss"]));
  expect(body.claims_supported.join(" ")).not.toContain("custom:");
});

test.each<[string, UserPoolClientExtensions, string[]]>([
  [
    "introspection",
    { tokenIntrospection: "on" },
    ["introspection_endpoint", "introspection_endpoint_auth_methods_supported"],
  ],
  [
    "pushed requests",
    { pushedAuthorizationRequests: "required" },
    ["pushed_authorization_request_endpoint"],
  ],
  [
    "devices",
    { deviceAuthorization: "on" },
    ["device_authorization_endpoint", "grant_types_supported"],
  ],
  ["DPoP", { dpop: "on" }, ["dpop_signing_alg_values_supported"]],
  ["PKCE", { requirePkce: "on" }, ["code_challenge_methods_supported"]],
  ["posted forms", { formPost: "on" }, ["response_modes_supported"]],
  [
    "keys",
    { assertionKeys: jwksOf(clientKey()) },
    ["token_endpoint_auth_signing_alg_values_supported"],
  ],
  [
    "logout by the back channel",
    { backChannelLogoutUri: "https://app.example.com/logged-out" },
    ["backchannel_logout_session_supported", "backchannel_logout_supported"],
  ],
  ["nothing", { dpop: "off", tokenIntrospection: "off", formPost: "off" }, []],
])("what a client has switched on is told: %s", async (_, extensions, keys) => {
  await switchOn(extensions);
  const { body } = await get();
  expect(Object.keys(body).filter((key) => !cognitosKeys.includes(key))).toEqual(keys);
});

test("clients with keys are told of among the ways to prove oneself", async () => {
  await switchOn({ assertionKeys: jwksOf(clientKey()), formPost: "on" });
  expect((await get()).body).toMatchObject({
    token_endpoint_auth_methods_supported: [
      "client_secret_basic",
      "client_secret_post",
      "private_key_jwt",
    ],
    token_endpoint_auth_signing_alg_values_supported: expect.arrayContaining(["RS256", "ES256"]),
    response_modes_supported: ["query", "fragment", "form_post"],
  });
});

test("what the clients of another pool have switched on is not told", async () => {
  await switchOn({ dpop: "on" });
  const other = await oauthPool(app);
  expect(Object.keys((await get(openid(other.pool.id))).body)).toEqual(cognitosKeys);
});

test("a key of a client that pretends to be a setting switches nothing on", async () => {
  const keys = [{ ...clientKey().jwk, note: '"dpop":"on"' }];
  await switchOn({ assertionKeys: JSON.stringify({ keys }) });
  expect((await get()).body).not.toHaveProperty("dpop_signing_alg_values_supported");
});

test("RFC 8414's address, before the path of the issuer or after it, says the same", async () => {
  const { body } = await get();
  const path = "/.well-known/oauth-authorization-server";
  expect((await get(`${path}/${home.pool.id}`)).body).toEqual(body);
  expect((await get(`/${home.pool.id}${path}`)).body).toEqual(body);
  expect(await get(`${path}/us-east-1_Unknown00`)).toMatchObject({ status: 400 });
});

test("every address that is named answers", async () => {
  await start({ extensions: { profile: "hardened" } });
  await switchOn({
    ...{ tokenIntrospection: "on", pushedAuthorizationRequests: "on", dpop: "on", formPost: "on" },
    ...{ deviceAuthorization: "on", rpInitiatedLogout: "on" },
    backChannelLogoutUri: "https://app.example.com/logged-out",
  });
  const { body } = await get();
  const named = Object.entries<string>(body).filter(([key]) => /_(endpoint|uri)$/.test(key));
  expect(named.length).toBeGreaterThanOrEqual(8);
  for (const [key, url] of named) {
    const { pathname } = new URL(url);
    const both = await Promise.all(
      (["GET", "POST"] as const).map((method) => app.app.inject({ method, url: pathname })),
    );
    expect([key, both.some(({ statusCode }) => statusCode !== 404)]).toEqual([key, true]);
  }
});
