import type {
  DescribeUserPoolDomainCommandInput,
  DescribeUserPoolDomainCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { findDomain } from "../../../domain/domains/domain.ts";
import { required } from "../../../protocol/checks.ts";
import { domainDescriptionType } from "../domain-settings.ts";
import { DomainType } from "../domain-shapes.ts";
import type { CognitoOperation } from "../operation.ts";

export const DescribeUserPoolDomain: CognitoOperation<
  DescribeUserPoolDomainCommandInput,
  DescribeUserPoolDomainCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { Domain: required(DomainType) },
  async handle(call, input) {
    const domain = await findDomain(call.db, input.Domain);
    // One of another region is not told from one that nobody has.
    const isHere = domain?.userPoolId.startsWith(`${call.principal.region}_`);
    return { DomainDescription: domain && isHere ? domainDescriptionType(call, domain) : {} };
  },
};
