/** Who is in which group. */
import { groupLimitExceeded, userNotFound } from "../../errors/cognito-idp.ts";
import {
  deleteGroupMember,
  insertGroupMember,
  pageGroupsOfUser,
} from "../../store/group-members.ts";
import { updateUser } from "../../store/users.ts";
import type { Call } from "../call.ts";
import type { User } from "../users/user.ts";
import { type Group, maxGroupsPerUser } from "./group.ts";

type Membership = { readonly group: Group; readonly user: User };

/** Puts a user into a group, which may have happened before; refuses the 101st group of a user. */
export async function addToGroup(call: Call, { group, user }: Membership): Promise<void> {
  const { userPoolId, id: userId } = user;
  await call.change(async (trx) => {
    // Writing the user's row makes two additions meet, which would otherwise each count without the other.
    const isThere = await updateUser(trx, { userPoolId, id: userId }, { set: { id: userId } });
    if (!isThere) throw userNotFound();
    await insertGroupMember(trx, {
      user_pool_id: userPoolId,
      group_name: group.name,
      user_id: userId,
      added_at_ms: call.clock.now(),
    });
    const groups = await pageGroupsOfUser(trx, { userPoolId, userId, limit: maxGroupsPerUser + 1 });
    if (groups.length > maxGroupsPerUser) throw groupLimitExceeded("user");
  });
}

/** Takes a user out of a group, as AWS does also for one who is not in it. */
export async function removeFromGroup(call: Call, { group, user }: Membership): Promise<void> {
  const { userPoolId, id: userId } = user;
  await call.change(async (trx) => {
    await deleteGroupMember(trx, { userPoolId, groupName: group.name, userId });
  });
}
