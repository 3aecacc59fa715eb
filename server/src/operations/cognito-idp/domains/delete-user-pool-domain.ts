import type {
  DeleteUserPoolDomainCommandInput,
  DeleteUserPoolDomainCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { deleteDomain } from "../../../domain/domains/change.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { required } from "../../../protocol/checks.ts";
import { DomainType } from "../domain-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";

export const DeleteUserPoolDomain: CognitoOperation<
  DeleteUserPoolDomainCommandInput,
  DeleteUserPoolDomainCommandOutput
> = {
  caller: "iam",
  input: { Domain: required(DomainType), UserPoolId: required(UserPoolIdType) },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    await deleteDomain(call, pool, input.Domain);
    return {};
  },
};
