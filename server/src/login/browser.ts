/**
 * The browser that a page is shown in. It is known by a cookie of 256 random bits; forms carry a token derived from it, so
 * that no form of another site, and none that was fetched for another browser, counts here (login CSRF).
 */
import { createHmac, hash } from "node:crypto";
import type { Call } from "../domain/call.ts";
import type { NewLoginSession } from "../domain/grants/login-session.ts";
import type { UserPool } from "../domain/pools/pool.ts";
import { ServiceError } from "../errors/service-error.ts";
import { constantTimeEqual } from "../lib/constant-time.ts";
import type { EndpointRequest } from "../oauth/endpoint.ts";
import { hostCookie } from "../protocol/cookies.ts";
import type { Parameters } from "../protocol/parameters.ts";

export type Browser = {
  /** By which sign-ins under way are bound to it. */
  readonly hash: string;
  /** For the hidden field `_csrf`. */
  readonly csrf: string;
  /** What to set where the browser was not known yet. */
  readonly cookies: readonly string[];
};

// Pools that are reached by path share an origin, so each has cookies of its own name.
const browserCookie = (pool: UserPool) => `__Host-browser-${pool.id}` as const;
const sessionCookie = (pool: UserPool) => `__Host-cognito-${pool.id}` as const;
const idForm = /^[\w-]{43}$/;

/** The browser of a request, known or new. */
export function browserOf(call: Call, request: EndpointRequest): Browser {
  const known = request.cookie(browserCookie(request.pool));
  const isKnown = known !== undefined && idForm.test(known);
  return isKnown ? { ...describe(call, request, known), cookies: [] } : newBrowser(call, request);
}

function newBrowser(call: Call, request: EndpointRequest): Browser {
  const id = call.random.bytes(32).toString("base64url");
  const browser = describe(call, request, id);
  // Scripts that sign in by the classic form look for the token under this name; it is never believed.
  const path = request.prefix || "/";
  const forScripts = `XSRF-TOKEN=${browser.csrf}; Path=${path}; Secure; HttpOnly; SameSite=Lax`;
  return { ...browser, cookies: [hostCookie(browserCookie(request.pool), id), forScripts] };
}

function describe(call: Call, { pool }: EndpointRequest, id: string): Omit<Browser, "cookies"> {
  const key = call.vault.derive(`forms of ${pool.id}`);
  const csrf = createHmac("sha256", key).update(id).digest("base64url");
  return { hash: hash("sha256", id, "base64url"), csrf };
}

/** Refuses a form that this server did not show in this browser. */
export function requireOwnForm(call: Call, request: EndpointRequest, form: Parameters): Browser {
  const browser = browserOf(call, request);
  const isKnown = browser.cookies.length === 0;
  const origin = request.header("origin");
  const site = request.header("sec-fetch-site");
  const isFromHere =
    (origin === undefined || origin === request.origin || origin === "null") &&
    site !== "cross-site" &&
    site !== "same-site";
  if (!isKnown || !isFromHere || !constantTimeEqual(browser.csrf, form.get("_csrf") ?? "")) {
    throw new ServiceError("csrf", "The form was not shown in this browser, or too long ago.");
  }
  return browser;
}

/** The handle of the session that the browser is signed in by. */
export function sessionHandleOf(request: EndpointRequest): string | undefined {
  const handle = request.cookie(sessionCookie(request.pool));
  return handle !== undefined && idForm.test(handle) ? handle : undefined;
}

/** Signs the browser in. It gets another name too: whatever was known of it before is worth nothing any more. */
export function signInBrowser(
  call: Call,
  request: EndpointRequest,
  { handle, lifetimeSeconds }: Pick<NewLoginSession, "handle" | "lifetimeSeconds">,
): Browser {
  const { pool } = request;
  const browser = newBrowser(call, request);
  const cookie = hostCookie(sessionCookie(pool), handle, { maxAgeSeconds: lifetimeSeconds });
  return { ...browser, cookies: [cookie, ...browser.cookies] };
}

/** Signs the browser out. */
export function signOutCookies({ pool }: EndpointRequest): string[] {
  return [hostCookie(sessionCookie(pool), "", { maxAgeSeconds: 0 })];
}
