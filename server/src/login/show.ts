/** A page as an answer: rendered, with the headers that keep it to itself. */
import type { Call } from "../domain/call.ts";
import type { UserPoolClient } from "../domain/clients/client.ts";
import { redirectAnswer } from "../oauth/answers.ts";
import type { Answer } from "../oauth/authorize/request.ts";
import { locationOf } from "../oauth/authorize/respond.ts";
import type { EndpointRequest } from "../oauth/endpoint.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import type { LoginPages } from "./bundle.ts";
import { lookOf } from "./look.ts";
import type { Notice, Page } from "./pages.ts";

/** A request that may be answered with a page. */
export type PageRequest = EndpointRequest & { readonly pages: LoginPages };

export type Shown = {
  readonly page: Page;
  /** Whose look the page has. */
  readonly client?: UserPoolClient | undefined;
  readonly notice?: Notice | undefined;
  readonly status?: number;
  readonly cookies?: readonly string[];
  /** Where the answer to this page's form may send the browser on to. */
  readonly leadsTo?: string | undefined;
};

/** Renders a page. */
export async function showPage(
  call: Call,
  request: PageRequest,
  shown: Shown,
): Promise<WireAnswer> {
  const { render, languages } = await request.pages.bundle();
  const { page, client, notice, leadsTo } = shown;
  const look = await lookOf(call, request, { client, languages });
  const targets =
    page.name === "form-post"
      ? [page.action]
      : leadsTo === undefined
        ? []
        : [leadsTo, ...urlsOf(client)];
  return {
    status: shown.status ?? 200,
    headers: {
      ...pageHeaders,
      "content-security-policy": policyOf(targets),
      "content-language": look.lang,
    },
    body: render(page, look, notice),
    ...(shown.cookies?.length ? { cookies: shown.cookies } : {}),
  };
}

/** What the client is told, by a redirect or by a form that the browser posts to it; a device asks for itself. */
export async function sendAnswer(
  call: Call,
  request: PageRequest,
  given: { client: UserPoolClient; answer: Answer; cookies?: readonly string[] },
): Promise<WireAnswer> {
  const { client, answer, cookies = [] } = given;
  if ("device" in answer) {
    const page: Page = { name: "device-done", decision: answer.device };
    return showPage(call, request, { page, client, cookies });
  }
  const { target, parameters } = answer;
  const isPost = request.method === "POST";
  if (target.mode !== "form_post") {
    return redirectAnswer(locationOf(answer), { status: isPost ? 303 : 302, cookies });
  }
  const fields = Object.fromEntries(parameters);
  const page: Page = { name: "form-post", action: target.redirectUri, fields };
  return showPage(call, request, { page, client, cookies });
}

/** As many origins as the policy names: of a client's 200 addresses most share theirs. */
const maxSources = 20;

/**
 * No `cross-origin-opener-policy`: it would part the pages, and the callback after them, from an app that opened them in a
 * window of their own and waits for that one's word, as `signinPopup` of oidc-client-ts does.
 */
const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  // A page holds names and tokens of one browser.
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "permissions-policy": "publickey-credentials-get=(self), publickey-credentials-create=(self)",
} as const;

/** The client's own addresses: a callback often goes straight on to another of them, as from an API's origin to the app's. */
function urlsOf(client: UserPoolClient | undefined): readonly string[] {
  const { callbackUrls = [], logoutUrls = [] } = client?.settings.oauth ?? {};
  return [...callbackUrls, ...logoutUrls];
}

/**
 * Chrome holds every redirect that follows a form to `form-action` as well, so the client's addresses have to be named: the
 * first in any case, the others as far as a header should go.
 */
function policyOf(targets: readonly string[]): string {
  const sources = [...new Set(targets.flatMap(sourceOf))].slice(0, maxSources);
  const policy = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": ["'self'", ...sources].join(" "),
    "frame-ancestors": "'none'",
  };
  return Object.entries(policy)
    .map(([name, value]) => `${name} ${value}`)
    .join("; ");
}

/** The origin of a web address; the scheme of an app's own, and of an address in IPv6, which policies cannot name. */
function sourceOf(target: string): string[] {
  const url = URL.parse(target);
  if (!url) return [];
  return [/^https?:\/\/[\w.-]+(:\d+)?$/.test(url.origin) ? url.origin : url.protocol];
}
