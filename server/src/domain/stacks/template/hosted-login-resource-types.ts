/** The types of resources that hosted login and OAuth have; they stand in the table of resource-types.ts. */
import { integer, listOf, object, oneOf, replaces, required, text } from "./property-types.ts";
import { noMetadata, type ResourceType } from "./resource-type.ts";

export const userPoolDomain = {
  properties: {
    CustomDomainConfig: object({
      CertificateArn: required(text),
      SecurityPolicy: oneOf("TLS_V1", "TLS_V1_2_2021", "TLS_V1_3_2025"),
    }),
    Domain: replaces(required(text)),
    ManagedLoginVersion: integer,
    Routing: object({
      Failover: object({
        PrimaryRoute53HealthCheckId: required(text),
        SecondaryRegion: required(text),
      }),
    }),
    UserPoolId: replaces(required(text)),
  },
  attributes: ["CloudFrontDistribution"],
  withheldAttributes: {},
  metadata: noMetadata,
} as const satisfies ResourceType;

export const userPoolResourceServer = {
  properties: {
    Identifier: replaces(required(text)),
    Name: required(text),
    Scopes: listOf(object({ ScopeDescription: required(text), ScopeName: required(text) })),
    UserPoolId: replaces(required(text)),
  },
  attributes: [],
  withheldAttributes: {},
  metadata: noMetadata,
} as const satisfies ResourceType;
