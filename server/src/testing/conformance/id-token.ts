/** The checks of an ID token that a client owes (OpenID Connect Core §3.1.3.7), by what the provider publishes. */
import { createPublicKey, hash, type JsonWebKey, verify } from "node:crypto";
import { expect } from "vitest";
import type { Provider, Tokens } from "./provider.ts";
import { expectStandardTypes } from "./standard-claims.ts";

export type Claims = Readonly<Record<string, unknown>> & {
  readonly sub: string;
  readonly iat: number;
  readonly auth_time: number;
};

type Published = JsonWebKey & {
  readonly kid: string;
  readonly use?: string;
  readonly alg?: string;
};

/** The keys at `jwks_uri`, each checked to be public. */
export async function publishedKeys({
  app,
  configuration,
}: Pick<Provider, "app" | "configuration">): Promise<readonly Published[]> {
  const answer = await app.app.inject({ url: new URL(configuration.jwks_uri).pathname });
  expect(answer.statusCode).toBe(200);
  const { keys } = answer.json() as { keys: Published[] };
  expect(keys.length).toBeGreaterThan(0);
  for (const key of keys) {
    expect(key.kid).toEqual(expect.any(String));
    expect(key.kty).toBe("RSA");
    for (const member of ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]) {
      expect(key).not.toHaveProperty(member);
    }
    expect(Buffer.from(key.n ?? "", "base64url").length).toBeGreaterThanOrEqual(256);
  }
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length);
  return keys;
}

/** What the ID token says, once it is known to be good. */
export async function verifiedIdToken(
  provider: Provider,
  tokens: Pick<Tokens, "id_token" | "access_token">,
  expected: { clientId: string; nonce: string | undefined },
): Promise<Claims> {
  const { header, claims } = await verifiedJws(provider, tokens.id_token);
  expect(provider.configuration["id_token_signing_alg_values_supported"]).toContain(header["alg"]);
  const nowSeconds = provider.app.clock.now() / 1000;
  expect(claims["iss"]).toBe(provider.configuration.issuer);
  expect(claims["aud"]).toBe(expected.clientId);
  expect(claims["azp"] ?? expected.clientId).toBe(expected.clientId);
  expect(claims["sub"]).toBe(provider.sub);
  expect(claims["exp"]).toBeGreaterThan(nowSeconds);
  expect(Math.abs(Number(claims["iat"]) - nowSeconds)).toBeLessThan(5);
  expect(claims["auth_time"]).toEqual(expect.any(Number));
  expect(claims["nonce"]).toBe(expected.nonce);
  expectStandardTypes(claims);
  const digest = hash("sha256", tokens.access_token, "buffer");
  expect(claims["at_hash"]).toBe(digest.subarray(0, 16).toString("base64url"));
  return claims as Claims;
}

async function verifiedJws(provider: Provider, token: string) {
  const parts = token.split(".");
  expect(parts).toHaveLength(3);
  const [head = "", payload = "", signature = ""] = parts;
  const header = read(head);
  expect(header["alg"]).toBe("RS256");
  const keys = (await publishedKeys(provider)).filter(({ kid }) => kid === header["kid"]);
  expect(keys).toHaveLength(1);
  const key = createPublicKey({ key: keys[0] ?? {}, format: "jwk" });
  const signed = Buffer.from(`${head}.${payload}`);
  expect(verify("sha256", signed, key, Buffer.from(signature, "base64url"))).toBe(true);
  return { header, claims: read(payload) };
}

function read(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8")) as Record<string, unknown>;
}
