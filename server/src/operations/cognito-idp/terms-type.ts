import type { TermsDescriptionType, TermsType } from "@aws-sdk/client-cognito-identity-provider";
import type { Terms } from "../../domain/terms/terms.ts";

/** A document as AWS shows it. */
export function termsType(terms: Terms): TermsType {
  const { userPoolId, clientId, source, links } = terms;
  return {
    ...termsDescriptionType(terms),
    UserPoolId: userPoolId,
    ClientId: clientId,
    TermsSource: source,
    Links: links,
  };
}

/** A document as AWS lists it. */
export function termsDescriptionType(terms: Terms): TermsDescriptionType {
  return {
    TermsId: terms.id,
    TermsName: terms.name,
    Enforcement: terms.enforcement,
    CreationDate: new Date(terms.createdAtMs),
    LastModifiedDate: new Date(terms.modifiedAtMs),
  };
}
