/** A risk configuration as both operations show it. */
import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import type { RiskConfiguration } from "../../domain/risk/risk-configuration.ts";
import { copyList } from "../../lib/copy-list.ts";

/** AWS's RiskConfigurationType; of one that was never set, whose it would be. */
export function riskConfigurationType(
  of: { userPoolId: string; clientId: string | undefined },
  risk: RiskConfiguration | undefined,
): Sdk.RiskConfigurationType {
  const { compromisedCredentials: passwords, blockedRanges, skippedRanges } = risk ?? {};
  const hasExceptions = blockedRanges !== undefined || skippedRanges !== undefined;
  return {
    UserPoolId: of.userPoolId,
    ClientId: of.clientId,
    CompromisedCredentialsRiskConfiguration: passwords && {
      EventFilter: copyList(passwords.occasions),
      Actions: { EventAction: passwords.action },
    },
    RiskExceptionConfiguration: hasExceptions
      ? {
          BlockedIPRangeList: copyList(blockedRanges),
          SkippedIPRangeList: copyList(skippedRanges),
        }
      : undefined,
    LastModifiedDate: risk && new Date(risk.modifiedAtMs),
  };
}
