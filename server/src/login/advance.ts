/** What follows a step of a sign-in in the pages: the next page, or the client's answer. */
import { answerChallenge } from "../domain/auth/flows.ts";
import { associateInSignIn } from "../domain/auth/set-up-app.ts";
import type { Outcome, SignIn } from "../domain/auth/sign-in.ts";
import type { Call } from "../domain/call.ts";
import { type NewLoginSession, replaceLoginSession } from "../domain/grants/login-session.ts";
import { redirectAnswer } from "../oauth/answers.ts";
import { answerOrAsk } from "../oauth/authorize/grant.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import { writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { carryOver, linkToFlow } from "./authorization.ts";
import { type Browser, sessionHandleOf, signInBrowser } from "./browser.ts";
import { askConsent } from "./consent.ts";
import { beginFlow, type Step } from "./flow.ts";
import { asksForPasskeys } from "./passkeys-here.ts";
import { type PageRequest, sendAnswer, showPage } from "./show.ts";
import { signInPage } from "./sign-in-page.ts";

export type Advance = {
  readonly authorization: AuthorizationRequest;
  readonly browser: Browser;
  /** As it was typed when the sign-in began. */
  readonly username: string;
};

/** The pages as the machine of sign-in sees them. */
export function signInOf({ pool, client }: AuthorizationRequest): SignIn {
  return { pool, client, admin: false, byPages: true };
}

/** Goes on from an outcome of the machine. */
export async function advance(
  call: Call,
  request: PageRequest,
  given: Advance & { outcome: Outcome },
): Promise<WireAnswer> {
  const { outcome, authorization, username } = given;
  if ("loginSession" in outcome)
    return finish(call, request, { ...given, loginSession: outcome.loginSession });
  if ("tokens" in outcome) throw new Error("the pages are given sessions, not tokens");
  const { name, session, parameters } = outcome.challenge;
  const available = usableHere(call, request, outcome.challenge.available);
  const onlyChoice = name === "SELECT_CHALLENGE" ? onlyOf(available) : undefined;
  if (onlyChoice !== undefined) {
    const answer = { USERNAME: username, ANSWER: onlyChoice };
    const next = await answerChallenge(call, signInOf(authorization), {
      ...{ name, session, parameters: answer },
    });
    return advance(call, request, { ...given, outcome: next });
  }
  const step: ChallengeStep = {
    ...{ kind: "challenge", name, session, parameters, username },
    ...(available ? { available } : {}),
  };
  return goToChallenge(call, request, { ...given, step: await prepareSetUp(call, step) });
}

export type ChallengeStep = Extract<Step, { kind: "challenge" }>;

/** Where there is but one factor to set up, it is set up at once. */
async function prepareSetUp(call: Call, step: ChallengeStep): Promise<ChallengeStep> {
  const isApp = step.name === "MFA_SETUP" && mfaChoices(step).join() === "SOFTWARE_TOKEN_MFA";
  return isApp ? setUpApp(call, step) : step;
}

/** Draws the secret of an authenticator app that is set up on the way in. */
export async function setUpApp(call: Call, step: ChallengeStep): Promise<ChallengeStep> {
  const { secretCode, session } = await associateInSignIn(call, step.session);
  return { ...step, session, parameters: { ...step.parameters, SECRET_CODE: secretCode } };
}

/** The factors that a challenge leaves to choose from. */
export function mfaChoices({ parameters }: ChallengeStep): string[] {
  const list = parameters["MFAS_CAN_CHOOSE"] ?? parameters["MFAS_CAN_SETUP"] ?? "[]";
  // Written by the machine.
  return JSON.parse(list) as string[];
}

/** Shows what a challenge asks, at an address of its own. */
export async function goToChallenge(
  call: Call,
  request: PageRequest,
  { authorization, browser, step }: Advance & { step: ChallengeStep },
): Promise<WireAnswer> {
  const handle = await beginFlow(call, request, {
    browser,
    clientId: authorization.client.id,
    query: writeParameters(authorization.carried),
    step,
  });
  const path = secondFactors.has(step.name) ? "/mfa" : "/challenge";
  return redirectAnswer(linkToFlow(request, path, handle), {
    status: 303,
    cookies: browser.cookies,
  });
}

const secondFactors: ReadonlySet<string> = new Set([
  "SMS_MFA",
  "SOFTWARE_TOKEN_MFA",
  "SELECT_MFA_TYPE",
  "MFA_SETUP",
]);

/** What there is to choose from at this address; where that were nothing, what there is elsewhere. */
function usableHere(
  call: Call,
  request: PageRequest,
  available: readonly string[] | undefined,
): readonly string[] | undefined {
  if (asksForPasskeys(call, request)) return available;
  const usable = available?.filter((each) => each !== "WEB_AUTHN");
  return offered(usable).length > 0 ? usable : available;
}

/** SRP is for apps: over TLS the pages send the password itself. */
export function offered(available: readonly string[] | undefined): string[] {
  return (available ?? []).filter((each) => each !== "PASSWORD_SRP");
}

function onlyOf(available: readonly string[] | undefined): string | undefined {
  const choices = offered(available);
  return choices.length === 1 ? choices[0] : undefined;
}

/** The browser is signed in: the client gets its answer, unless the user is asked for consent first. */
async function finish(
  call: Call,
  request: PageRequest,
  given: Advance & { loginSession: NewLoginSession },
): Promise<WireAnswer> {
  const { username } = given;
  const session = await replaceLoginSession(call, request.pool, {
    handle: sessionHandleOf(request),
    by: given.loginSession,
  });
  const browser = signInBrowser(call, request, given.loginSession);
  const { cookies } = browser;
  const authorization = await carryOver(call, request, { ...given, browser });
  const answer = await answerOrAsk(call, authorization, { session, justSignedIn: true });
  const { client } = authorization;
  if (answer === "consent") {
    return askConsent(call, request, { authorization, session, browser });
  }
  if (answer !== "sign-in") return sendAnswer(call, request, { client, answer, cookies });
  // The client named another user.
  return showPage(call, request, {
    page: signInPage(request, authorization, { browser, username }),
    ...{ client, cookies, status: 400, leadsTo: authorization.target.redirectUri },
    notice: { kind: "error", code: "other-user" },
  });
}
