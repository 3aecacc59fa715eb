/** What ends when a user's password is changed or reset: whoever came in by the old one, and codes asked for before. */
import { deleteUserChallenges } from "../../store/challenges.ts";
import { deleteCodes } from "../../store/codes.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { endSessionsOf } from "../logout/end-sessions.ts";
import type { UserPool } from "../pools/pool.ts";
import { signOutElsewhere, signOutEverywhere } from "../tokens/revoke.ts";
import type { User } from "./user.ts";

/**
 * Voids every code of the user, and ends sign-ins that are under way and sessions of browsers; the hardened profile also
 * ends all sign-ins there are but the one to keep. Cognito leaves those.
 */
export async function retireAccess(
  trx: Db,
  call: Call,
  given: { pool: UserPool; user: User; keepFamilyId?: string | undefined },
): Promise<void> {
  const { pool, user, keepFamilyId } = given;
  const key = { userPoolId: pool.id, userId: user.id };
  await deleteCodes(trx, key);
  if (pool.extensions.profile !== "hardened") {
    await deleteUserChallenges(trx, key);
    await endSessionsOf(trx, call, { user, everywhere: false, keepFamilyId });
  } else if (keepFamilyId === undefined) await signOutEverywhere(trx, call, user);
  else await signOutElsewhere(trx, call, { user, keepFamilyId });
}
