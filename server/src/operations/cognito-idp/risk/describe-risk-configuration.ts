import type {
  DescribeRiskConfigurationCommandInput,
  DescribeRiskConfigurationCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { requireThreatProtection } from "../../../domain/risk/threat-protection.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { riskConfigurationType } from "../risk-configuration-type.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";

/** Shows the risk configuration of a pool, or that of a client's own. */
export const DescribeRiskConfiguration: CognitoOperation<
  DescribeRiskConfigurationCommandInput,
  DescribeRiskConfigurationCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { UserPoolId: required(UserPoolIdType), ClientId: ClientIdType },
  async handle(call, { UserPoolId, ClientId: clientId }) {
    const pool = await loadPool(call, UserPoolId);
    requireThreatProtection(pool);
    const { settings } =
      clientId === undefined ? pool : await loadClientOfPool(call, { pool, clientId });
    return {
      RiskConfiguration: riskConfigurationType({ userPoolId: pool.id, clientId }, settings.risk),
    };
  },
};
