/** Asks the user whether a client may have what it asks for. */
import { type Call, closeCall } from "../domain/call.ts";
import { tokenLifetimes } from "../domain/clients/client.ts";
import { rememberConsent } from "../domain/grants/consent.ts";
import { decideOnDevice } from "../domain/grants/device-authorization.ts";
import { findLoginSession, type LoginSession } from "../domain/grants/login-session.ts";
import { customScopesOf } from "../domain/resource-servers/resource-server.ts";
import { oauthError } from "../errors/oauth.ts";
import { redirectAnswer } from "../oauth/answers.ts";
import { answerOrAsk, refuseRequest } from "../oauth/authorize/grant.ts";
import type { Answer, AuthorizationRequest } from "../oauth/authorize/request.ts";
import { writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { forAuthorization, linkToFlow } from "./authorization.ts";
import { type Browser, browserOf, requireOwnForm, sessionHandleOf } from "./browser.ts";
import { beginFlow, endFlow, flowOver, loadFlow, queryOf } from "./flow.ts";
import type { PageEndpoint } from "./page-request.ts";
import type { Page } from "./pages.ts";
import { type PageRequest, sendAnswer, showPage } from "./show.ts";
import { shownName } from "./shown-name.ts";

const path = "/consent";

/** Sends the browser to the question. */
export async function askConsent(
  call: Call,
  request: PageRequest,
  given: { authorization: AuthorizationRequest; session: LoginSession; browser: Browser },
): Promise<WireAnswer> {
  const { authorization, session, browser } = given;
  const handle = await beginFlow(call, request, {
    browser,
    clientId: authorization.client.id,
    query: writeParameters(authorization.carried),
    step: { kind: "consent", loginSessionId: session.id },
  });
  return redirectAnswer(linkToFlow(request, path, handle), {
    status: request.method === "POST" ? 303 : 302,
    cookies: browser.cookies,
  });
}

export const showConsent: PageEndpoint = {
  method: "GET",
  path,
  event: "Consent_GET",
  readOnly: true,
  async handle(call, request) {
    const browser = browserOf(call, request);
    const flow = await loadFlow(call, request, { browser, kind: "consent" });
    const session = await requireSession(call, request, flow.step.loginSessionId);
    return forAuthorization(call, request, {
      parameters: queryOf(flow),
      async goOn(authorization) {
        const form = { action: linkToFlow(request, path, flow.handle), csrf: browser.csrf };
        return showPage(call, request, {
          page: await pageOf(call, authorization, { session, form }),
          client: authorization.client,
          leadsTo: authorization.target.redirectUri,
        });
      },
    });
  },
};

export const decideConsent: PageEndpoint = {
  method: "POST",
  path,
  event: "Consent_POST",
  async handle(call, request) {
    const form = request.form();
    const browser = requireOwnForm(call, request, form);
    const flow = await loadFlow(call, request, { browser, kind: "consent" });
    const session = await requireSession(call, request, flow.step.loginSessionId);
    await endFlow(call, flow);
    return forAuthorization(call, request, {
      parameters: queryOf(flow),
      async goOn(authorization) {
        const { client, pool, scopes, device } = authorization;
        call.about.sub = session.user.id;
        if (form.get("decision") !== "allow") {
          const answer = await deny(call, authorization, session);
          return sendAnswer(call, request, { client, answer });
        }
        // That one device may does not say that the next one may.
        if (!device) await rememberConsent(call, { pool, client, user: session.user, scopes });
        const done = { session, justSignedIn: true, agreed: true };
        const answer = await answerOrAsk(call, authorization, done);
        if (typeof answer === "string") throw flowOver();
        return sendAnswer(call, request, { client, answer });
      },
    });
  },
};

async function deny(
  call: Call,
  authorization: AuthorizationRequest,
  session: LoginSession,
): Promise<Answer> {
  const { device } = authorization;
  if (device) {
    await decideOnDevice(call, device, { session, isAllowed: false });
    return { device: "denied" };
  }
  const refusal = oauthError("access_denied");
  await closeCall(call, refusal);
  return refuseRequest(call, authorization, refusal);
}

/** The session that the question was put to; another by now is another user's answer. */
async function requireSession(call: Call, request: PageRequest, id: string): Promise<LoginSession> {
  const session = await findLoginSession(call, request.pool, sessionHandleOf(request));
  if (session?.id !== id) throw flowOver();
  return session;
}

async function pageOf(
  call: Call,
  { client, pool, scopes, device }: AuthorizationRequest,
  { session, form }: { session: LoginSession; form: { action: string; csrf: string } },
): Promise<Page> {
  const custom = await customScopesOf(call.db, pool.id);
  return {
    name: "consent",
    form,
    clientName: client.name,
    ...(device ? { userCode: device.userCode } : {}),
    username: shownName(session.user),
    scopes: scopes.map((name) => {
      const description = custom.find((each) => each.name === name)?.description;
      return description === undefined ? { name } : { name, description };
    }),
    lifetimeDays: Math.ceil(tokenLifetimes(client.settings).refreshTokenSeconds / 86_400),
  };
}
