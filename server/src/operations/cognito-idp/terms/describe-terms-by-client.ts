import type {
  DescribeTermsByClientCommandInput,
  DescribeTermsByClientCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadTermsOfClient } from "../../../domain/terms/terms.ts";
import { required } from "../../../protocol/checks.ts";
import { TermsNameType } from "../branding-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";
import { termsType } from "../terms-type.ts";

export const DescribeTermsByClient: CognitoOperation<
  DescribeTermsByClientCommandInput,
  DescribeTermsByClientCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    ClientId: required(ClientIdType),
    UserPoolId: required(UserPoolIdType),
    TermsName: required(TermsNameType),
  },
  async handle(call, { UserPoolId, ClientId, TermsName }) {
    const pool = await loadPool(call, UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: ClientId });
    return { Terms: termsType(await loadTermsOfClient(call.db, client, TermsName)) };
  },
};
