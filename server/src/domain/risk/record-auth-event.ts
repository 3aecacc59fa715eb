/**
 * The history of what users do to sign in (AWS, "Viewing and exporting user event history"), kept where the pool's threat
 * protection is on. It is written where the trail is, from the same facts, so that no flow need think of it and none is
 * missed. A name that nobody has leaves nothing.
 */
import { insertAuthEvent, pageAuthEvents } from "../../store/auth-events.ts";
import type { Db } from "../../store/schema.ts";
import { boundedText } from "../audit/bounded.ts";
import type { Proof } from "../auth/progress.ts";
import type { About, Call } from "../call.ts";
import { deviceName } from "../sessions/device-name.ts";
import type {
  AuthEventFacts,
  AuthEventResponse,
  AuthEventType,
  ChallengeResponse,
} from "./auth-event.ts";
import { userAddress } from "./user-address.ts";

type Ended = {
  readonly type: AuthEventType;
  readonly response: AuthEventResponse;
  readonly challenges: readonly ChallengeResponse[];
};

type Refusal = { readonly code: string };

/** Which operation is what to AWS, and how it stands after a success; a sign-in is passed once there are tokens. */
const events: Readonly<Record<string, { type: AuthEventType; success: AuthEventResponse }>> = {
  InitiateAuth: { type: "SignIn", success: "InProgress" },
  AdminInitiateAuth: { type: "SignIn", success: "InProgress" },
  RespondToAuthChallenge: { type: "SignIn", success: "InProgress" },
  AdminRespondToAuthChallenge: { type: "SignIn", success: "InProgress" },
  SignUp: { type: "SignUp", success: "Pass" },
  ForgotPassword: { type: "ForgotPassword", success: "InProgress" },
  ConfirmForgotPassword: { type: "ForgotPassword", success: "Pass" },
  ChangePassword: { type: "PasswordChange", success: "Pass" },
  ResendConfirmationCode: { type: "ResendCode", success: "Pass" },
  // The same on the hosted pages.
  Login_POST: { type: "SignIn", success: "InProgress" },
  Challenge_POST: { type: "SignIn", success: "InProgress" },
  Mfa_POST: { type: "SignIn", success: "InProgress" },
  Signup_POST: { type: "SignUp", success: "Pass" },
  ForgotPassword_POST: { type: "ForgotPassword", success: "InProgress" },
  ConfirmForgotPassword_POST: { type: "ForgotPassword", success: "Pass" },
  ResendCode_POST: { type: "ResendCode", success: "Pass" },
};

/** Refusals that say nothing of the user. */
const untold = new Set([
  "InvalidParameterException",
  "TooManyRequestsException",
  "InternalErrorException",
]);

/** Refusals of a proof that was tried. */
const disproofs = new Set([
  "NotAuthorizedException",
  "CodeMismatchException",
  "ExpiredCodeException",
]);

const provedAs: Readonly<Partial<Record<Proof, ChallengeResponse["name"]>>> = {
  PASSWORD: "Password",
  EMAIL_OTP: "Mfa",
  SMS_OTP: "Mfa",
  WEB_AUTHN: "Mfa",
  WEB_AUTHN_VERIFIED: "Mfa",
  SMS_MFA: "Mfa",
  SOFTWARE_TOKEN_MFA: "Mfa",
  EMAIL_MFA: "Mfa",
  RECOVERY_CODE: "Mfa",
};

/** What the flows and challenges try that can fail. */
const triedAs: Readonly<Record<string, ChallengeResponse["name"]>> = {
  USER_PASSWORD_AUTH: "Password",
  ADMIN_USER_PASSWORD_AUTH: "Password",
  USER_AUTH: "Password",
  SELECT_CHALLENGE: "Password",
  PASSWORD: "Password",
  PASSWORD_VERIFIER: "Password",
  EMAIL_OTP: "Mfa",
  SMS_OTP: "Mfa",
  WEB_AUTHN: "Mfa",
  SMS_MFA: "Mfa",
  SOFTWARE_TOKEN_MFA: "Mfa",
};

/** Writes the event that a call is, if it is one, in the transaction of its row in the trail. */
export async function recordAuthEvent(trx: Db, call: Call, refusal?: Refusal): Promise<void> {
  const { userPoolId, sub } = call.about;
  const ended = endOf(call, refusal);
  if (userPoolId === undefined || !ended) return;
  if (sub === undefined) {
    // One statement as for a user, so that the time does not tell one from nobody.
    await pageAuthEvents(trx, { userPoolId, userId: "", limit: 1 });
    return;
  }
  await insertEvent(trx, call, { userPoolId, sub, ended });
}

