/** `/logout`: signs the browser out (AWS, "Logout endpoint"; OpenID Connect RP-Initiated Logout 1.0). Tokens stay. */
import type { Call } from "../domain/call.ts";
import {
  endLoginSession,
  findLoginSession,
  type LoginSession,
} from "../domain/grants/login-session.ts";
import { isHardenedFor } from "../domain/grants/profile.ts";
import { redirectAnswer } from "../oauth/answers.ts";
import { type Parameters, writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { forAuthorization, linkFor } from "./authorization.ts";
import { browserOf, requireOwnForm, sessionHandleOf, signOutCookies } from "./browser.ts";
import { type LogoutRequest, readLogoutRequest } from "./logout-request.ts";
import type { PageEndpoint } from "./page-request.ts";
import type { Notice } from "./pages.ts";
import { type PageRequest, showPage } from "./show.ts";
import { shownName } from "./shown-name.ts";

const path = "/logout";

type Asked = { readonly logout: LogoutRequest; readonly session: LoginSession | undefined };

export const logoutByGet: PageEndpoint = {
  method: "GET",
  path,
  event: "Logout_GET",
  readOnly: true,
  handle: (call, request) =>
    forLogout(call, request, async ({ logout, session }) =>
      session && mustAsk(request, logout, session)
        ? ask(call, request, { logout, session })
        : signOut(call, request, logout),
    ),
};

/** The answer to our question; or a client's own form (RP-Initiated Logout §2), which our cookies do not come along with. */
export const logoutByPost: PageEndpoint = {
  method: "POST",
  path,
  event: "Logout_POST",
  readOnly: true,
  async handle(call, request) {
    const form = request.form();
    if (!form.has("decision")) {
      const query = writeParameters(form);
      return redirectAnswer(`${request.prefix}${path}?${query}`, { status: 303 });
    }
    requireOwnForm(call, request, form);
    return forLogout(call, request, async ({ logout, session }) => {
      if (form.get("decision") === "sign-out") return signOut(call, request, logout);
      if (logout.goesTo !== undefined) return redirectAnswer(logout.goesTo, { status: 303 });
      const notice: Notice = { kind: "info", code: "still-signed-in" };
      return session
        ? ask(call, request, { logout, session, notice })
        : signOut(call, request, logout);
    });
  },
};

/** Where a browser ends that no client wants back. */
export const signedOut: PageEndpoint = {
  method: "GET",
  path: "/signed-out",
  event: "SignedOut_GET",
  readOnly: true,
  handle: (call, request) => showPage(call, request, { page: { name: "signed-out" } }),
};

/** Goes on with a checked request: to the client, or to a new sign-in where the query is that of an authorization request. */
async function forLogout(
  call: Call,
  request: PageRequest,
  goOn: (asked: Asked) => Promise<WireAnswer>,
): Promise<WireAnswer> {
  const parameters = request.query();
  const session = await findLoginSession(call, request.pool, sessionHandleOf(request));
  if (!isForSignIn(parameters)) {
    const logout = await readLogoutRequest(call, request.pool, { parameters, session });
    return goOn({ logout, session });
  }
  return forAuthorization(call, request, {
    parameters,
    goOn(authorization) {
      const { client, expectedSub: sub } = authorization;
      const goesTo = linkFor(request, "/login", authorization);
      return goOn({ logout: { client, goesTo, sub, isRpInitiated: false }, session });
    },
  });
}

/** AWS: `logout_uri` wins. */
function isForSignIn(parameters: Parameters): boolean {
  return parameters.has("redirect_uri") && !parameters.has("logout_uri");
}

/**
 * Whether the user is asked, so that no other site signs them out (ASVS 5.0, 10.6.2). Whoever shows an ID token of the
 * user need not ask. Cognito never asks, so for its own words it is asked where the client is hardened, and another site
 * sent the browser here.
 */
function mustAsk(
  request: PageRequest,
  { client, sub, isRpInitiated }: LogoutRequest,
  session: LoginSession,
): boolean {
  if (sub === session.user.id) return false;
  if (isRpInitiated || !client) return true;
  const site = request.header("sec-fetch-site") ?? "";
  return (
    isHardenedFor(request.pool, client) && !["same-origin", "same-site", "none"].includes(site)
  );
}

function ask(
  call: Call,
  request: PageRequest,
  given: { logout: LogoutRequest; session: LoginSession; notice?: Notice },
): Promise<WireAnswer> {
  const { logout, session, notice } = given;
  const browser = browserOf(call, request);
  const action = `${request.prefix}${path}?${writeParameters(request.query())}`;
  return showPage(call, request, {
    page: {
      name: "logout-confirm",
      form: { action, csrf: browser.csrf },
      username: shownName(session.user),
    },
    ...{ client: logout.client, cookies: browser.cookies, leadsTo: logout.goesTo, notice },
  });
}

async function signOut(
  call: Call,
  request: PageRequest,
  { goesTo }: LogoutRequest,
): Promise<WireAnswer> {
  await endLoginSession(call, request.pool, sessionHandleOf(request));
  return redirectAnswer(goesTo ?? `${request.prefix}/signed-out`, {
    status: request.method === "POST" ? 303 : 302,
    cookies: signOutCookies(request),
  });
}
