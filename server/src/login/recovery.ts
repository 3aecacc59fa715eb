/** `/forgotPassword` and `/confirmForgotPassword`: a forgotten password is replaced by whoever gets the code. */
import type { Call } from "../domain/call.ts";
import { checkSourceAddress } from "../domain/risk/source-address.ts";
import { maskDestination } from "../domain/users/contacts.ts";
import { finishRecovery, startRecovery } from "../domain/users/recovery.ts";
import { recoveryByAdministratorOnly } from "../errors/cognito-idp.ts";
import { redirectAnswer } from "../oauth/answers.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import { writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { type Advance, signInOf } from "./advance.ts";
import { forAuthorization, linkFor, linkToFlow } from "./authorization.ts";
import { browserOf, requireOwnForm } from "./browser.ts";
import { showError, statusOfPage } from "./error-page.ts";
import { beginFlow, loadFlow, queryOf } from "./flow.ts";
import { noticeOf, noticeOfSending, type Sent, saying } from "./notice.ts";
import type { PageEndpoint } from "./page-request.ts";
import type { Notice, Page } from "./pages.ts";
import { type PageRequest, showPage } from "./show.ts";
import { mayRecover, nameKindOf, passwordRulesOf, signInPage } from "./sign-in-page.ts";
import { typedCode, typedName, typedNewPassword } from "./typed.ts";

type Shown = { readonly username?: string; readonly notice?: Notice; readonly status?: number };

function showForgot(call: Call, request: PageRequest, shown: Shown = {}): Promise<WireAnswer> {
  const { username, ...rest } = shown;
  return forAuthorization(call, request, {
    parameters: request.query(),
    async goOn(authorization) {
      const { pool, client, loginHint, target } = authorization;
      if (!mayRecover(pool)) throw recoveryByAdministratorOnly();
      const browser = browserOf(call, request);
      const page: Page = {
        name: "forgot-password",
        form: { action: linkFor(request, "/forgotPassword", authorization), csrf: browser.csrf },
        nameKind: nameKindOf(pool),
        username: username ?? loginHint,
        signInUrl: linkFor(request, "/login", authorization),
      };
      const { cookies } = browser;
      return showPage(call, request, {
        ...{ page, client, cookies, leadsTo: target.redirectUri },
        ...rest,
      });
    },
  });
}

export const showForgotPassword: PageEndpoint = {
  method: "GET",
  path: "/forgotPassword",
  event: "ForgotPassword_GET",
  readOnly: true,
  handle: (call, request) => showForgot(call, request),
};

export const submitForgotPassword: PageEndpoint = {
  method: "POST",
  path: "/forgotPassword",
  event: "ForgotPassword_POST",
  async handle(call, request) {
    const form = request.form();
    const browser = requireOwnForm(call, request, form);
    return forAuthorization(call, request, {
      parameters: request.query(),
      async goOn(authorization) {
        const username = typedName(form);
        const destination = await sendResetCode(call, authorization, username);
        return goToReset(call, request, { authorization, browser, username, destination });
      },
    });
  },
  async refuse(call, request, error) {
    if (error.fault === "server") return showError(call, request, error);
    const username = request.form().get("username") ?? "";
    const status = statusOfPage(error.code);
    return showForgot(call, request, { username, notice: noticeOf(error), status });
  },
};

/** Sends a code by which a password can be set; answers where it went, masked. */
export async function sendResetCode(
  call: Call,
  authorization: AuthorizationRequest,
  username: string,
): Promise<string> {
  const signIn = signInOf(authorization);
  checkSourceAddress(call, signIn);
  const given = { username, secretHash: undefined, byPages: true };
  const { attribute, destination } = await startRecovery(call, signIn, given);
  return maskDestination(attribute, destination);
}

/** Leads to the page that takes the code and the new password. */
export async function goToReset(
  call: Call,
  request: PageRequest,
  given: Advance & { destination?: string; sent?: Sent },
): Promise<WireAnswer> {
  const { authorization, browser, username, destination, sent } = given;
  const handle = await beginFlow(call, request, {
    browser,
    clientId: authorization.client.id,
    query: writeParameters(authorization.carried),
    step: { kind: "reset", username, ...(destination === undefined ? {} : { destination }) },
  });
  return redirectAnswer(saying(linkToFlow(request, "/confirmForgotPassword", handle), sent), {
    status: 303,
    cookies: browser.cookies,
  });
}

async function showReset(call: Call, request: PageRequest, shown: Shown = {}): Promise<WireAnswer> {
  const browser = browserOf(call, request);
  const flow = await loadFlow(call, request, { browser, kind: "reset" });
  const { username, destination } = flow.step;
  return forAuthorization(call, request, {
    parameters: queryOf(flow),
    async goOn(authorization) {
      const formAt = (at: string) => ({
        action: linkToFlow(request, at, flow.handle),
        csrf: browser.csrf,
      });
      const page: Page = {
        name: "reset-password",
        ...{ username, form: formAt("/confirmForgotPassword"), resend: formAt("/resendcode") },
        rules: passwordRulesOf(authorization.pool),
        signInUrl: linkFor(request, "/login", authorization),
        ...(destination === undefined ? {} : { destination }),
      };
      const { client, target } = authorization;
      const { notice = noticeOfSending(request.query()), status = 200 } = shown;
      return showPage(call, request, { page, client, leadsTo: target.redirectUri, notice, status });
    },
  });
}

export const showResetPassword: PageEndpoint = {
  method: "GET",
  path: "/confirmForgotPassword",
  event: "ConfirmForgotPassword_GET",
  readOnly: true,
  handle: (call, request) => showReset(call, request),
};

export const submitResetPassword: PageEndpoint = {
  method: "POST",
  path: "/confirmForgotPassword",
  event: "ConfirmForgotPassword_POST",
  async handle(call, request) {
    const form = request.form();
    const browser = requireOwnForm(call, request, form);
    const flow = await loadFlow(call, request, { browser, kind: "reset" });
    const { username } = flow.step;
    const password = typedNewPassword(form) ?? "";
    return forAuthorization(call, request, {
      parameters: queryOf(flow),
      async goOn(authorization) {
        const signIn = signInOf(authorization);
        checkSourceAddress(call, signIn);
        await finishRecovery(call, signIn, {
          ...{ username, secretHash: undefined, byPages: true },
          ...{ code: typedCode(form), password },
        });
        return showPage(call, request, {
          page: signInPage(request, authorization, { browser, username }),
          ...{ client: authorization.client, cookies: browser.cookies },
          leadsTo: authorization.target.redirectUri,
          notice: { kind: "success", code: "password-changed" },
        });
      },
    });
  },
  async refuse(call, request, error) {
    if (error.code === "session-expired" || error.fault === "server") {
      return showError(call, request, error);
    }
    const status = statusOfPage(error.code);
    return showReset(call, request, { notice: noticeOf(error), status });
  },
};
