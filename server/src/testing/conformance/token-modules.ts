/** Modules on codes, tokens and the claims of the user (OpenID Connect Core §3.1.3, §5.3, §5.4, §12). */
import { expect } from "vitest";
import { publishedKeys, verifiedIdToken } from "./id-token.ts";
import {
  askAsClient,
  type Module,
  obtain,
  type Provider,
  redeem,
  sendToProvider,
} from "./provider.ts";
import { furtherClaims, profileClaims } from "./standard-claims.ts";
import { callUserInfo, type Presented, userInfo } from "./user-info.ts";

const emailClaims = { email: "ada@example.com", email_verified: true };
const phoneClaims = { phone_number: "+441234567890", phone_number_verified: false };

const tellsBy =
  (as: Presented): Module =>
  async (provider) => {
    const { tokens } = await obtain(provider, { parameters: { scope: "openid email" } });
    expect(await userInfo(provider, tokens, as)).toMatchObject(emailClaims);
  };

/** The claims of a scope are told, and those of the others are not. */
const tellsForScope =
  (scope: string, expected: Readonly<Record<string, unknown>>): Module =>
  async (provider) => {
    const { tokens } = await obtain(provider, { parameters: { scope } });
    expect(await userInfo(provider, tokens)).toEqual({
      ...{ sub: provider.sub, username: "ada" },
      ...expected,
    });
  };

/** The suite skips a scope that discovery does not list; whoever asks for it all the same is told. */
const skipsScope =
  (scope: string): Module =>
  async (provider) => {
    const listed = provider.configuration["scopes_supported"];
    expect(listed).not.toContain("address");
    const { location = "", body } = await sendToProvider(provider, { parameters: { scope } });
    expect(location + body).toContain("invalid_scope");
    expect(location + body).not.toContain("code=");
  };

const diesOnReuse =
  (afterMs: number): Module =>
  async (provider) => {
    const { code, tokens } = await obtain(provider);
    expect((await callUserInfo(provider, tokens.access_token)).statusCode).toBe(200);
    provider.app.clock.advance(afterMs);
    const { status, headers, body } = await redeem(provider, code);
    expect({ status, error: body.error }).toEqual({ status: 400, error: "invalid_grant" });
    expect(headers["content-type"]).toMatch(/^application\/json/);
    // RFC 6749 §4.1.2: what the code gave should be revoked.
    expect((await callUserInfo(provider, tokens.access_token)).statusCode).toBe(401);
  };

async function refresh(provider: Provider): Promise<void> {
  const first = await obtain(provider);
  expect(first.tokens.refresh_token).toMatch(/^[\x21-\x7e]+$/);
  provider.app.clock.advance(1_000);
  const { status, body } = await askAsClient(provider, {
    grant_type: "refresh_token",
    refresh_token: first.tokens.refresh_token,
  });
  expect(status).toBe(200);
  expect(body.access_token).not.toBe(first.tokens.access_token);
  // OpenID Connect Core §12.2.
  const claims = await verifiedIdToken(provider, body, {
    clientId: provider.home.client.id,
    nonce: undefined,
  });
  expect(claims.auth_time).toBe(first.claims.auth_time);
  expect(claims.iat).toBeGreaterThan(first.claims.iat);
  expect((await callUserInfo(provider, body.access_token)).statusCode).toBe(200);
}

async function refusesForeignRefresh(provider: Provider): Promise<void> {
  const { client } = provider.other;
  const { tokens } = await obtain(provider, { client });
  const { status, body } = await askAsClient(provider, {
    grant_type: "refresh_token",
    refresh_token: tokens.refresh_token,
  });
  expect({ status, error: body.error }).toEqual({ status: 400, error: "invalid_grant" });
}

/** In the order of the plan. */
export const tokenModules: Readonly<Record<string, Module>> = {
  "oidcc-server": async (provider) => {
    const { tokens } = await obtain(provider);
    expect((await callUserInfo(provider, tokens.access_token)).statusCode).toBe(200);
  },
  "oidcc-idtoken-signature": async (provider) => {
    const { tokens } = await obtain(provider);
    const [head = ""] = tokens.id_token.split(".");
    const { alg, kid } = JSON.parse(Buffer.from(head, "base64url").toString());
    expect(alg).toBe("RS256");
    expect((await publishedKeys(provider)).map((key) => key.kid)).toContain(kid);
  },
  // The suite skips it where discovery does not list `none`, which no client should ask for.
  "oidcc-idtoken-unsigned": async (provider) => {
    expect(provider.configuration["id_token_signing_alg_values_supported"]).not.toContain("none");
    const { tokens } = await obtain(provider);
    expect(tokens.id_token.split(".")[2]).not.toBe("");
  },
  "oidcc-userinfo-get": tellsBy("GET"),
  "oidcc-userinfo-post-header": tellsBy("POST header"),
  "oidcc-userinfo-post-body": tellsBy("POST body"),
  "oidcc-ensure-request-without-nonce-succeeds-for-code-flow": async (provider) => {
    await obtain(provider, { parameters: { nonce: null } });
  },
  "oidcc-scope-profile": (provider) => {
    const more = provider.profile === "hardened" ? furtherClaims : {};
    return tellsForScope("openid profile", { ...profileClaims, ...more })(provider);
  },
  "oidcc-scope-email": tellsForScope("openid email", emailClaims),
  "oidcc-scope-address": skipsScope("openid address"),
  "oidcc-scope-phone": tellsForScope("openid phone", phoneClaims),
  "oidcc-scope-all": skipsScope("openid profile email address phone"),
  "oidcc-ensure-other-scope-order-succeeds": tellsForScope("email openid", emailClaims),
  "oidcc-codereuse": diesOnReuse(0),
  "oidcc-codereuse-30seconds": diesOnReuse(30_000),
  "oidcc-server-client-secret-post": async (provider) => {
    const { tokens } = await obtain(provider, {}, { by: "post" });
    expect((await callUserInfo(provider, tokens.access_token)).statusCode).toBe(200);
  },
  "oidcc-refresh-token": async (provider) => {
    await refresh(provider);
    await refusesForeignRefresh(provider);
  },
};
