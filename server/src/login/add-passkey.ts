/** `/passkeys/add`: whoever is signed in here makes a passkey and goes back to the app (AWS, "Passkey sign-in"). */
import type { Call, UserCall } from "../domain/call.ts";
import { loadClientOfPool, type UserPoolClient } from "../domain/clients/client.ts";
import { findLoginSession, isFreshFor } from "../domain/grants/login-session.ts";
import { callOfSession } from "../domain/grants/signed-in-call.ts";
import { completeRegistration, startRegistration } from "../domain/passkeys/register.ts";
import { oauthError } from "../errors/oauth.ts";
import { ServiceError } from "../errors/service-error.ts";
import { JsonFault, parseJson } from "../lib/json.ts";
import { redirectAnswer } from "../oauth/answers.ts";
import { matchRedirectUri } from "../oauth/authorize/redirect-uri.ts";
import { writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { browserOf, requireOwnForm, sessionHandleOf } from "./browser.ts";
import { showError, statusOfPage } from "./error-page.ts";
import { noticeOf } from "./notice.ts";
import type { PageEndpoint } from "./page-request.ts";
import type { Notice } from "./pages.ts";
import { type PageRequest, showPage } from "./show.ts";

const path = "/passkeys/add";
const maxDepth = 8;

type Asked = {
  readonly user: UserCall;
  readonly client: UserPoolClient;
  readonly redirectUri: string;
};

/** Who asks, and where they go back to; refused unless the browser is signed in, freshly enough for this client. */
async function ask(call: Call, request: PageRequest): Promise<Asked> {
  const query = request.query();
  const clientId = (query.get("client_id") ?? "").slice(0, 129);
  const client = await loadClientOfPool(call, { pool: request.pool, clientId });
  const redirectUri = matchRedirectUri(client, query.get("redirect_uri") ?? "");
  if (redirectUri === undefined) throw new ServiceError("redirect_mismatch", "");
  const session = await findLoginSession(call, request.pool, sessionHandleOf(request));
  if (!session || !isFreshFor(call, client, session)) throw oauthError("login_required");
  const user = callOfSession(call, { pool: request.pool, client, session });
  return { user, client, redirectUri };
}

async function show(
  call: Call,
  request: PageRequest,
  shown: { notice?: Notice; status?: number } = {},
): Promise<WireAnswer> {
  const { user, client, redirectUri } = await ask(call, request);
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
    const { user, redirectUri } = await ask(call, request);
    await completeRegistration(user, readCredential(form.get("credential") ?? ""));
    return redirectAnswer(redirectUri, { status: 303 });
  },
  refuse(call, request, error) {
    const isLost = ["login_required", "redirect_mismatch", "csrf"].includes(error.code);
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
