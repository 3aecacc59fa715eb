import type {
  GetGroupCommandInput,
  GetGroupCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadGroup } from "../../../domain/groups/group.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { groupType } from "../group-type.ts";
import type { CognitoOperation } from "../operation.ts";
import { GroupNameType, UserPoolIdType } from "../shapes.ts";

export const GetGroup: CognitoOperation<GetGroupCommandInput, GetGroupCommandOutput> = {
  caller: "iam",
  readOnly: true,
  input: { GroupName: required(GroupNameType), UserPoolId: required(UserPoolIdType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    return { Group: groupType(pool, await loadGroup(call, pool, input.GroupName)) };
  },
};
