/** `/challenge` and `/mfa`: what the machine of sign-in asks after the first page. */
import { answerChallenge } from "../domain/auth/flows.ts";
import { verifyInSignIn } from "../domain/auth/set-up-app.ts";
import type { Call } from "../domain/call.ts";
import type { ServiceError } from "../errors/service-error.ts";
import type { Parameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { type ChallengeStep, goToChallenge, setUpApp, signInOf } from "./advance.ts";
import { forAuthorization } from "./authorization.ts";
import { browserOf, requireOwnForm } from "./browser.ts";
import { answerOf } from "./challenge-answer.ts";
import { challengePage } from "./challenge-page.ts";
import { advanceOrDetour } from "./detour.ts";
import { showError, statusOfPage } from "./error-page.ts";
import { loadFlow, queryOf } from "./flow.ts";
import { noticeOf } from "./notice.ts";
import type { PageEndpoint } from "./page-request.ts";
import type { Notice } from "./pages.ts";
import { type PageRequest, showPage } from "./show.ts";
import { typedCode } from "./typed.ts";

type Shown = { readonly notice?: Notice; readonly status?: number };

async function show(call: Call, request: PageRequest, shown: Shown = {}): Promise<WireAnswer> {
  const browser = browserOf(call, request);
  const flow = await loadFlow(call, request, { browser, kind: "challenge" });
  return forAuthorization(call, request, {
    parameters: queryOf(flow),
    goOn: async (authorization) =>
      showPage(call, request, {
        page: challengePage(request, { authorization, browser, flow }),
        ...{ client: authorization.client, leadsTo: authorization.target.redirectUri },
        ...shown,
      }),
  });
}

async function answer(call: Call, request: PageRequest): Promise<WireAnswer> {
  const form = request.form();
  const browser = requireOwnForm(call, request, form);
  const flow = await loadFlow(call, request, { browser, kind: "challenge" });
  const { step } = flow;
  call.about.requestParameters = { challengeName: step.name };
  return forAuthorization(call, request, {
    parameters: queryOf(flow),
    async goOn(authorization) {
      const given = { authorization, browser, username: step.username };
      if (wantsToSetUpApp(step, form)) {
        return goToChallenge(call, request, { ...given, step: await setUpApp(call, step) });
      }
      const session = await proveApp(call, step, form);
      const outcome = answerChallenge(call, signInOf(authorization), {
        ...{ name: step.name, session },
        parameters: { USERNAME: step.username, ...answerOf(step, form) },
      });
      return advanceOrDetour(call, request, { ...given, outcome });
    },
  });
}

function wantsToSetUpApp({ name, parameters }: ChallengeStep, form: Parameters): boolean {
  const isSetUp = name === "MFA_SETUP" && parameters["SECRET_CODE"] === undefined;
  return isSetUp && form.get("answer") === "SOFTWARE_TOKEN_MFA";
}

/** An app that is set up proves itself by a code before the machine goes on. */
async function proveApp(call: Call, step: ChallengeStep, form: Parameters): Promise<string> {
  if (step.parameters["SECRET_CODE"] === undefined) return step.session;
  return verifyInSignIn(call, {
    session: step.session,
    code: typedCode(form),
    friendlyName: form.get("friendlyDeviceName"),
  });
}

/** A wrong answer leaves the challenge open; the page is shown again with what was wrong. */
async function showAgain(
  call: Call,
  request: PageRequest,
  error: ServiceError,
): Promise<WireAnswer> {
  if (error.code === "session-expired" || error.fault === "server") {
    return showError(call, request, error);
  }
  return show(call, request, { notice: noticeOf(error), status: statusOfPage(error.code) });
}

const about = { refuse: showAgain } as const;

export const showChallenge: PageEndpoint = {
  method: "GET",
  path: "/challenge",
  event: "Challenge_GET",
  readOnly: true,
  handle: show,
};
export const answerChallengePage: PageEndpoint = {
  method: "POST",
  path: "/challenge",
  event: "Challenge_POST",
  handle: answer,
  ...about,
};
export const showMfa: PageEndpoint = {
  method: "GET",
  path: "/mfa",
  event: "Mfa_GET",
  readOnly: true,
  handle: show,
};
export const answerMfa: PageEndpoint = {
  method: "POST",
  path: "/mfa",
  event: "Mfa_POST",
  handle: answer,
  ...about,
};
