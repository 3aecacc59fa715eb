/** The answer to SOFTWARE_TOKEN_MFA: a code of the user's authenticator app, each good once. */
import {
  passwordAttemptsExceeded,
  totpAlreadyUsed,
  totpCodeMismatch,
} from "../../../errors/cognito-idp.ts";
import type { ServiceError } from "../../../errors/service-error.ts";
import type { Db } from "../../../store/schema.ts";
import type { Call } from "../../call.ts";
import { acceptCode, areCodesLocked, codeLockOf, countWrongCode } from "../../mfa/code-lock.ts";
import { takeTotpCode } from "../../mfa/software-token.ts";
import type { UserPool } from "../../pools/pool.ts";
import type { User } from "../../users/user.ts";
import { takeOpenChallenge } from "../challenge.ts";
import { goOn } from "../go-on.ts";
import { withProof } from "../progress.ts";
import { type Given, type Outcome, requireParameter, type SignIn } from "../sign-in.ts";
import { decide, type Opened, openAnswer, requireStanding } from "./open-answer.ts";
import { passByRecoveryCode } from "./recovery-code.ts";

/** Takes the code, or a recovery code in its place; a wrong one leaves the Session good. */
export async function answerSoftwareToken(
  call: Call,
  signIn: SignIn,
  given: Given,
): Promise<Outcome> {
  const { pool } = signIn;
  const code = requireParameter(given.parameters, "SOFTWARE_TOKEN_MFA_CODE");
  const opened = await openAnswer(call, signIn, { name: "SOFTWARE_TOKEN_MFA", given });
  const user = requireStanding(opened);
  const byPaper = await passByRecoveryCode(call, pool, { opened, user, code });
  if (byPaper) return goOn(call, signIn, byPaper);
  await decide(call, (trx) => settleGuess(trx, call, { pool, opened, user, code }));
  const progress = withProof(opened.state.progress, "SOFTWARE_TOKEN_MFA");
  return goOn(call, signIn, { name: opened.who.name, user, progress });
}

async function settleGuess(
  trx: Db,
  call: Call,
  given: { pool: UserPool; opened: Opened; user: User; code: string },
): Promise<ServiceError | undefined> {
  const { pool, opened, user, code } = given;
  const lock = codeLockOf(pool, user);
  if (await areCodesLocked(trx, call, lock)) return passwordAttemptsExceeded();
  const outcome = await takeTotpCode(trx, call, { pool, user, code });
  if (outcome === "wrong") return countWrongCode(trx, call, { lock, refusal: totpCodeMismatch() });
  if (outcome === "used") return totpAlreadyUsed();
  await takeOpenChallenge(trx, call, opened.challenge);
  return acceptCode(trx, call, lock);
}
