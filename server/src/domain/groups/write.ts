/** Making, changing and deleting groups. */
import { groupExists, groupLimitExceeded, groupNotFound } from "../../errors/cognito-idp.ts";
import { deleteMembersOfNoGroup } from "../../store/group-members.ts";
import {
  countGroups,
  deleteGroup as deleteRow,
  findGroup,
  insertGroup,
  updateGroup as updateRow,
} from "../../store/groups.ts";
import type { Call } from "../call.ts";
import { holdPool } from "../pools/hold.ts";
import type { UserPool } from "../pools/pool.ts";
import { type Group, groupFromRow } from "./group.ts";

/** AWS's quota. */
const maxGroupsPerPool = 10_000;

/** What a caller says of a group; what is absent was not given. */
export type GroupProperties = {
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly precedence: number | undefined;
};

/** Makes a group without members; refuses a name that is taken, and the 10,001st group of a pool. */
export async function createGroup(
  call: Call,
  pool: UserPool,
  { name, ...given }: GroupProperties & { name: string },
): Promise<Group> {
  const nowMs = call.clock.now();
  const row = {
    user_pool_id: pool.id,
    name,
    description: given.description ?? null,
    role_arn: given.roleArn ?? null,
    precedence: given.precedence ?? null,
    created_at_ms: nowMs,
    modified_at_ms: nowMs,
  };
  // A deletion that was cut short may have left members of a group of this name; they are not this one's.
  await deleteMembersOfNoGroup(call.db, { userPoolId: pool.id, groupName: name });
  await call.change(async (trx) => {
    await holdPool(trx, pool.id);
    if (!(await insertGroup(trx, row))) throw groupExists();
    if ((await countGroups(trx, pool.id)) > maxGroupsPerPool) throw groupLimitExceeded("user pool");
  });
  return groupFromRow(row);
}

/** Changes what is given of a group and leaves the rest. */
export async function updateGroup(
  call: Call,
  pool: UserPool,
  { name, description, roleArn, precedence }: GroupProperties & { name: string },
): Promise<Group> {
  const key = { userPoolId: pool.id, name };
  const set = {
    modified_at_ms: call.clock.now(),
    ...(description === undefined ? {} : { description }),
    ...(roleArn === undefined ? {} : { role_arn: roleArn }),
    ...(precedence === undefined ? {} : { precedence }),
  };
  const row = await call.change(async (trx) => {
    await updateRow(trx, key, set);
    return (await findGroup(trx, key)) ?? groupNotFound();
  });
  return groupFromRow(row);
}

/** Deletes a group. Nobody is in it from that moment; the rows that said so go in short steps, or at the next creation. */
export async function deleteGroup(call: Call, pool: UserPool, name: string): Promise<void> {
  await call.change(async (trx) => {
    if (!(await deleteRow(trx, { userPoolId: pool.id, name }))) throw groupNotFound();
  });
  await deleteMembersOfNoGroup(call.db, { userPoolId: pool.id, groupName: name });
}
