/** What brandings and terms of hosted pages refuse; texts without a source are told in docs/decisions/unverified.md. */
import { ServiceError } from "./service-error.ts";

const refusal = (code: string, message: string) => (): ServiceError =>
  new ServiceError(code, message);

export const managedLoginBrandingNotFound = refusal(
  "ResourceNotFoundException",
  "Managed login branding does not exist.",
);
export const managedLoginBrandingExists = refusal(
  "ManagedLoginBrandingExistsException",
  "The user pool client has a managed login branding already.",
);
export const managedLoginAssetLimitExceeded = refusal(
  "LimitExceededException",
  "A managed login branding can have 40 assets, of 5 MB together.",
);
/** Observed (hashicorp/terraform-provider-aws, tests of aws_cognito_user_pool_ui_customization). */
export const domainMissing = refusal(
  "InvalidParameterException",
  "There has to be an existing domain associated with this user pool",
);
export const termsNotFound = refusal("ResourceNotFoundException", "Terms do not exist.");
export const termsExist = refusal(
  "TermsExistsException",
  "The user pool client has terms of this name already.",
);
