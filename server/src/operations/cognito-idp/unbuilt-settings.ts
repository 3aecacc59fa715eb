/**
 * Settings of AWS's that would change how people sign in and that nothing here acts on yet. Each is refused by name,
 * never stored and ignored; docs/compatibility.md is printed from these tables.
 */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { Checked } from "../../protocol/checks.ts";

export type UnbuiltSetting<Input> = {
  /** As requests name it. */
  readonly setting: string;
  /** What it may say all the same, since it is so anyway. */
  readonly fine?: string;
  readonly reason: string;
  /** Whether a request asks for more than what is fine. */
  asks(input: Input): boolean;
};

/** What the requests that make or change a pool have in common. */
export type PoolInput = Omit<Checked<Sdk.UpdateUserPoolRequest>, "UserPoolId" | "PoolName">;

/** What the requests that make or change a client have in common. */
export type ClientInput = Omit<
  Checked<Sdk.UpdateUserPoolClientRequest>,
  "UserPoolId" | "ClientId" | "ClientName"
>;

export const unbuiltPoolSettings: readonly UnbuiltSetting<PoolInput>[] = [
  {
    setting: "LambdaConfig.InboundFederation",
    reason: "federation is not built yet",
    asks: ({ LambdaConfig }) => LambdaConfig?.InboundFederation !== undefined,
  },
  {
    setting: "Policies.SignInPolicy.AllowedFirstAuthFactors SOFTWARE_TOKEN",
    reason: "an authenticator app alone is no way to sign in here",
    asks: ({ Policies }) =>
      (Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? []).includes("SOFTWARE_TOKEN"),
  },
  {
    setting: "SmsConfiguration.EumsSms",
    reason: "AWS End User Messaging is not built yet",
    asks: ({ SmsConfiguration }) => SmsConfiguration?.EumsSms !== undefined,
  },
  {
    setting: "KeyConfiguration.KeyType",
    fine: "AWS_OWNED_KEY",
    reason: "keys of AWS KMS cannot be used here",
    asks: ({ KeyConfiguration }) => KeyConfiguration?.KeyType === "CUSTOMER_MANAGED_KEY",
  },
  {
    setting: "KeyConfiguration.KmsKeyArn",
    reason: "keys of AWS KMS cannot be used here",
    asks: ({ KeyConfiguration }) => KeyConfiguration?.KmsKeyArn !== undefined,
  },
  {
    setting: "IssuerConfiguration.Type",
    fine: "ORIGINAL",
    reason: "the extension IssuerMode chooses the issuer here",
    asks: ({ IssuerConfiguration }) => IssuerConfiguration?.Type === "UPDATED",
  },
  {
    setting: "DcrConfiguration",
    reason: "dynamic client registration is not built yet",
    asks: ({ DcrConfiguration }) => DcrConfiguration !== undefined,
  },
  {
    setting: "AcrConfiguration",
    reason: "levels of authentication are not built yet",
    asks: ({ AcrConfiguration }) => AcrConfiguration !== undefined,
  },
];

export const unbuiltClientSettings: readonly UnbuiltSetting<ClientInput>[] = [
  {
    setting: "SupportedIdentityProviders",
    fine: "COGNITO alone",
    reason: "federation is not built yet",
    asks: ({ SupportedIdentityProviders }) =>
      (SupportedIdentityProviders ?? []).some((name) => name !== "COGNITO"),
  },
  {
    setting: "AnalyticsConfiguration",
    reason: "analytics are not built yet",
    asks: ({ AnalyticsConfiguration }) => AnalyticsConfiguration !== undefined,
  },
];

export const unbuiltDomainSettings: readonly UnbuiltSetting<
  Pick<Checked<Sdk.CreateUserPoolDomainRequest>, "CustomDomainConfig" | "Routing">
>[] = [
  {
    setting: "CustomDomainConfig.SecurityPolicy",
    fine: "TLS_V1_2_2021",
    reason: "this server speaks TLS 1.2 and 1.3 whatever name it is called by",
    asks: ({ CustomDomainConfig: custom }) =>
      (custom?.SecurityPolicy ?? "TLS_V1_2_2021") !== "TLS_V1_2_2021",
  },
  {
    setting: "Routing",
    reason: "several nodes share one database instead",
    asks: ({ Routing }) => Routing !== undefined,
  },
];

export const unbuiltRiskSettings: readonly UnbuiltSetting<
  Checked<Sdk.SetRiskConfigurationRequest>
>[] = [
  {
    setting: "AccountTakeoverRiskConfiguration",
    reason: "nothing here judges how risky a sign-in is",
    asks: (input) => input.AccountTakeoverRiskConfiguration !== undefined,
  },
];

/** Refuses a request that asks for anything of the table, naming all that it asks for. */
export function refuseUnbuilt<Input>(table: readonly UnbuiltSetting<Input>[], input: Input): void {
  const asked = table.filter((each) => each.asks(input));
  if (asked.length === 0) return;
  const reasons = asked.map(
    ({ setting, fine, reason }) =>
      `${setting} cannot be set${fine === undefined ? "" : ` to more than ${fine}`}: ${reason}.`,
  );
  throw invalidParameter(reasons.join(" "));
}
