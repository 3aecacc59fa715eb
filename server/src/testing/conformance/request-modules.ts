/** Modules on what an authorization request may say (OpenID Connect Core §3.1.2, §5, §6). */
import { hash } from "node:crypto";
import { expect } from "vitest";
import {
  answerFor,
  asksSignIn,
  authorize,
  type Module,
  obtain,
  type Provider,
  redeem,
  sendToProvider,
  signIn,
} from "./provider.ts";
import { userInfo } from "./user-info.ts";

/** As long as the suite's where it looks for an answer that corrupts it. */
const longState = "s".repeat(128);

/** A request with these beside the usual parameters leads to tokens. */
const succeedsWith =
  (parameters: Readonly<Record<string, string>>): Module =>
  async (provider) => {
    await obtain(provider, { parameters });
  };

/** The client is told of this error and gets nothing else. */
async function refused(
  provider: Provider,
  parameters: Readonly<Record<string, string | null>>,
  errors: readonly string[],
): Promise<void> {
  const sent = await sendToProvider(provider, { parameters: { state: longState, ...parameters } });
  const answer = answerFor(provider, sent);
  expect(errors).toContain(answer.get("error"));
  expect(answer.get("error_description") ?? "").toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/);
  expect(answer.get("state")).toBe(longState);
  expect(answer.get("iss")).toBe(provider.configuration.issuer);
  expect(answer.has("code")).toBe(false);
}

/** An unsigned request object with what the request would say. */
function requestObject({ home, configuration }: Provider, more: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: home.client.id, aud: configuration.issuer, ...more };
  return `${part({ alg: "none" })}.${part(claims)}.`;
}

const signsInAgain = (parameters: Readonly<Record<string, string>>): Module => {
  return async (provider) => {
    const first = await obtain(provider);
    provider.app.clock.advance(2_000);
    const sent = await sendToProvider(provider, { parameters });
    expect(asksSignIn(sent)).toBe(true);
    const { claims } = await obtain(provider, { parameters });
    expect(claims.sub).toBe(first.claims.sub);
    expect(claims.auth_time).toBeGreaterThan(first.claims.auth_time);
  };
};

const staysSignedIn = (more: (first: { id_token: string }) => Record<string, string>): Module => {
  return async (provider) => {
    const first = await obtain(provider);
    provider.app.clock.advance(1_000);
    const parameters = more(first.tokens);
    expect(asksSignIn(await sendToProvider(provider, { parameters }))).toBe(false);
    const { claims } = await obtain(provider, { parameters });
    expect(claims.sub).toBe(first.claims.sub);
    expect(claims.auth_time).toBe(first.claims.auth_time);
  };
};

/** In the order of the plan. */
export const requestModules: Readonly<Record<string, Module>> = {
  "oidcc-display-page": succeedsWith({ display: "page" }),
  "oidcc-display-popup": succeedsWith({ display: "popup" }),
  "oidcc-prompt-login": signsInAgain({ prompt: "login" }),
  "oidcc-prompt-none-not-logged-in": (provider) =>
    refused(provider, { prompt: "none" }, [
      "login_required",
      "interaction_required",
      "account_selection_required",
      "consent_required",
    ]),
  "oidcc-prompt-none-logged-in": staysSignedIn(() => ({ prompt: "none" })),
  "oidcc-max-age-1": signsInAgain({ max_age: "1" }),
  "oidcc-max-age-10000": staysSignedIn(() => ({ max_age: "10000" })),
  "oidcc-ensure-request-with-unknown-parameter-succeeds": succeedsWith({ extra: "foobar" }),
  "oidcc-id-token-hint": staysSignedIn(({ id_token }) => ({
    ...{ prompt: "none", id_token_hint: id_token },
  })),
  "oidcc-login-hint": async (provider) => {
    const parameters = { login_hint: "ada" };
    const sent = await sendToProvider(provider, { parameters });
    expect((await provider.browser.follow(sent)).page("sign-in").username).toBe("ada");
    await obtain(provider, { parameters });
  },
  "oidcc-ui-locales": succeedsWith({ ui_locales: "se" }),
  "oidcc-claims-locales": succeedsWith({ claims_locales: "se" }),
  "oidcc-ensure-request-with-acr-values-succeeds": succeedsWith({ acr_values: "1 2" }),
  "oidcc-ensure-registered-redirect-uri": async (provider) => {
    const { browser, home } = provider;
    const bad = { redirect_uri: "https://app.example.com/callback/other" };
    const sent = await sendToProvider(provider, { parameters: bad });
    expect(sent.location).toMatch(new RegExp(`^/${home.pool.id}/error\\?error=redirect_mismatch`));
    const shown = await browser.follow(sent);
    expect(shown.page("error").error).toBe("redirect_mismatch");
    expect(shown.location).toBeUndefined();
    expect(shown.body).not.toContain("app.example.com");
  },
  "oidcc-ensure-post-request-succeeds": async (provider) => {
    await obtain(provider, { method: "POST" });
  },
  "oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported": (provider) =>
    refused(provider, { request_uri: "https://app.example.com/request.jwt" }, [
      "request_uri_not_supported",
    ]),
  "oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported": (provider) =>
    refused(provider, { request: requestObject(provider) }, ["request_not_supported"]),
  "oidcc-claims-essential": async (provider) => {
    const claims = JSON.stringify({ userinfo: { name: { essential: true } } });
    const { tokens } = await obtain(provider, { parameters: { claims } });
    expect(await userInfo(provider, tokens)).toHaveProperty("name");
  },
  // Of a provider without request objects the suite asks no more than that it says so.
  "oidcc-ensure-request-object-with-redirect-uri": async (provider) => {
    const { redirect_uri } = { redirect_uri: "https://app.example.com/callback" };
    const request = requestObject(provider, { redirect_uri });
    await refused(provider, { request }, ["request_not_supported"]);
    const parameters = { request, redirect_uri: `${redirect_uri}/other` };
    const sent = await sendToProvider(provider, { parameters });
    expect(sent.location).toMatch(/\/error\?error=redirect_mismatch/);
  },
  "oidcc-ensure-request-with-valid-pkce-succeeds": async (provider) => {
    const verifier = "a-verifier_with~43.to-128-unreserved-characters";
    const parameters = {
      code_challenge: hash("sha256", verifier, "base64url"),
      code_challenge_method: "S256",
    };
    await obtain(provider, { parameters }, { more: { code_verifier: verifier } });
    const { status, body } = await redeem(
      provider,
      (await authorize(provider, { parameters })).get("code"),
      { more: { code_verifier: `${verifier}x` } },
    );
    expect({ status, error: body.error }).toEqual({ status: 400, error: "invalid_grant" });
  },
  "oidcc-response-type-missing": async (provider) => {
    await refused(provider, { response_type: null }, [
      "invalid_request",
      "unsupported_response_type",
    ]);
    // The user is not bothered for it.
    expect(asksSignIn(await sendToProvider(provider))).toBe(true);
    await signIn(provider, await sendToProvider(provider));
  },
};
