/** The function that decides what a custom flow asks next (AWS, "Define Auth challenge Lambda trigger"). */
import { unrecognizableLambdaOutput } from "../../errors/cognito-idp.ts";
import type { ChallengeResult } from "../auth/progress.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import { type CustomAuth, fireCustomAuth } from "./custom-auth.ts";
import { functionOf } from "./fire.ts";
import { flagIn, textIn } from "./output.ts";

/** What the function may name, as AWS lists it; whether it is possible now is for the flow to know. */
const definableChallenges = [
  "CUSTOM_CHALLENGE",
  "PASSWORD_VERIFIER",
  "SMS_MFA",
  "EMAIL_OTP",
  "SOFTWARE_TOKEN_MFA",
  "DEVICE_SRP_AUTH",
  "DEVICE_PASSWORD_VERIFIER",
  "ADMIN_NO_SRP_AUTH",
] as const;
export type DefinableChallenge = (typeof definableChallenges)[number];

export type DefinedStep =
  | { readonly kind: "challenge"; readonly challengeName: DefinableChallenge }
  | { readonly kind: "tokens" }
  | { readonly kind: "failed" };

const maxNameCharacters = 64;

/** Whether a pool can begin a custom flow. Where a function is missing that it comes to later, it ends there. */
export function hasCustomAuth(pool: UserPool): boolean {
  return functionOf(pool.settings.lambdaConfig, "DefineAuthChallenge") !== undefined;
}

/**
 * Asks what comes next. What fails wins over tokens, and tokens over a challenge. Nobody gets tokens who is not in the
 * pool, whatever the function says. Throws InvalidLambdaResponseException where it says nothing, or names a challenge
 * that AWS does not have.
 */
export async function fireDefineAuthChallenge(
  call: Call,
  given: CustomAuth & { session: readonly ChallengeResult[] },
): Promise<DefinedStep> {
  const response = await fireCustomAuth(call, given, {
    trigger: "DefineAuthChallenge",
    request: { session: sessionInEvent(given.session) },
    response: ["challengeName", "issueTokens", "failAuthentication"],
  });
  const step = readStep(response);
  return step.kind === "tokens" && !given.user ? { kind: "failed" } : step;
}

/** The session as events carry it: whatever has no metadata says so. */
export function sessionInEvent(session: readonly ChallengeResult[]): object[] {
  return session.map(({ challengeName, challengeResult, challengeMetadata = null }) => ({
    challengeName,
    challengeResult,
    challengeMetadata,
  }));
}

function readStep(response: Readonly<Record<string, unknown>>): DefinedStep {
  const fails = flagIn(response, "failAuthentication");
  const issuesTokens = flagIn(response, "issueTokens");
  const named = textIn(response, "challengeName", maxNameCharacters);
  if (fails) return { kind: "failed" };
  if (issuesTokens) return { kind: "tokens" };
  const challengeName = definableChallenges.find((name) => name === named);
  if (challengeName === undefined) throw unrecognizableLambdaOutput();
  return { kind: "challenge", challengeName };
}