/** The pages sign in whoever signs up or confirms, in the same request: after what it is called by. */
const signsInAfter = new Set(["Signup_POST", "Confirm_POST"]);

/** Writes the sign-in in which such a request ends, in the transaction that gives its session. */
export async function recordSignInAfter(trx: Db, call: Call): Promise<void> {
  const { userPoolId, sub, tokensIssued, advancedSecurity } = call.about;
  const ends = tokensIssued && signsInAfter.has(call.facts.operation);
  const isWatched = (advancedSecurity?.mode ?? "OFF") !== "OFF";
  if (!ends || !isWatched || userPoolId === undefined || sub === undefined) return;
  const ended: Ended = { type: "SignIn", response: "Pass", challenges: proved(call.about) };
  await insertEvent(trx, call, { userPoolId, sub, ended });
}

async function insertEvent(
  trx: Db,
  call: Call,
  { userPoolId, sub, ended }: { userPoolId: string; sub: string; ended: Ended },
): Promise<void> {
  await insertAuthEvent(trx, {
    user_pool_id: userPoolId,
    user_id: sub,
    at_ms: call.clock.now(),
    id: call.random.uuid(),
    type: ended.type,
    response: ended.response,
    event: JSON.stringify(factsOf(call, ended)),
  });
}

/** Notes what a sign-in under way has proved so far, for its event. */
export function noteProofs({ about }: Call, proofs: readonly Proof[]): void {
  about.proofs = proofs;
}

function endOf({ facts, about }: Call, refusal: Refusal | undefined): Ended | undefined {
  if (facts.service !== "cognito-idp" || !Object.hasOwn(events, facts.operation)) return undefined;
  const event = events[facts.operation];
  if (!event || !isKept(about, event.type)) return undefined;
  if (refusal && untold.has(refusal.code)) return undefined;
  const { type, success } = event;
  if (type !== "SignIn") return { type, response: refusal ? "Fail" : success, challenges: [] };
  if (refusal) return { type, response: "Fail", challenges: disproved(about, refusal) };
  const challenges = proved(about);
  if (about.tokensIssued) return { type, response: "Pass", challenges };
  // Anybody can begin a sign-in in anybody's name; until something is proved there is nothing to tell.
  return challenges.length === 0 ? undefined : { type, response: success, challenges };
}

/** Refreshes are no sign-ins; custom flows are watched where the pool says so for them. */
function isKept(about: About, type: AuthEventType): boolean {
  const { advancedSecurity, more, requestParameters } = about;
  if (more["authFlow"] === "REFRESH_TOKEN_AUTH") return false;
  // A token may name somebody who is no more.
  if (type === "PasswordChange" && about.callerSub === undefined) return false;
  const { mode = "OFF", customAuthMode } = advancedSecurity ?? {};
  const isCustom =
    more["authFlow"] === "CUSTOM_AUTH" || requestParameters["challengeName"] === "CUSTOM_CHALLENGE";
  return type === "SignIn" && isCustom ? customAuthMode !== undefined : mode !== "OFF";
}

function proved({ proofs = [] }: About): ChallengeResponse[] {
  return proofs.flatMap((proof) => {
    const name = provedAs[proof];
    return name === undefined ? [] : [{ name, response: "Success" as const }];
  });
}

function disproved({ more, requestParameters }: About, { code }: Refusal): ChallengeResponse[] {
  if (!disproofs.has(code)) return [];
  // What was answered; `more` may name what was asked after it.
  const tried = String(requestParameters["challengeName"] ?? more["authFlow"]);
  const name = Object.hasOwn(triedAs, tried) ? triedAs[tried] : undefined;
  return name === undefined ? [] : [{ name, response: "Failure" }];
}

function factsOf(call: Call, { challenges }: Ended): AuthEventFacts {
  const { isCompromised = false, isBlocked = false } = call.about.risk ?? {};
  return {
    challenges,
    ipAddress: boundedText(userAddress(call) ?? call.facts.sourceIp, 128),
    deviceName: deviceName(boundedText(call.facts.userAgent, 512)),
    isCompromised,
    isBlocked,
  };
}
