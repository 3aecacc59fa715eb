/** AWS's shapes of domains and resource servers, each stated once. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import { integer, list, oneOf, required, string, structure } from "../../protocol/checks.ts";
import { ArnType } from "./shapes.ts";

/** The published pattern has no full stop, which every custom domain has: AWS holds it against prefixes alone. */
export const DomainType = string({ min: 1, max: 63 });
export const WrappedIntegerType = integer();
export const SecurityPolicyType = oneOf("TLS_V1", "TLS_V1_2_2021", "TLS_V1_3_2025");
export const CustomDomainConfigType = structure<Sdk.CustomDomainConfigType>({
  CertificateArn: required(ArnType),
  SecurityPolicy: SecurityPolicyType,
});
export const RegionNameType = string({ min: 5, max: 32 });
export const HealthCheckIdType = string({ max: 64 });
export const FailoverType = structure<Sdk.FailoverType>({
  SecondaryRegion: required(RegionNameType),
  PrimaryRoute53HealthCheckId: required(HealthCheckIdType),
});
export const RoutingType = structure<Sdk.RoutingType>({ Failover: FailoverType });
export const ResourceServerIdentifierType = string({
  min: 1,
  max: 256,
  pattern: String.raw`[\x21\x23-\x5B\x5D-\x7E]+`,
});
export const ResourceServerNameType = string({
  min: 1,
  max: 256,
  pattern: String.raw`[\w\s+=,.@-]+`,
});
export const ResourceServerScopeNameType = string({
  min: 1,
  max: 256,
  pattern: String.raw`[\x21\x23-\x2E\x30-\x5B\x5D-\x7E]+`,
});
export const ResourceServerScopeDescriptionType = string({ min: 1, max: 256 });
export const ResourceServerScopeType = structure<Sdk.ResourceServerScopeType>({
  ScopeName: required(ResourceServerScopeNameType),
  ScopeDescription: required(ResourceServerScopeDescriptionType),
});
export const ResourceServerScopeListType = list(ResourceServerScopeType, { max: 100 });
export const ListResourceServersLimitType = integer({ min: 1, max: 50 });
