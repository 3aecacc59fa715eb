import type {
  AdminAddUserToGroupCommandInput,
  AdminAddUserToGroupCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadGroup } from "../../../domain/groups/group.ts";
import { addToGroup } from "../../../domain/groups/members.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { GroupNameType, UsernameType, UserPoolIdType } from "../shapes.ts";

export const AdminAddUserToGroup: CognitoOperation<
  AdminAddUserToGroupCommandInput,
  AdminAddUserToGroupCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    GroupName: required(GroupNameType),
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const group = await loadGroup(call, pool, input.GroupName);
    await addToGroup(call, { group, user });
    return {};
  },
};
