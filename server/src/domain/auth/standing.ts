/** Where a sign-in stands, read from the database: before it goes on, and again in the transaction that issues tokens. */
import { incorrectUsernameOrPassword } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import type { UserPool } from "../pools/pool.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import { requireEnabled } from "./candidate.ts";
import type { Standing } from "./next-step.ts";
import type { Progress } from "./progress.ts";

/** What the machine decides by. */
export async function standingOf(
  _db: Db,
  pool: UserPool,
  { user, progress }: { user: User; progress: Progress },
): Promise<Standing> {
  return { pool, user, progress, deviceIsRemembered: false };
}

/** The user as the transaction sees it; throws when it is gone, disabled or has another password than the one that was proved. */
export async function requireUnchanged(trx: Db, pool: UserPool, user: User): Promise<User> {
  const current = await findUserBySub(trx, pool, user.id);
  if (!current || current.passwordHash !== user.passwordHash) throw incorrectUsernameOrPassword();
  requireEnabled(current);
  return current;
}
