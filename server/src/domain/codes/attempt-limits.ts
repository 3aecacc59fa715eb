/** How often in an hour one user may be asked for, or sent, what proves them (AWS, "Quotas in Amazon Cognito"). */
import { attemptLimitExceeded } from "../../errors/cognito-idp.ts";
import { countUp } from "../../store/counters.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";

const hourMs = 3_600_000;

/** AWS lets ForgotPassword and ConfirmForgotPassword happen 5 to 20 times by risk; here sending is the dear one. */
const perHour = {
  "resend-sign-up-code": 5,
  "confirm-sign-up": 15,
  "send-reset-code": 5,
  "confirm-reset": 15,
  "change-password": 5,
  "send-sign-in-code": 20,
  // Apart from the other: whoever knows but a name cannot use up those of a user who proved the password.
  "send-factor-code": 20,
  "send-attribute-code": 5,
  "verify-attribute": 15,
} as const;

export type LimitedAction = keyof typeof perHour;

/** Counts one attempt, committed at once; throws LimitExceededException past the hour's limit. `subject` is the `sub`, or what stands for an unknown name. */
export async function countAttempt(
  call: Call,
  pool: UserPool,
  attempt: { action: LimitedAction; subject: string },
): Promise<void> {
  const { allowed } = await countUp(call.db, {
    name: `${pool.id}/${attempt.action}/${attempt.subject}`,
    limit: perHour[attempt.action],
    windowMs: hourMs,
    nowMs: call.clock.now(),
  });
  if (!allowed) throw attemptLimitExceeded();
}
