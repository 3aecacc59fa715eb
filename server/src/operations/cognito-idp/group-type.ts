import type { GroupType } from "@aws-sdk/client-cognito-identity-provider";
import type { Group } from "../../domain/groups/group.ts";
import type { UserPool } from "../../domain/pools/pool.ts";

/** A group as AWS shows it; what it does not have is left out. */
export function groupType(pool: UserPool, group: Group): GroupType {
  return {
    GroupName: group.name,
    UserPoolId: pool.id,
    Description: group.description,
    RoleArn: group.roleArn,
    Precedence: group.precedence,
    LastModifiedDate: new Date(group.modifiedAtMs),
    CreationDate: new Date(group.createdAtMs),
  };
}
