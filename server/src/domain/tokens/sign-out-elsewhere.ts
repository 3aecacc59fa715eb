import { deleteUserChallenges } from "../../store/challenges.ts";
import type { Db } from "../../store/schema.ts";
import { revokeUserTokenFamilies } from "../../store/token-families.ts";
import { updateUser } from "../../store/users.ts";
import type { Call } from "../call.ts";
import type { User } from "../users/user.ts";

/** Ends every sign-in of a user but the one that asks for it, in the transaction of what calls for it. */
export async function signOutElsewhere(
  trx: Db,
  call: Call,
  { user, keepFamilyId }: { user: User; keepFamilyId: string },
): Promise<void> {
  const { userPoolId, id: userId } = user;
  const nowMs = call.clock.now();
  await revokeUserTokenFamilies(trx, { userPoolId, userId, exceptId: keepFamilyId, nowMs });
  await deleteUserChallenges(trx, { userPoolId, userId });
  // The family that stays is known, so its tokens are judged by it and not by this moment.
  await updateUser(trx, { userPoolId, id: userId }, { set: { tokens_valid_from_ms: nowMs } });
}
