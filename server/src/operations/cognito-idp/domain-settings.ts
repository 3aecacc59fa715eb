/** Domains between what AWS's requests say and show, and the rules. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import type { Settings } from "../../domain/context.ts";
import type { GivenDomain } from "../../domain/domains/change.ts";
import {
  type ManagedLoginVersion,
  targetOfDomains,
  type UserPoolDomain,
} from "../../domain/domains/domain.ts";
import { invalidParameter } from "../../errors/cognito-idp.ts";
import { present } from "../../lib/present.ts";
import { type Checked, required } from "../../protocol/checks.ts";
import {
  CustomDomainConfigType,
  DomainType,
  RoutingType,
  WrappedIntegerType,
} from "./domain-shapes.ts";
import { UserPoolIdType } from "./shapes.ts";
import { refuseUnbuilt, unbuiltDomainSettings } from "./unbuilt-settings.ts";

/** What the requests that make or change a domain say. */
export const domainMembers = {
  Domain: required(DomainType),
  UserPoolId: required(UserPoolIdType),
  ManagedLoginVersion: WrappedIntegerType,
  CustomDomainConfig: CustomDomainConfigType,
  Routing: RoutingType,
};

/** What a request says of a domain; refuses what cannot be set. */
export function readDomain(input: Checked<Sdk.CreateUserPoolDomainRequest>): GivenDomain {
  refuseUnbuilt(unbuiltDomainSettings, input);
  const { CustomDomainConfig: custom } = input;
  return present({
    domain: input.Domain,
    managedLoginVersion: readVersion(input.ManagedLoginVersion),
    custom: custom && readCustomDomainConfig(custom),
  });
}

function readVersion(version: number | undefined): ManagedLoginVersion | undefined {
  if (version === undefined || version === 1 || version === 2) return version;
  throw invalidParameter("ManagedLoginVersion must be 1 or 2.");
}

function readCustomDomainConfig({
  CertificateArn,
  SecurityPolicy,
}: Sdk.CustomDomainConfigType): NonNullable<GivenDomain["custom"]> {
  const securityPolicy = SecurityPolicy === "TLS_V1_2_2021" ? SecurityPolicy : undefined;
  // Required by its check.
  return present({ certificateArn: CertificateArn ?? "", securityPolicy });
}

/** What the requests that make or change a domain answer; only a custom domain needs a record in DNS. */
export function domainAnswer(
  { settings }: { settings: Settings },
  domain: UserPoolDomain,
): Pick<Sdk.CreateUserPoolDomainResponse, "ManagedLoginVersion" | "CloudFrontDomain"> {
  return {
    ManagedLoginVersion: domain.managedLoginVersion,
    CloudFrontDomain: domain.isCustom ? targetOfDomains(settings) : undefined,
  };
}

/** A domain as AWS shows it. There is neither a bucket of files nor a version of AWS's app to name. */
export function domainDescriptionType(
  { settings }: { settings: Settings },
  domain: UserPoolDomain,
): Sdk.DomainDescriptionType {
  return {
    UserPoolId: domain.userPoolId,
    AWSAccountId: settings.accountId,
    Domain: domain.domain,
    CloudFrontDistribution: targetOfDomains(settings),
    Status: "ACTIVE",
    // AWS shows an empty one of a prefix.
    CustomDomainConfig: {
      CertificateArn: domain.custom?.certificateArn,
      SecurityPolicy: domain.custom?.securityPolicy,
    },
    ManagedLoginVersion: domain.managedLoginVersion,
  };
}
