/** What the UserInfo endpoint tells, checked (OpenID Connect Core §5.3). */
import { expect } from "vitest";
import { type Provider, pathOf, type Tokens } from "./provider.ts";
import { expectStandardTypes } from "./standard-claims.ts";

export type Presented = "GET" | "POST header" | "POST body";

/** The claims of a user, each of the type that OpenID Connect Core §5.1 gives it. */
export async function userInfo(
  provider: Provider,
  { access_token: token }: Pick<Tokens, "access_token">,
  as: Presented = "GET",
): Promise<Record<string, unknown>> {
  const answer = await callUserInfo(provider, token, as);
  expect(answer.statusCode).toBe(200);
  expect(answer.headers["content-type"]).toMatch(/^application\/json/);
  const claims = answer.json() as Record<string, unknown>;
  expect(claims["sub"]).toBe(provider.sub);
  expectStandardTypes(claims);
  return claims;
}

/** Asks for the claims of a token, however it ends. */
export function callUserInfo(provider: Provider, token: string, as: Presented = "GET") {
  const { app } = provider.app;
  const url = pathOf(provider, "userinfo_endpoint");
  const authorization = `Bearer ${token}`;
  if (as === "GET") return app.inject({ url, headers: { authorization } });
  if (as === "POST header") {
    return app.inject({ method: "POST", url, headers: { authorization } });
  }
  return app.inject({
    ...{ method: "POST", url },
    headers: { "content-type": "application/x-www-form-urlencoded" },
    payload: new URLSearchParams({ access_token: token }).toString(),
  });
}
