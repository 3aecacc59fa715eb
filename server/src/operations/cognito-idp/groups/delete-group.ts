import type {
  DeleteGroupCommandInput,
  DeleteGroupCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { deleteGroup } from "../../../domain/groups/write.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { GroupNameType, UserPoolIdType } from "../shapes.ts";

export const DeleteGroup: CognitoOperation<DeleteGroupCommandInput, DeleteGroupCommandOutput> = {
  caller: "iam",
  input: { GroupName: required(GroupNameType), UserPoolId: required(UserPoolIdType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    await deleteGroup(call, pool, input.GroupName);
    return {};
  },
};
