import { oauthError } from "../../errors/oauth.ts";
import type { Db } from "../../store/schema.ts";
import { nextStep } from "../auth/next-step.ts";
import type { Proof } from "../auth/progress.ts";
import { standingOf } from "../auth/standing.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";

/** The sign-in that a grant rests on. */
type Rests = { readonly authTimeMs: number; readonly proved: readonly Proof[] };

/**
 * Whether a sign-in still counts: its user may sign in, was not signed out everywhere since, and need not prove a factor
 * by now that the sign-in had not asked for.
 */
export async function isWhole(
  db: Db,
  pool: UserPool,
  { user, granted }: { user: User; granted: Rests },
): Promise<boolean> {
  const { authTimeMs, proved } = granted;
  const progress = { flow: "USER_AUTH", proved, passwordHash: user.passwordHash } as const;
  const standing = await standingOf(db, pool, { user, progress });
  return (
    user.enabled &&
    !["RESET_REQUIRED", "UNCONFIRMED"].includes(user.status) &&
    user.tokensValidFromMs <= authTimeMs &&
    nextStep(standing).next === "TOKENS"
  );
}

/** Refuses a grant whose sign-in counts no more. */
export async function requireWhole(
  db: Db,
  pool: UserPool,
  grant: { user: User; granted: Rests },
): Promise<void> {
  if (!(await isWhole(db, pool, grant))) throw oauthError("invalid_grant");
}
