import type {
  GetUserPoolMfaConfigCommandInput,
  GetUserPoolMfaConfigCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";
import { userPoolMfaType } from "../user-pool-mfa-type.ts";

export const GetUserPoolMfaConfig: CognitoOperation<
  GetUserPoolMfaConfigCommandInput,
  GetUserPoolMfaConfigCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType) },
  async handle(call, input) {
    return userPoolMfaType(await loadPool(call, input.UserPoolId));
  },
};
