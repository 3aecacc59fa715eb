import type {
  CreateUserPoolDomainCommandInput,
  CreateUserPoolDomainCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { createDomain } from "../../../domain/domains/change.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { domainAnswer, domainMembers, readDomain } from "../domain-settings.ts";
import type { CognitoOperation } from "../operation.ts";

export const CreateUserPoolDomain: CognitoOperation<
  CreateUserPoolDomainCommandInput,
  CreateUserPoolDomainCommandOutput
> = {
  caller: "iam",
  input: domainMembers,
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    return domainAnswer(call, await createDomain(call, pool, readDomain(input)));
  },
};
