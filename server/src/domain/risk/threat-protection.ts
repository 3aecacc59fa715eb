/** Threat protection: whether a pool watches what its users do, and what is said of what it saw. */
import { addOnNotEnabled, authEventNotFound } from "../../errors/cognito-idp.ts";
import { setAuthEventFeedback } from "../../store/auth-events.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import type { Feedback } from "./auth-event.ts";

/** Refuses what is only there where threat protection is on. */
export function requireThreatProtection({ settings }: UserPool): void {
  const { advancedSecurityMode = "OFF", customAuthMode } = settings;
  if (advancedSecurityMode === "OFF" && customAuthMode === undefined) throw addOnNotEnabled();
}

/** Keeps what an administrator says of an event of a user, in place of what was said before. */
export async function giveFeedback(
  call: Call,
  { pool, user }: { pool: UserPool; user: User },
  { eventId, value }: { eventId: string; value: Feedback["value"] },
): Promise<void> {
  const feedback: Feedback = { value, provider: "Admin", atMs: call.clock.now() };
  await call.change(async (trx) => {
    const stored = await setAuthEventFeedback(trx, {
      userPoolId: pool.id,
      userId: user.id,
      id: eventId,
      feedback: JSON.stringify(feedback),
    });
    if (!stored) throw authEventNotFound();
  });
}
