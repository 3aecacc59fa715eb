import type {
  UpdateGroupCommandInput,
  UpdateGroupCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { updateGroup } from "../../../domain/groups/write.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { groupType } from "../group-type.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  ArnType,
  DescriptionType,
  GroupNameType,
  PrecedenceType,
  UserPoolIdType,
} from "../shapes.ts";

export const UpdateGroup: CognitoOperation<UpdateGroupCommandInput, UpdateGroupCommandOutput> = {
  caller: "iam",
  input: {
    GroupName: required(GroupNameType),
    UserPoolId: required(UserPoolIdType),
    Description: DescriptionType,
    RoleArn: ArnType,
    Precedence: PrecedenceType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const group = await updateGroup(call, pool, {
      name: input.GroupName,
      description: input.Description,
      roleArn: input.RoleArn,
      precedence: input.Precedence,
    });
    return { Group: groupType(pool, group) };
  },
};
