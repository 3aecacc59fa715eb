import { CompleteWebAuthnRegistration } from "./complete-web-authn-registration.ts";
import { DeleteWebAuthnCredential } from "./delete-web-authn-credential.ts";
import { ListWebAuthnCredentials } from "./list-web-authn-credentials.ts";
import { StartWebAuthnRegistration } from "./start-web-authn-registration.ts";

export const passkeyOperations = {
  StartWebAuthnRegistration,
  CompleteWebAuthnRegistration,
  ListWebAuthnCredentials,
  DeleteWebAuthnCredential,
};
