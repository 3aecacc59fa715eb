/** What clients may switch on beyond AWS, with a certified client library: pushed requests, DPoP, devices. */
import * as oauth from "oauth4webapi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeOauthPool, type OauthPool, redirectUri } from "./harness/oauth-pool.ts";
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

type Told = { as: oauth.AuthorizationServer; client: oauth.Client; proof: oauth.ClientAuth };

/** A client as the library has it, and what the pool tells of itself once the client is there. */
async function start(
  { client, issuer }: OauthPool,
  extensions: object,
  settings: { GenerateSecret?: boolean } = {},
): Promise<Told> {
  const { id, secret } = await client(settings, extensions);
  const url = new URL(issuer);
  const as = await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url));
  const proof = secret === undefined ? oauth.None() : oauth.ClientSecretPost(secret);
  return { as, client: { client_id: id }, proof };
}

async function dpopFor(client: oauth.Client): Promise<oauth.DPoPHandle> {
  return oauth.DPoP(client, await oauth.generateKeyPair("ES256"));
}

/** Again where the server asks for one of its nonces, which the handle has kept by then. */
async function withNonce<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (oauth.isDPoPNonceError(error)) return ask();
    throw error;
  }
}

const verifier = oauth.generateRandomCodeVerifier();

async function asked(client: oauth.Client): Promise<Record<string, string>> {
  return {
    ...{ response_type: "code", client_id: client.client_id, redirect_uri: redirectUri },
    ...{ scope: "openid email", state: "s", code_challenge_method: "S256" },
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  };
}

/** Signs the pool's user in; gives what came back to the app. */
async function signIn(
  { username }: OauthPool,
  { as, client }: Told,
  query: Record<string, string>,
): Promise<URLSearchParams> {
  const url = `${as.authorization_endpoint}?${new URLSearchParams(query)}`;
  const page = await formBrowser(server.url).open(url);
  const { url: back } = await page.submit({ username, password });
  return oauth.validateAuthResponse(as, client, back, "s");
}

async function redeem(
  { as, client, proof }: Told,
  back: URLSearchParams,
  options: oauth.TokenEndpointRequestOptions = {},
) {
  return withNonce(async () => {
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      proof,
      back,
      redirectUri,
      verifier,
      options,
    );
    return oauth.processAuthorizationCodeResponse(as, client, answer);
  });
}

describe.each(["compat", "hardened"] as const)("at a %s pool", (profile) => {
  const pool = () => pools[profile];

  test("a confidential client pushes its request, and signs a user in by the reference once", async () => {
    const extensions = { PushedAuthorizationRequests: "required" };
    const told = await start(pool(), extensions, { GenerateSecret: true });
    const { as, client, proof } = told;
    const parameters = await asked(client);
    const given = await oauth.pushedAuthorizationRequest(as, client, proof, parameters);
    const pushed = await oauth.processPushedAuthorizationResponse(as, client, given);
    expect(pushed.expires_in).toBe(60);
    const reference = { client_id: client.client_id, request_uri: pushed.request_uri };
    const back = await signIn(pool(), told, reference);
    expect(await redeem(told, back)).toMatchObject({ token_type: "bearer" });
    const url = `${as.authorization_endpoint}?${new URLSearchParams(reference)}`;
    const again = await formBrowser(server.url).open(url);
    expect(again.url.pathname).toBe(`/${pool().userPoolId}/error`);
    const plain = `${as.authorization_endpoint}?${new URLSearchParams(parameters)}`;
    const { url: refused } = await formBrowser(server.url).open(plain);
    expect(() => oauth.validateAuthResponse(as, client, refused, "s")).toThrow(
      expect.objectContaining({ error: "invalid_request" }),
    );
    const wrong = { ...parameters, redirect_uri: "https://evil.example/" };
    const refusal = await oauth.pushedAuthorizationRequest(as, client, proof, wrong);
    await expect(
      oauth.processPushedAuthorizationResponse(as, client, refusal),
    ).rejects.toMatchObject({ error: "invalid_request", status: 400 });
  });

  test("tokens are bound to the client's key, at userInfo and when they are renewed", async () => {
    const told = await start(pool(), { Dpop: "required", PushedAuthorizationRequests: "on" });
    const { as, client, proof } = told;
    const DPoP = await dpopFor(client);
    const parameters = await asked(client);
    const pushed = await withNonce(async () => {
      const given = await oauth.pushedAuthorizationRequest(as, client, proof, parameters, { DPoP });
      return oauth.processPushedAuthorizationResponse(as, client, given);
    });
    const reference = { client_id: client.client_id, request_uri: pushed.request_uri };
    const back = await signIn(pool(), told, reference);
    await expect(redeem(told, back, { DPoP: await dpopFor(client) })).rejects.toMatchObject({
      error: "invalid_grant",
    });
    const tokens = await redeem(told, back, { DPoP });
    expect(tokens.token_type).toBe("dpop");
    const { sub = "" } = oauth.getValidatedIdTokenClaims(tokens) ?? {};
    const userInfo = (accessToken: string, options: oauth.UserInfoRequestOptions) =>
      withNonce(async () => {
        const answer = await oauth.userInfoRequest(as, client, accessToken, options);
        return oauth.processUserInfoResponse(as, client, sub, answer);
      });
    expect(await userInfo(tokens.access_token, { DPoP })).toMatchObject({ sub });
    for (const options of [{}, { DPoP: await dpopFor(client) }]) {
      await expect(userInfo(tokens.access_token, options)).rejects.toMatchObject({ status: 401 });
    }
    const refresh = (options: oauth.TokenEndpointRequestOptions) =>
      withNonce(async () => {
        const { refresh_token: token = "" } = tokens;
        const answer = await oauth.refreshTokenGrantRequest(as, client, proof, token, options);
        return oauth.processRefreshTokenResponse(as, client, answer);
      });
    await expect(refresh({})).rejects.toMatchObject({ error: "invalid_dpop_proof" });
    await expect(refresh({ DPoP: await dpopFor(client) })).rejects.toMatchObject({
      error: "invalid_grant",
    });
    const renewed = await refresh({ DPoP });
    expect(renewed.token_type).toBe("dpop");
    expect(await userInfo(renewed.access_token, { DPoP })).toMatchObject({ sub });
  });

  test("a device is signed in by its user in another browser", async () => {
    const told = await start(pool(), { DeviceAuthorization: "on" });
    const { as, client, proof } = told;
    const asking = { scope: "openid email" };
    const given = await oauth.deviceAuthorizationRequest(as, client, proof, asking);
    const device = await oauth.processDeviceAuthorizationResponse(as, client, given);
    const poll = async () => {
      const { device_code: code } = device;
      const answer = await oauth.deviceCodeGrantRequest(as, client, proof, code);
      return oauth.processDeviceCodeResponse(as, client, answer);
    };
    await expect(poll()).rejects.toMatchObject({ error: "authorization_pending" });
    await expect(poll()).rejects.toMatchObject({ error: "slow_down" });
    const browser = formBrowser(server.url);
    const entry = await browser.open(device.verification_uri_complete ?? "");
    const signInPage = await entry.submit({ user_code: device.user_code });
    const consent = await signInPage.submit({ username: pool().username, password });
    expect(consent.url.pathname).toBe(`/${pool().userPoolId}/consent`);
    await consent.submit({ decision: "allow" });
    const tokens = await poll();
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ email: pool().username });
    await expect(poll()).rejects.toMatchObject({ error: "invalid_grant" });
  });
});
