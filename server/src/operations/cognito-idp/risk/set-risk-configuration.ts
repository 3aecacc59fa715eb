import type {
  SetRiskConfigurationCommandInput,
  SetRiskConfigurationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  type GivenRiskConfiguration,
  setClientRisk,
  setPoolRisk,
} from "../../../domain/risk/risk-configuration.ts";
import { present } from "../../../lib/present.ts";
import { type Checked, required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { riskConfigurationType } from "../risk-configuration-type.ts";
import {
  AccountTakeoverRiskConfigurationType,
  CompromisedCredentialsRiskConfigurationType,
  RiskExceptionConfigurationType,
} from "../risk-shapes.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";
import { refuseUnbuilt, unbuiltRiskSettings } from "../unbuilt-settings.ts";

/** Replaces what a pool, or one of its clients, does about passwords and addresses known to be bad. */
export const SetRiskConfiguration: CognitoOperation<
  SetRiskConfigurationCommandInput,
  SetRiskConfigurationCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: ClientIdType,
    CompromisedCredentialsRiskConfiguration: CompromisedCredentialsRiskConfigurationType,
    AccountTakeoverRiskConfiguration: AccountTakeoverRiskConfigurationType,
    RiskExceptionConfiguration: RiskExceptionConfigurationType,
  },
  async handle(call, input) {
    refuseUnbuilt(unbuiltRiskSettings, input);
    const { UserPoolId: userPoolId, ClientId: clientId } = input;
    const given = readRiskConfiguration(input);
    const { settings } =
      clientId === undefined
        ? await setPoolRisk(call, userPoolId, given)
        : await setClientRisk(call, { userPoolId, clientId }, given);
    return { RiskConfiguration: riskConfigurationType({ userPoolId, clientId }, settings.risk) };
  },
};

/** An empty list is none, and a filter of none is for all. */
function readRiskConfiguration(
  input: Checked<SetRiskConfigurationCommandInput>,
): GivenRiskConfiguration {
  const passwords = input.CompromisedCredentialsRiskConfiguration;
  const { BlockedIPRangeList, SkippedIPRangeList } = input.RiskExceptionConfiguration ?? {};
  return present({
    compromisedCredentials: passwords && {
      action: passwords.Actions?.EventAction ?? "NO_ACTION",
      ...present({ occasions: filled(passwords.EventFilter) }),
    },
    blockedRanges: filled(BlockedIPRangeList),
    skippedRanges: filled(SkippedIPRangeList),
  });
}

function filled<T>(values: readonly T[] | undefined): readonly T[] | undefined {
  return values && values.length > 0 ? [...new Set(values)] : undefined;
}
