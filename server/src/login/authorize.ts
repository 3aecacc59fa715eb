/** `/oauth2/authorize`: where a client sends its users' browsers (AWS, "Authorize endpoint"; OpenID Connect Core §3.1.2). */
import type { Call } from "../domain/call.ts";
import { findLoginSession } from "../domain/grants/login-session.ts";
import type { ServiceError } from "../errors/service-error.ts";
import { redirectAnswer } from "../oauth/answers.ts";
import { answerOrAsk } from "../oauth/authorize/grant.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import type { Parameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { forAuthorization, linkFor } from "./authorization.ts";
import { browserOf, sessionHandleOf } from "./browser.ts";
import { askConsent } from "./consent.ts";
import type { PageEndpoint } from "./page-request.ts";
import { type PageRequest, sendAnswer } from "./show.ts";

function authorize(call: Call, request: PageRequest, parameters: Parameters): Promise<WireAnswer> {
  return forAuthorization(call, request, {
    parameters,
    goOn: (authorization) => begin(call, request, authorization),
  });
}

/** Answers the client at once where the browser is signed in, and shows the sign-in otherwise. */
export async function begin(
  call: Call,
  request: PageRequest,
  authorization: AuthorizationRequest,
): Promise<WireAnswer> {
  const session = await findLoginSession(call, request.pool, sessionHandleOf(request));
  const answer = await answerOrAsk(call, authorization, { session });
  const { client } = authorization;
  if (answer === "sign-in") {
    const status = request.method === "POST" ? 303 : 302;
    return redirectAnswer(linkFor(request, "/login", authorization), { status });
  }
  if (answer !== "consent") return sendAnswer(call, request, { client, answer });
  if (!session) throw new Error("nobody is asked for consent who is not signed in");
  return askConsent(call, request, {
    ...{ authorization, session, browser: browserOf(call, request) },
  });
}

/** Cognito shows a faulty request on a page of its own, at an address that names the fault. */
function refuse(_call: Call, request: PageRequest, { code }: ServiceError): WireAnswer {
  const query = new URLSearchParams({ error: code });
  try {
    const clientId = request.query().get("client_id");
    if (clientId !== undefined) query.set("client_id", clientId.slice(0, 128));
  } catch {
    // A query that cannot be read names no client.
  }
  return redirectAnswer(`${request.prefix}/error?${query}`, {
    status: request.method === "POST" ? 303 : 302,
  });
}

export const authorizeByGet: PageEndpoint = {
  method: "GET",
  path: "/oauth2/authorize",
  event: "OAuth2_Authorize_GET",
  readOnly: true,
  handle: (call, request) => authorize(call, request, request.query()),
  refuse,
};

/** OpenID Connect Core §3.1.2.1 asks for it; Cognito has it not. */
export const authorizeByPost: PageEndpoint = {
  method: "POST",
  path: "/oauth2/authorize",
  event: "OAuth2_Authorize_POST",
  readOnly: true,
  handle: (call, request) => authorize(call, request, request.form()),
  refuse,
};
