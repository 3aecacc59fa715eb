/** A recovery code in place of the code of a second factor that is lost. */
import { codeMismatch, passwordAttemptsExceeded } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { acceptCode, areCodesLocked, codeLockOf, countWrongCode } from "../../mfa/code-lock.ts";
import { isRecoveryCode, takeRecoveryCode } from "../../mfa/recovery-codes.ts";
import type { UserPool } from "../../pools/pool.ts";
import type { User } from "../../users/user.ts";
import { takeOpenChallenge } from "../challenge.ts";
import type { Proved } from "../go-on.ts";
import { withProof } from "../progress.ts";
import { decide, type Opened } from "./open-answer.ts";

/** Takes a code that has the form of one, in pools that have them; undefined for any other code. */
export async function passByRecoveryCode(
  call: Call,
  pool: UserPool,
  { opened, user, code }: { opened: Opened; user: User; code: string },
): Promise<Proved | undefined> {
  if (pool.extensions.recoveryCodes === "off" || !isRecoveryCode(code)) return undefined;
  const lock = codeLockOf(pool, user);
  await decide(call, async (trx) => {
    if (await areCodesLocked(trx, call, lock)) return passwordAttemptsExceeded();
    if (!(await takeRecoveryCode(trx, call, { pool, user, code }))) {
      return countWrongCode(trx, call, { lock, refusal: codeMismatch() });
    }
    await takeOpenChallenge(trx, call, opened.challenge);
    return acceptCode(trx, call, lock);
  });
  call.about.more["recoveryCode"] = true;
  const progress = withProof(opened.state.progress, "RECOVERY_CODE");
  return { name: opened.who.name, user, progress };
}
