/** AWS's shapes of risk configurations, each stated once. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import { list, oneOf, required, string, structure } from "../../protocol/checks.ts";
import { ArnType, BooleanType, StringType } from "./shapes.ts";

export const CompromisedCredentialsEventActionType = oneOf("BLOCK", "NO_ACTION");
export const CompromisedCredentialsActionsType = structure<Sdk.CompromisedCredentialsActionsType>({
  EventAction: required(CompromisedCredentialsEventActionType),
});
export const EventFilterType = oneOf("SIGN_IN", "PASSWORD_CHANGE", "SIGN_UP");
export const EventFiltersType = list(EventFilterType);
export const CompromisedCredentialsRiskConfigurationType =
  structure<Sdk.CompromisedCredentialsRiskConfigurationType>({
    EventFilter: EventFiltersType,
    Actions: required(CompromisedCredentialsActionsType),
  });
export const EmailNotificationSubjectType = string({
  min: 1,
  max: 140,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\s]+`,
});
export const EmailNotificationBodyType = string({
  min: 6,
  max: 20_000,
  pattern: String.raw`[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]+`,
});
export const NotifyEmailType = structure<Sdk.NotifyEmailType>({
  Subject: required(EmailNotificationSubjectType),
  HtmlBody: EmailNotificationBodyType,
  TextBody: EmailNotificationBodyType,
});
export const NotifyConfigurationType = structure<Sdk.NotifyConfigurationType>({
  From: StringType,
  ReplyTo: StringType,
  SourceArn: required(ArnType),
  BlockEmail: NotifyEmailType,
  NoActionEmail: NotifyEmailType,
  MfaEmail: NotifyEmailType,
});
export const AccountTakeoverEventActionType = oneOf(
  "BLOCK",
  "MFA_IF_CONFIGURED",
  "MFA_REQUIRED",
  "NO_ACTION",
);
export const AccountTakeoverActionType = structure<Sdk.AccountTakeoverActionType>({
  Notify: required(BooleanType),
  EventAction: required(AccountTakeoverEventActionType),
});
export const AccountTakeoverActionsType = structure<Sdk.AccountTakeoverActionsType>({
  LowAction: AccountTakeoverActionType,
  MediumAction: AccountTakeoverActionType,
  HighAction: AccountTakeoverActionType,
});
export const AccountTakeoverRiskConfigurationType =
  structure<Sdk.AccountTakeoverRiskConfigurationType>({
    NotifyConfiguration: NotifyConfigurationType,
    Actions: required(AccountTakeoverActionsType),
  });
export const IPRangeListType = list(StringType, { max: 200 });
export const RiskExceptionConfigurationType = structure<Sdk.RiskExceptionConfigurationType>({
  BlockedIPRangeList: IPRangeListType,
  SkippedIPRangeList: IPRangeListType,
});
