/** The certified client libraries of the standards, unmodified: they check every answer as strictly as they can. */
import * as oauth from "oauth4webapi";
import * as oidc from "openid-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  machineSettings,
  makeOauthPool,
  type OauthPool,
  redirectUri,
} from "./harness/oauth-pool.ts";
import { formBrowser } from "./harness/page-forms.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

let server: Server;
let pools: Record<"compat" | "hardened", OauthPool>;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  const compat = await makeOauthPool(server, "compat");
  pools = { compat, hardened: await makeOauthPool(server, "hardened") };
});
afterAll(stopAll);

/** Signs the pool's user in and gives the address that the app is sent back to. */
async function signIn({ username }: OauthPool, url: URL): Promise<URL> {
  const page = await formBrowser(server.url).open(url);
  const { url: back } = await page.submit({ username, password });
  expect(back.href).toMatch(new RegExp(`^${redirectUri}\\?`));
  return back;
}

async function keyPair() {
  const given = { name: "ECDSA", namedCurve: "P-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(given, true, [
    "sign",
    "verify",
  ]);
  const jwk = { ...(await crypto.subtle.exportKey("jwk", publicKey)), kid: "key-1", use: "sig" };
  const AssertionKeys = JSON.stringify({ keys: [{ ...jwk, key_ops: undefined, ext: undefined }] });
  return { key: { key: privateKey, kid: "key-1" }, AssertionKeys };
}

describe.each(["compat", "hardened"] as const)("openid-client at a %s pool", (profile) => {
  const pool = () => pools[profile];

  test("signs a user in by code and PKCE, refreshes, asks who it is, and revokes", async () => {
    const { id } = await pool().client({});
    const config = await oidc.discovery(new URL(pool().issuer), id, undefined, oidc.None());
    oidc.enableNonRepudiationChecks(config);
    const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
    const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()];
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: "openid email orders/read",
      code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
      state: expectedState,
      nonce: expectedNonce,
    });
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true };
    const back = await signIn(pool(), url);
    const tokens = await oidc.authorizationCodeGrant(config, back, checks);
    const { sub = "", auth_time: authTime } = tokens.claims() ?? {};
    const told = await oidc.fetchUserInfo(config, tokens.access_token, sub);
    expect(told).toMatchObject({ sub, email: pool().username });
    expect(told.email_verified).toBe(profile === "hardened" ? true : "true");

    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token ?? "");
    expect(refreshed.claims()).toMatchObject({ sub, auth_time: authTime });

    await oidc.tokenRevocation(config, refreshed.refresh_token ?? tokens.refresh_token ?? "");
    await expect(oidc.fetchUserInfo(config, refreshed.access_token, sub)).rejects.toMatchObject({
      status: 401,
    });
    await expect(oidc.authorizationCodeGrant(config, back, checks)).rejects.toMatchObject({
      error: "invalid_grant",
    });
  });

  test("hears of a request that is wrong, in the pool's name", async () => {
    const { id } = await pool().client({});
    const config = await oidc.discovery(new URL(pool().issuer), id, undefined, oidc.None());
    const expectedState = oidc.randomState();
    const url = oidc.buildAuthorizationUrl(config, {
      ...{ redirect_uri: redirectUri, scope: "openid", state: expectedState, prompt: "none" },
      code_challenge: await oidc.calculatePKCECodeChallenge(oidc.randomPKCECodeVerifier()),
      code_challenge_method: "S256",
    });
    const { url: back } = await formBrowser(server.url).open(url);
    const asked = oidc.authorizationCodeGrant(config, back, { expectedState });
    await expect(asked).rejects.toMatchObject({ error: "login_required" });
    const forged = new URL(back);
    forged.searchParams.set("iss", `${server.url}/us-east-1_Another00`);
    await expect(
      oidc.authorizationCodeGrant(config, forged, { expectedState }),
    ).rejects.toMatchObject({ code: "OAUTH_INVALID_RESPONSE" });
  });

  test.each([
    ["client_secret_basic", oidc.ClientSecretBasic],
    ["client_secret_post", oidc.ClientSecretPost],
  ])("gets a token for itself by %s, and learns what it is worth", async (_, method) => {
    const { id, secret } = await pool().client(machineSettings, { TokenIntrospection: "on" });
    const config = await oidc.discovery(new URL(pool().issuer), id, undefined, method(secret));
    const asked = { scope: "orders/read", resource: "https://orders.example.com/" };
    const { access_token: token, ...more } = await oidc.clientCredentialsGrant(config, asked);
    expect(more).not.toHaveProperty("refresh_token");
    expect(await oidc.tokenIntrospection(config, token)).toMatchObject({
      active: true,
      client_id: id,
      scope: "orders/read",
      aud: "https://orders.example.com/",
    });
    expect(await oidc.tokenIntrospection(config, "unknown")).toEqual({ active: false });
    const wrong = await oidc.discovery(new URL(pool().issuer), id, undefined, method("wrong"));
    await expect(oidc.clientCredentialsGrant(wrong)).rejects.toMatchObject(
      profile === "hardened" && method === oidc.ClientSecretBasic
        ? { status: 401 }
        : { error: "invalid_client" },
    );
  });

  test("proves itself by a key, as it does by itself", async () => {
    const { key, AssertionKeys } = await keyPair();
    const { id, secret } = await pool().client(machineSettings, { AssertionKeys });
    const issuer = new URL(pool().issuer);
    const config = await oidc.discovery(issuer, id, undefined, oidc.PrivateKeyJwt(key));
    expect(await oidc.clientCredentialsGrant(config)).toMatchObject({ expires_in: 3600 });
    const bySecret = await oidc.discovery(issuer, id, undefined, oidc.ClientSecretPost(secret));
    await expect(oidc.clientCredentialsGrant(bySecret)).rejects.toMatchObject({
      error: "invalid_client",
    });
  });
});

