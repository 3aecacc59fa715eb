/** `/confirm`: an account is confirmed by the code that was sent, and its user is signed in. */
import { beginSignIn } from "../domain/auth/flows.ts";
import { openSignUpSession } from "../domain/auth/sign-up-session.ts";
import type { Call } from "../domain/call.ts";
import type { CodeTarget } from "../domain/codes/code.ts";
import { countMessage } from "../domain/limits/source-limits.ts";
import type { UserPool } from "../domain/pools/pool.ts";
import { checkSourceAddress } from "../domain/risk/source-address.ts";
import { confirmSignUp, resendSignUpCode } from "../domain/users/confirm.ts";
import { isConfirmedByLink } from "../domain/users/confirm-link.ts";
import { autoVerified, maskDestination } from "../domain/users/contacts.ts";
import { ServiceError } from "../errors/service-error.ts";
import { redirectAnswer } from "../oauth/answers.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import { writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { type Advance, advance, signInOf } from "./advance.ts";
import { forAuthorization, linkFor, linkToFlow } from "./authorization.ts";
import { browserOf, requireOwnForm } from "./browser.ts";
import { showError, statusOfPage } from "./error-page.ts";
import { beginFlow, loadFlow, queryOf } from "./flow.ts";
import { noticeOf, noticeOfSending, type Sent, saying } from "./notice.ts";
import type { PageEndpoint } from "./page-request.ts";
import type { Notice, Page } from "./pages.ts";
import { type PageRequest, showPage } from "./show.ts";
import { signInPage } from "./sign-in-page.ts";
import { typedCode } from "./typed.ts";

const path = "/confirm";

/** Leads to the page that takes the code, or says where the link went. */
export async function goToConfirm(
  call: Call,
  request: PageRequest,
  given: Advance & { target: CodeTarget | undefined; sent?: Sent | undefined },
): Promise<WireAnswer> {
  const { authorization, browser, username, target, sent } = given;
  const { client, pool, carried } = authorization;
  const handle = await beginFlow(call, request, {
    ...{ browser, clientId: client.id, query: writeParameters(carried) },
    step: { kind: "confirm", username, ...(target ? messageTo(pool, target) : {}) },
  });
  return redirectAnswer(saying(linkToFlow(request, path, handle), sent), {
    status: 303,
    cookies: browser.cookies,
  });
}

function messageTo(pool: UserPool, target: CodeTarget) {
  const destination = maskDestination(target.attribute, target.destination);
  return isConfirmedByLink(pool, target) ? { destination, byLink: true } : { destination };
}

/**
 * Leads a user there who tried to sign in before. Another code is sent, as far as the user may have another: whoever is
 * there has perhaps lost the first one.
 */
export async function confirmFirst(
  call: Call,
  request: PageRequest,
  given: Advance,
): Promise<WireAnswer> {
  return goToConfirm(call, request, { ...given, ...(await sendByTheWay(call, given)) });
}

type Sending = { readonly target: CodeTarget | undefined; readonly sent?: Sent };

/** Sends another code as far as it may be; a refusal is no reason to keep the page from whoever has one. */
async function sendByTheWay(call: Call, given: Advance): Promise<Sending> {
  try {
    // A sign-in counts for no message by itself.
    await countMessage(call);
    return { target: await resend(call, given.authorization, given.username) };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { target: undefined, ...(isDeliveryFailure(error) ? { sent: "failed" } : {}) };
  }
}

/** Whether the code is there and could not be brought. */
export function isDeliveryFailure(error: unknown): boolean {
  return error instanceof ServiceError && error.code === "CodeDeliveryFailureException";
}

/** Sends another code; answers where it went, or would have gone. */
export async function resend(
  call: Call,
  authorization: AuthorizationRequest,
  username: string,
): Promise<CodeTarget> {
  const signIn = signInOf(authorization);
  checkSourceAddress(call, signIn);
  const given = { username, secretHash: undefined, byPages: true };
  return resendSignUpCode(call, signIn, given);
}

/**
 * Signs in whoever just confirmed the account. Where that is refused, as a function of the pool may, there is an account all
 * the same: what is left is the first page.
 */
export async function signInAfter(
  call: Call,
  request: PageRequest,
  given: Advance & { session: string },
): Promise<WireAnswer> {
  const { authorization, browser, username, session } = given;
  const outcome = await beginSignIn(call, signInOf(authorization), {
    flow: "USER_AUTH",
    session,
    parameters: { USERNAME: username },
  }).catch(asRefusal);
  if (!(outcome instanceof ServiceError)) {
    return advance(call, request, { authorization, browser, username, outcome });
  }
  return showPage(call, request, {
    page: signInPage(request, authorization, { browser, username }),
    ...{ client: authorization.client, cookies: browser.cookies },
    leadsTo: authorization.target.redirectUri,
    notice: noticeOf(outcome),
    status: statusOfPage(outcome.code),
  });
}

function asRefusal(error: unknown): ServiceError {
  if (error instanceof ServiceError && error.fault === "client") return error;
  throw error;
}

type Shown = { readonly notice?: Notice; readonly status?: number };

async function show(call: Call, request: PageRequest, shown: Shown = {}): Promise<WireAnswer> {
  const browser = browserOf(call, request);
  const flow = await loadFlow(call, request, { browser, kind: "confirm" });
  const { username, destination, byLink = false } = flow.step;
  return forAuthorization(call, request, {
    parameters: queryOf(flow),
    async goOn(authorization) {
      const formAt = (at: string) => ({
        action: linkToFlow(request, at, flow.handle),
        csrf: browser.csrf,
      });
      const { pool, client, target } = authorization;
      const page: Page = {
        name: "confirm",
        ...{ username, byLink, form: formAt(path) },
        signInUrl: linkFor(request, "/login", authorization),
        ...(autoVerified(pool).length === 0 ? {} : { resend: formAt("/resendcode") }),
        ...(destination === undefined ? {} : { destination }),
      };
      const again = noticeOfSending(request.query(), byLink ? "link-sent" : "code-sent");
      const { notice = again, status = 200 } = shown;
      return showPage(call, request, { page, client, leadsTo: target.redirectUri, notice, status });
    },
  });
}

export const showConfirm: PageEndpoint = {
  method: "GET",
  path,
  event: "Confirm_GET",
  readOnly: true,
  handle: (call, request) => show(call, request),
};

export const submitConfirm: PageEndpoint = {
  method: "POST",
  path,
  event: "Confirm_POST",
  async handle(call, request) {
    const form = request.form();
    const browser = requireOwnForm(call, request, form);
    const flow = await loadFlow(call, request, { browser, kind: "confirm" });
    const { username } = flow.step;
    return forAuthorization(call, request, {
      parameters: queryOf(flow),
      async goOn(authorization) {
        const signIn = signInOf(authorization);
        checkSourceAddress(call, signIn);
        const user = await confirmSignUp(call, signIn, {
          ...{ username, secretHash: undefined, byPages: true, takeOverAliases: false },
          code: typedCode(form),
        });
        const session = await openSignUpSession(call, signIn, user);
        return signInAfter(call, request, { authorization, browser, username, session });
      },
    });
  },
  refuse: showAgain,
};

/** A wrong code leaves the page as it was. */
export async function showAgain(
  call: Call,
  request: PageRequest,
  error: ServiceError,
): Promise<WireAnswer> {
  if (error.code === "session-expired" || error.fault === "server") {
    return showError(call, request, error);
  }
  return show(call, request, { notice: noticeOf(error), status: statusOfPage(error.code) });
}
