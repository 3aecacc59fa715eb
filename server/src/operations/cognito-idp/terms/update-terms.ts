import type {
  UpdateTermsCommandInput,
  UpdateTermsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { updateTerms } from "../../../domain/terms/change.ts";
import { present } from "../../../lib/present.ts";
import { required } from "../../../protocol/checks.ts";
import {
  LinksType,
  TermsEnforcementType,
  TermsIdType,
  TermsNameType,
  TermsSourceType,
} from "../branding-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { UserPoolIdType } from "../shapes.ts";
import { termsType } from "../terms-type.ts";

export const UpdateTerms: CognitoOperation<UpdateTermsCommandInput, UpdateTermsCommandOutput> = {
  caller: "iam",
  input: {
    TermsId: required(TermsIdType),
    UserPoolId: required(UserPoolIdType),
    TermsName: TermsNameType,
    TermsSource: TermsSourceType,
    Enforcement: TermsEnforcementType,
    Links: LinksType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const key = { userPoolId: pool.id, id: input.TermsId };
    const given = present({
      name: input.TermsName,
      source: input.TermsSource,
      enforcement: input.Enforcement,
      links: input.Links,
    });
    return { Terms: termsType(await updateTerms(call, key, given)) };
  },
};
