import type {
  CreateTermsCommandInput,
  CreateTermsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadClientOfPool } from "../../../domain/clients/client.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { createTerms } from "../../../domain/terms/change.ts";
import { missingRequiredParameter } from "../../../errors/cognito-idp.ts";
import { required } from "../../../protocol/checks.ts";
import {
  LinksType,
  TermsEnforcementType,
  TermsNameType,
  TermsSourceType,
} from "../branding-shapes.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientIdType, UserPoolIdType } from "../shapes.ts";
import { termsType } from "../terms-type.ts";

export const CreateTerms: CognitoOperation<CreateTermsCommandInput, CreateTermsCommandOutput> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientId: required(ClientIdType),
    TermsName: required(TermsNameType),
    TermsSource: required(TermsSourceType),
    Enforcement: required(TermsEnforcementType),
    Links: LinksType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const client = await loadClientOfPool(call, { pool, clientId: input.ClientId });
    // Every answer has them, and there is no other source than links.
    if (!input.Links) throw missingRequiredParameter("Links");
    const terms = await createTerms(call, client, {
      name: input.TermsName,
      source: input.TermsSource,
      enforcement: input.Enforcement,
      links: input.Links,
    });
    return { Terms: termsType(terms) };
  },
};
