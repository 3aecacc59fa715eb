/** Modules on what a provider publishes of itself (OpenID Connect Discovery 1.0 §3, §4). */
import { expect } from "vitest";
import { publishedKeys } from "./id-token.ts";
import type { Module, Provider } from "./provider.ts";

async function verifyDiscovery(provider: Provider): Promise<void> {
  const { app, configuration } = provider;
  const { issuer } = configuration;
  expect(new URL(issuer)).toMatchObject({ protocol: "https:", search: "", hash: "" });
  const url = `${new URL(issuer).pathname}/.well-known/openid-configuration`;
  const answer = await app.app.inject({ url });
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["content-type"]).toMatch(/^application\/json/);
  // §4.3: the issuer is the address without what stands behind it, character by character.
  expect(answer.json()).toEqual(configuration);

  expect(configuration["response_types_supported"]).toContain("code");
  expect(configuration["subject_types_supported"]).toContain("public");
  expect(configuration["id_token_signing_alg_values_supported"]).toContain("RS256");
  expect(configuration["scopes_supported"]).toContain("openid");
  expect(configuration["grant_types_supported"] ?? ["authorization_code"]).toContain(
    "authorization_code",
  );
  for (const [name, value] of Object.entries(configuration)) {
    if (/_supported$/.test(name)) expect(["object", "boolean"]).toContain(typeof value);
    if (/_(endpoint|uri)$/.test(name)) {
      expect(String(value)).toMatch(/^https:\/\/[^?#]+$/);
      await requireRoute(provider, String(value));
    }
  }
  for (const name of ["authorization_endpoint", "token_endpoint", "userinfo_endpoint"]) {
    expect(configuration).toHaveProperty(name);
  }
  await publishedKeys(provider);
}

/** An address that is named is served. */
async function requireRoute({ app }: Provider, address: string): Promise<void> {
  const { pathname: url } = new URL(address);
  const answers = [
    await app.app.inject({ method: "GET", url }),
    await app.app.inject({ method: "POST", url }),
  ];
  expect(answers.some(({ statusCode }) => statusCode !== 404)).toBe(true);
}

export const discoveryModules: Readonly<Record<string, Module>> = {
  "oidcc-discovery-endpoint-verification": verifyDiscovery,
};
