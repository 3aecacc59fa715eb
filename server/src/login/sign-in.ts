/** `/login`: the first page of a sign-in. */
import { beginSignIn } from "../domain/auth/flows.ts";
import type { Outcome } from "../domain/auth/sign-in.ts";
import type { Call } from "../domain/call.ts";
import { findLoginSession } from "../domain/grants/login-session.ts";
import type { ServiceError } from "../errors/service-error.ts";
import { answerOrAsk, chosen, usableSession } from "../oauth/authorize/grant.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import type { Parameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { signInOf } from "./advance.ts";
import { forAuthorization } from "./authorization.ts";
import { browserOf, requireOwnForm, sessionHandleOf } from "./browser.ts";
import { askConsent } from "./consent.ts";
import { advanceOrDetour } from "./detour.ts";
import { showError, statusOfPage } from "./error-page.ts";
import { noticeOf } from "./notice.ts";
import type { PageEndpoint } from "./page-request.ts";
import { offerPasskey, signInByPasskey } from "./passkey-offer.ts";
import { type PageRequest, sendAnswer, showPage } from "./show.ts";
import { shownName } from "./shown-name.ts";
import { asksByChoice, signInPage } from "./sign-in-page.ts";

export const showSignIn: PageEndpoint = {
  method: "GET",
  path: "/login",
  event: "Login_GET",
  readOnly: true,
  handle: (call, request) =>
    forAuthorization(call, request, {
      parameters: request.query(),
      async goOn(authorization) {
        const browser = browserOf(call, request);
        const session = await findLoginSession(call, request.pool, sessionHandleOf(request));
        const usable = usableSession(call, chosen(authorization), { session });
        const passkey = await offerPasskey(call, request, { authorization, browser });
        const page = signInPage(request, authorization, {
          ...{ browser, passkey },
          username: authorization.loginHint,
          ...(usable ? { signedInAs: shownName(usable.user) } : {}),
        });
        return showPage(call, request, {
          ...{ page, client: authorization.client, cookies: browser.cookies },
          leadsTo: authorization.target.redirectUri,
        });
      },
    }),
};

export const signIn: PageEndpoint = {
  method: "POST",
  path: "/login",
  event: "Login_POST",
  async handle(call, request) {
    const form = request.form();
    const browser = requireOwnForm(call, request, form);
    return forAuthorization(call, request, {
      parameters: request.query(),
      async goOn(authorization) {
        if (form.has("continue")) return goOnAs(call, request, chosen(authorization));
        if (form.has("credential")) {
          return signInByPasskey(call, request, { authorization, browser, form });
        }
        const username = form.get("username") ?? "";
        const outcome = begin(call, authorization, form);
        return advanceOrDetour(call, request, { authorization, browser, username, outcome });
      },
    });
  },
  refuse: showAgain,
};

/** By the password where the form brings one; else the user is asked how to go on. */
function begin(
  call: Call,
  authorization: AuthorizationRequest,
  form: Parameters,
): Promise<Outcome> {
  const password = form.get("password");
  const byChoice = asksByChoice(authorization.pool) && password === undefined;
  const parameters = {
    USERNAME: form.get("username") ?? "",
    ...(password === undefined ? {} : { PASSWORD: password }),
  };
  return beginSignIn(call, signInOf(authorization), {
    flow: byChoice ? "USER_AUTH" : "USER_PASSWORD_AUTH",
    parameters,
  });
}

/** Whoever is signed in goes on as such, unless the request wants them to sign in anew all the same. */
async function goOnAs(
  call: Call,
  request: PageRequest,
  authorization: AuthorizationRequest,
): Promise<WireAnswer> {
  const session = await findLoginSession(call, request.pool, sessionHandleOf(request));
  const answer = await answerOrAsk(call, authorization, { session });
  const { client } = authorization;
  if (answer === "consent" && session) {
    const browser = browserOf(call, request);
    return askConsent(call, request, { authorization, session, browser });
  }
  if (typeof answer !== "string") return sendAnswer(call, request, { client, answer });
  const browser = browserOf(call, request);
  return showPage(call, request, {
    page: signInPage(request, authorization, { browser, username: "" }),
    ...{ client, leadsTo: authorization.target.redirectUri },
    notice: { kind: "info", code: "session-expired" },
  });
}

/** The page again, with what was wrong and the name that was typed. */
function showAgain(call: Call, request: PageRequest, error: ServiceError): Promise<WireAnswer> {
  const username = request.form().get("username") ?? "";
  return forAuthorization(call, request, {
    parameters: request.query(),
    async goOn(authorization) {
      if (error.fault === "server") return showError(call, request, error);
      const browser = browserOf(call, request);
      const passkey = await offerPasskey(call, request, { authorization, browser });
      return showPage(call, request, {
        page: signInPage(request, authorization, { browser, username, passkey }),
        ...{ client: authorization.client, cookies: browser.cookies },
        leadsTo: authorization.target.redirectUri,
        notice: noticeOf(error),
        status: statusOfPage(error.code),
      });
    },
  });
}
