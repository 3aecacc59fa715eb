/** From a checked request and a signed-in user to the client's answer. */
import type { Call } from "../../domain/call.ts";
import { prepareCode } from "../../domain/grants/authorization-code.ts";
import { hasConsented } from "../../domain/grants/consent.ts";
import { decideOnDevice } from "../../domain/grants/device-authorization.ts";
import { isFreshFor, type LoginSession } from "../../domain/grants/login-session.ts";
import { usePushedRequest } from "../../domain/grants/pushed-request.ts";
import { requireWhole } from "../../domain/grants/whole-grant.ts";
import { prepareFamily } from "../../domain/tokens/issue.ts";
import { findUserBySub } from "../../domain/users/find.ts";
import { oauthError } from "../../errors/oauth.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import type { Answer, AuthorizationRequest, Needed } from "./request.ts";
import { clientAnswer, clientRefusal } from "./respond.ts";

/** How far the user has come with this request. */
export type Progress = {
  readonly session: LoginSession | undefined;
  /** Whether the session was opened for this very request. */
  readonly justSignedIn?: boolean;
  /** Whether the user agreed to this very request. */
  readonly agreed?: boolean;
};

/** The answer for the client, or what must happen first. */
export async function answerOrAsk(
  call: Call,
  request: AuthorizationRequest,
  progress: Progress,
): Promise<Answer | Needed> {
  const { client, prompts } = request;
  const silent = prompts.includes("none");
  const refuse = (code: "login_required" | "consent_required") =>
    refuseRequest(call, request, oauthError(code));
  const session = usableSession(call, request, progress);
  if (!session) return silent ? refuse("login_required") : "sign-in";
  call.about.sub = session.user.id;
  if (request.isForOwnPage) return { target: request.target, parameters: [] };
  const asksConsent =
    (client.extensions.consent === "on" || prompts.includes("consent")) && !progress.agreed;
  const isAgreed = !asksConsent || (await hasAgreed(call, request, session));
  if (!isAgreed) return silent ? refuse("consent_required") : "consent";
  return grant(call, request, session);
}

/** What the client is told instead of a grant; like one it uses up what the client pushed. */
export async function refuseRequest(
  call: Call,
  request: AuthorizationRequest,
  refusal: ServiceError,
): Promise<Answer> {
  if (request.pushed) await usePushedRequest(call.db, call, request.pushed);
  return clientRefusal(call, request, refusal);
}

/** The request once the user who is signed in said that they are the one: `select_account` asked for no more. */
export function chosen(request: AuthorizationRequest): AuthorizationRequest {
  return { ...request, prompts: request.prompts.filter((each) => each !== "select_account") };
}

/** The session, unless the request or the client wants the user to sign in anew, or another user. */
export function usableSession(
  call: Call,
  request: AuthorizationRequest,
  { session, justSignedIn = false }: Progress,
): LoginSession | undefined {
  if (!session) return undefined;
  const { prompts, maxAgeSeconds, expectedSub, client } = request;
  if (expectedSub !== undefined && session.user.id !== expectedSub) return undefined;
  if (justSignedIn) return session;
  const ageMs = call.clock.now() - session.authTimeMs;
  const isTooOld = maxAgeSeconds !== undefined && ageMs > maxAgeSeconds * 1000;
  const asksAnew = prompts.includes("login") || prompts.includes("select_account");
  return isTooOld || asksAnew || !isFreshFor(call, client, session) ? undefined : session;
}

async function hasAgreed(
  call: Call,
  { client, pool, scopes, prompts }: AuthorizationRequest,
  { user }: LoginSession,
): Promise<boolean> {
  // OpenID Connect Core §3.1.2.1: `consent` asks again.
  if (prompts.includes("consent")) return false;
  return hasConsented(call.db, { pool, client, user, scopes });
}

async function grant(
  call: Call,
  request: AuthorizationRequest,
  session: LoginSession,
): Promise<Answer> {
  const { device } = request;
  if (device) {
    await decideOnDevice(call, device, { session, isAllowed: true });
    return { device: "allowed" };
  }
  const parameters =
    request.responseType === "code"
      ? await giveCode(call, request, session)
      : await giveTokens(call, request, session);
  return clientAnswer(call, request, parameters);
}

async function giveCode(
  call: Call,
  request: AuthorizationRequest,
  session: LoginSession,
): Promise<[string, string][]> {
  const { pool, client, target, redirectUriGiven, scopes } = request;
  const { nonce, codeChallenge, resource, dpopJkt } = request;
  const { user, authTimeMs, proved, id: loginSessionId } = session;
  const { code, store } = prepareCode(call, {
    ...{ pool, client, user },
    granted: {
      ...{ redirectUri: target.redirectUri, redirectUriGiven, scope: scopes.join(" ") },
      ...{ authTimeMs, proved, loginSessionId, nonce, codeChallenge, resource, dpopJkt },
    },
  });
  await call.change(async (trx) => {
    if (request.pushed) await usePushedRequest(trx, call, request.pushed);
    await store(trx);
  });
  return [["code", code]];
}

/** The implicit grant (RFC 6749 §4.2), with Cognito's names. */
async function giveTokens(
  call: Call,
  request: AuthorizationRequest,
  session: LoginSession,
): Promise<[string, string][]> {
  const { pool, client, scopes, nonce, resource = null } = request;
  const { user, authTimeMs, proved, id: loginSessionId } = session;
  const family = await prepareFamily(call, {
    ...{ pool, client, user, proved },
    triggerSource: "TokenGeneration_HostedAuth",
    grant: {
      ...{ authTimeMs, scope: scopes.join(" "), loginSessionId, resource, dpopJkt: null },
      ...(nonce === undefined ? {} : { nonce }),
      isImplicit: true,
    },
  });
  await call.change(async (trx) => {
    if (request.pushed) await usePushedRequest(trx, call, request.pushed);
    const current = await findUserBySub(trx, pool, user.id);
    if (!current) throw oauthError("access_denied");
    await requireWhole(trx, pool, { user: current, granted: session });
    await family.store(trx);
  });
  const { accessToken, idToken, expiresInSeconds } = family.tokens;
  return [
    ...(idToken === undefined ? [] : [["id_token", idToken] as [string, string]]),
    ["access_token", accessToken],
    ["token_type", "bearer"],
    ["expires_in", String(expiresInSeconds)],
  ];
}
