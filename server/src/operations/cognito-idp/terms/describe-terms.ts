import type {
  DescribeTermsCommandInput,
  DescribeTermsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadTerms } from "../../../domain/terms/terms.ts";
import { required } from "../../../protocol/checks.ts";
import { TermsIdType } from "../branding-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";
import { termsType } from "../terms-type.ts";

export const DescribeTerms: CognitoOperation<
  DescribeTermsCommandInput,
  DescribeTermsCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: { TermsId: required(TermsIdType), UserPoolId: required(UserPoolIdType) },
  async handle(call, { UserPoolId, TermsId }) {
    const pool = await loadPool(call, UserPoolId);
    const terms = await loadTerms(call.db, { userPoolId: pool.id, id: TermsId });
    return { Terms: termsType(terms) };
  },
};
