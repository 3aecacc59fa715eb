import type {
  DeleteTermsCommandInput,
  DeleteTermsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { deleteTerms } from "../../../domain/terms/change.ts";
import { required } from "../../../protocol/checks.ts";
import { TermsIdType } from "../branding-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";

export const DeleteTerms: CognitoOperation<DeleteTermsCommandInput, DeleteTermsCommandOutput> = {
  caller: "iam",
  input: { TermsId: required(TermsIdType), UserPoolId: required(UserPoolIdType) },
  async handle(call, { UserPoolId, TermsId }) {
    const pool = await loadPool(call, UserPoolId);
    await deleteTerms(call, pool, TermsId);
    return {};
  },
};
