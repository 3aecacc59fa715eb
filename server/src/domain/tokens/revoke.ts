/** Ending sign-ins: one family, or all of a user. */
import { deleteUserChallenges } from "../../store/challenges.ts";
import type { Db } from "../../store/schema.ts";
import { revokeUserTokenFamilies } from "../../store/token-families.ts";
import { updateUser } from "../../store/users.ts";
import type { Call } from "../call.ts";
import type { User } from "../users/user.ts";

/**
 * Ends every sign-in of a user, in the transaction of what calls for it: refresh and access tokens are dead, and so are
 * the challenges that are under way.
 */
export async function signOutEverywhere(trx: Db, call: Call, user: User): Promise<void> {
  const { userPoolId, id: userId } = user;
  const nowMs = call.clock.now();
  await revokeUserTokenFamilies(trx, { userPoolId, userId, nowMs });
  await deleteUserChallenges(trx, { userPoolId, userId });
  // For tokens that carry no `origin_jti` to tell their family by.
  await updateUser(trx, { userPoolId, id: userId }, { set: { tokens_valid_from_ms: nowMs } });
}
