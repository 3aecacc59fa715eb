/** The function that knows whether an answer is right (AWS, "Verify Auth challenge response Lambda trigger"). */
import type { Call } from "../call.ts";
import { type CustomAuth, fireCustomAuth } from "./custom-auth.ts";
import { flagIn } from "./output.ts";

/** Asks whether the answer is right; what is neither true nor false is refused, and silence is a no. */
export async function fireVerifyAuthChallenge(
  call: Call,
  given: CustomAuth & {
    challengeAnswer: string;
    /** As the function that created the challenge gave them. */
    privateChallengeParameters: Readonly<Record<string, string>>;
  },
): Promise<boolean> {
  const { challengeAnswer, privateChallengeParameters } = given;
  const response = await fireCustomAuth(call, given, {
    trigger: "VerifyAuthChallengeResponse",
    request: { privateChallengeParameters, challengeAnswer },
    response: ["answerCorrect"],
  });
  return flagIn(response, "answerCorrect");
}