describe("oauth4webapi", () => {
  test("finds a pool by RFC 8414 and takes its answers", async () => {
    const { issuer, client } = pools.hardened;
    const url = new URL(issuer);
    const answer = await oauth.discoveryRequest(url, { algorithm: "oauth2" });
    const as = await oauth.processDiscoveryResponse(url, answer);
    expect(as).toMatchObject({ authorization_response_iss_parameter_supported: true });
    const { id, secret = "" } = await client(machineSettings);
    const proof = oauth.ClientSecretBasic(secret);
    const asked = new URLSearchParams({ scope: "orders/write" });
    const named = { client_id: id };
    const given = await oauth.clientCredentialsGrantRequest(as, named, proof, asked);
    const tokens = await oauth.processClientCredentialsResponse(as, named, given);
    expect(tokens).toMatchObject({ token_type: "bearer", expires_in: 3600 });
  });

  test("checks an ID token and its at_hash against the published keys", async () => {
    const { issuer, client, username } = pools.compat;
    const { id, secret = "" } = await client({ GenerateSecret: true });
    const url = new URL(issuer);
    const as = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url));
    const verifier = oauth.generateRandomCodeVerifier();
    const query = new URLSearchParams({
      ...{ response_type: "code", client_id: id, redirect_uri: redirectUri, scope: "openid" },
      ...{ state: "s", nonce: "n", code_challenge_method: "S256" },
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    });
    const page = await formBrowser(server.url).open(`${as.authorization_endpoint}?${query}`);
    const { url: back } = await page.submit({ username, password });
    const named = { client_id: id };
    const parameters = oauth.validateAuthResponse(as, named, back, "s");
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      named,
      oauth.ClientSecretPost(secret),
      parameters,
      redirectUri,
      verifier,
    );
    const expected = { expectedNonce: "n", requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(as, named, answer, expected);
    await oauth.validateApplicationLevelSignature(as, answer);
    const claims = oauth.getValidatedIdTokenClaims(tokens);
    expect(claims).toMatchObject({ at_hash: expect.stringMatching(/^[\w-]{22}$/) });
    const { sub = "" } = claims ?? {};
    const told = await oauth.userInfoRequest(as, named, tokens.access_token);
    expect(await oauth.processUserInfoResponse(as, named, sub, told)).toMatchObject({ sub });
  });
});
