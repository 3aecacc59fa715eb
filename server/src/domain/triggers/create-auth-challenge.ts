/** The function that makes what a custom flow asks (AWS, "Create Auth challenge Lambda trigger"). */
import { unrecognizableLambdaOutput } from "../../errors/cognito-idp.ts";
import type { ChallengeResult } from "../auth/progress.ts";
import type { Call } from "../call.ts";
import { type CustomAuth, fireCustomAuth } from "./custom-auth.ts";
import { sessionInEvent } from "./define-auth-challenge.ts";
import { textIn, textsByNameIn } from "./output.ts";

export type CreatedChallenge = {
  /** ChallengeParameters, as the client gets them. */
  readonly publicChallengeParameters: Readonly<Record<string, string>>;
  /** For the function that verifies the answer; the client must never see them. */
  readonly privateChallengeParameters: Readonly<Record<string, string>>;
  /** What the function calls the challenge; later events carry it in `session`. */
  readonly challengeMetadata?: string;
};

/** AWS names no bounds; the first go to the client with the answer, the others wait sealed in the challenge. */
const maxParameters = 20;
const maxNameCharacters = 128;
const maxValueCharacters = 4096;
const maxCharacters = 16_384;
const maxMetadataCharacters = 1024;

/** Asks for a challenge. Throws InvalidLambdaResponseException where its parameters are no texts, or beyond the bounds. */
export async function fireCreateAuthChallenge(
  call: Call,
  given: CustomAuth & { challengeName: string; session: readonly ChallengeResult[] },
): Promise<CreatedChallenge> {
  const { challengeName, session } = given;
  const response = await fireCustomAuth(call, given, {
    trigger: "CreateAuthChallenge",
    request: { challengeName, session: sessionInEvent(session) },
    response: ["publicChallengeParameters", "privateChallengeParameters", "challengeMetadata"],
  });
  const challengeMetadata = textIn(response, "challengeMetadata", maxMetadataCharacters);
  return {
    publicChallengeParameters: parametersIn(response, "publicChallengeParameters"),
    privateChallengeParameters: parametersIn(response, "privateChallengeParameters"),
    ...(challengeMetadata === undefined ? {} : { challengeMetadata }),
  };
}

function parametersIn(
  response: Readonly<Record<string, unknown>>,
  member: string,
): Readonly<Record<string, string>> {
  const parameters = textsByNameIn(response, member, maxParameters) ?? {};
  const entries = Object.entries(parameters);
  const characters = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  const isTooLong = entries.some(
    ([name, value]) => name.length > maxNameCharacters || value.length > maxValueCharacters,
  );
  if (isTooLong || characters > maxCharacters) throw unrecognizableLambdaOutput();
  return parameters;
}
