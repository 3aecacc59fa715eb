/** Groups of a pool: names that tokens carry, with a role and a rank. */
import { groupNotFound } from "../../errors/cognito-idp.ts";
import { pageGroupsOfUser } from "../../store/group-members.ts";
import { findGroup, type GroupRow } from "../../store/groups.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";

export type Group = {
  readonly name: string;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  /** The lower, the stronger. */
  readonly precedence: number | undefined;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

/** AWS's quota of groups a user may be in. */
export const maxGroupsPerUser = 100;

export function groupFromRow(row: GroupRow): Group {
  return {
    name: row.name,
    description: row.description ?? undefined,
    roleArn: row.role_arn ?? undefined,
    precedence: row.precedence ?? undefined,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

/** The group of this pool that a call names; throws AWS's refusal for an unknown one. */
export async function loadGroup(call: Call, pool: UserPool, name: string): Promise<Group> {
  const row = await findGroup(call.db, { userPoolId: pool.id, name });
  if (!row) throw groupNotFound();
  return groupFromRow(row);
}

/** The groups that a user's tokens name, strongest first; ties and groups without precedence by name. */
export async function groupsOf(db: Db, pool: UserPool, user: User): Promise<Group[]> {
  const rows = await pageGroupsOfUser(db, {
    userPoolId: pool.id,
    userId: user.id,
    limit: maxGroupsPerUser,
  });
  return rows
    .map(groupFromRow)
    .sort((one, other) => (one.precedence ?? Infinity) - (other.precedence ?? Infinity));
}

/**
 * The roles of all groups; the preferred one is that of the lowest precedence, and left out when groups tie for it with
 * different roles (AWS, "Adding groups to a user pool").
 */
export function rolesOf(groups: readonly Group[]): {
  readonly roles: readonly string[];
  readonly preferredRole: string | undefined;
} {
  const withRole = groups.flatMap(({ roleArn, precedence = Infinity }) =>
    roleArn === undefined ? [] : [{ roleArn, precedence }],
  );
  const lowest = Math.min(...withRole.map(({ precedence }) => precedence));
  const preferred = new Set(
    withRole.filter(({ precedence }) => precedence === lowest).map(({ roleArn }) => roleArn),
  );
  return {
    roles: [...new Set(withRole.map(({ roleArn }) => roleArn))],
    preferredRole: preferred.size === 1 ? [...preferred][0] : undefined,
  };
}
