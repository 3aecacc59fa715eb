import type {
  UpdateUserPoolCommandInput,
  UpdateUserPoolCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { replaceSettings } from "../../../domain/pools/change.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { present } from "../../../lib/present.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { poolMembers, readReplaceableSettings } from "../pool-settings.ts";
import { UserPoolNameType } from "../pool-shapes.ts";
import { UserPoolIdType } from "../shapes.ts";

export const UpdateUserPool: CognitoOperation<
  UpdateUserPoolCommandInput,
  UpdateUserPoolCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    PoolName: UserPoolNameType,
    ...poolMembers,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const settings = readReplaceableSettings(input);
    await replaceSettings(call, pool.id, present({ name: input.PoolName, settings }));
    return {};
  },
};
