import type {
  UpdateUserPoolDomainCommandInput,
  UpdateUserPoolDomainCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { updateDomain } from "../../../domain/domains/change.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { domainAnswer, domainMembers, readDomain } from "../domain-settings.ts";
import type { CognitoOperation } from "../operation.ts";

export const UpdateUserPoolDomain: CognitoOperation<
  UpdateUserPoolDomainCommandInput,
  UpdateUserPoolDomainCommandOutput
> = {
  caller: "iam",
  input: domainMembers,
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    return domainAnswer(call, await updateDomain(call, pool, readDomain(input)));
  },
};
