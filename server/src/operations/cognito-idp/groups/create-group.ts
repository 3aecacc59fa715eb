import type {
  CreateGroupCommandInput,
  CreateGroupCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { createGroup } from "../../../domain/groups/write.ts";
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

export const CreateGroup: CognitoOperation<CreateGroupCommandInput, CreateGroupCommandOutput> = {
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
    const group = await createGroup(call, pool, {
      name: input.GroupName,
      description: input.Description,
      roleArn: input.RoleArn,
      precedence: input.Precedence,
    });
    return { Group: groupType(pool, group) };
  },
};
