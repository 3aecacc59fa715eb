/** `/passkeys/add`: whoever is signed in here makes a passkey and goes back to the app (AWS, "Passkey sign-in"). */
import type { Call, UserCall } from "../domain/call.ts";
import { findLoginSession, isFreshFor } from "../domain/grants/login-session.ts";
import { callOfSession } from "../domain/grants/signed-in-call.ts";
import { completeRegistration, startRegistration } from "../domain/passkeys/register.ts";
import { requireRelyingParty } from "../domain/passkeys/relying-party.ts";
import { webAuthnOriginNotAllowed } from "../errors/cognito-idp.ts";
import { JsonFault, parseJson } from "../lib/json.ts";
import { redirectAnswer } from "../oauth/answers.ts";
import { writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { linkFor } from "./authorization.ts";
import { browserOf, requireOwnForm, sessionHandleOf } from "./browser.ts";
import { showError, statusOfPage } from "./error-page.ts";
import { noticeOf } from "./notice.ts";
import { readOwnPageRequest, readVisit, type Visit } from "./own-page.ts";
import type { PageEndpoint } from "./page-request.ts";
import type { Notice } from "./pages.ts";
import { asksForPasskeys } from "./passkeys-here.ts";
import { type PageRequest, showPage } from "./show.ts";

const path = "/passkeys/add";
const maxDepth = 8;

/** Whoever is signed in, freshly enough for this client; undefined for everybody else. */
async function userOf(
  call: Call,
  request: PageRequest,
  { pool, client }: Visit,
): Promise<UserCall | undefined> {
  const session = await findLoginSession(call, pool, sessionHandleOf(request));
  const counts = session !== undefined && isFreshFor(call, client, session);
  return counts ? callOfSession(call, { pool, client, session }) : undefined;
}

/** Refuses what no browser would do here: passkeys are bound to a domain that this page may not be of. */
function requireOwnDomain(call: Call, request: PageRequest): void {
  requireRelyingParty(call, request.pool);
  if (!asksForPasskeys(call, request)) throw webAuthnOriginNotAllowed();
}

/** Sends the browser through a sign-in, which leads back here. */
async function signInFirst(call: Call, request: PageRequest): Promise<WireAnswer> {
  const authorization = await readOwnPageRequest(call, request, request.query());
  const status = request.method === "POST" ? 303 : 302;
  return redirectAnswer(linkFor(request, "/login", authorization), { status });
}

async function show(
  call: Call,
  request: PageRequest,
  shown: { notice?: Notice; status?: number } = {},
): Promise<WireAnswer> {
  const visit = await readVisit(call, request, request.query());
  requireOwnDomain(call, request);
  const user = await userOf(call, request, visit);
  if (!user) return signInFirst(call, request);
  const { client, redirectUri } = visit;
  const options = await startRegistration(user, client);
  const browser = browserOf(call, request);
  return showPage(call, request, {
    page: {
      name: "add-passkey",
      form: {
        action: `${request.prefix}${path}?${writeParameters(request.query())}`,
        csrf: browser.csrf,
      },
      options: JSON.stringify(options),
      username: options.user.name,
      skipUrl: redirectUri,
    },
    ...{ client, cookies: browser.cookies, leadsTo: redirectUri },
    ...shown,
  });
}

export const showAddPasskey: PageEndpoint = {
  method: "GET",
  path,
  event: "PasskeyAdd_GET",
  readOnly: true,
  handle: (call, request) => show(call, request),
};

export const addPasskey: PageEndpoint = {
  method: "POST",
  path,
  event: "PasskeyAdd_POST",
  async handle(call, request) {
    const form = request.form();
    requireOwnForm(call, request, form);
    const visit = await readVisit(call, request, request.query());
    const user = await userOf(call, request, visit);
    if (!user) return signInFirst(call, request);
    await completeRegistration(user, readCredential(form.get("credential") ?? ""));
    return redirectAnswer(visit.redirectUri, { status: 303 });
  },
  refuse(call, request, error) {
    const isLost = ["unauthorized_client", "redirect_mismatch", "csrf"].includes(error.code);
    if (isLost || error.fault === "server") return showError(call, request, error);
    const status = statusOfPage(error.code);
    return show(call, request, { notice: noticeOf(error), status });
  },
};

function readCredential(text: string): unknown {
  try {
    return parseJson(Buffer.from(text), maxDepth);
  } catch (error) {
    if (error instanceof JsonFault) return undefined;
    throw error;
  }
}
