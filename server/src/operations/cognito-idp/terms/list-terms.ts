import type {
  ListTermsCommandInput,
  ListTermsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { termsFromRow } from "../../../domain/terms/terms.ts";
import { required } from "../../../protocol/checks.ts";
import { paginate } from "../../../protocol/paginate.ts";
import { pageTerms } from "../../../store/terms.ts";
import { ListTermsRequestMaxResultsInteger } from "../branding-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { StringType, UserPoolIdType } from "../shapes.ts";
import { termsDescriptionType } from "../terms-type.ts";

export const ListTerms: CognitoOperation<ListTermsCommandInput, ListTermsCommandOutput> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    MaxResults: ListTermsRequestMaxResultsInteger,
    NextToken: StringType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const asked = {
      list: ["ListTerms", pool.id],
      token: input.NextToken,
      limit: input.MaxResults ?? 60,
    };
    const { rows, nextToken } = await paginate(call, asked, {
      read: (after: string | undefined, limit) =>
        pageTerms(call.db, { userPoolId: pool.id, after, limit }),
      positionOf: ({ id }) => id,
    });
    return {
      Terms: rows.map((row) => termsDescriptionType(termsFromRow(row))),
      NextToken: nextToken,
    };
  },
};
