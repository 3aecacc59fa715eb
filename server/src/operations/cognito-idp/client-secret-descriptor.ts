import type { ClientSecretDescriptorType } from "@aws-sdk/client-cognito-identity-provider";
import type { ClientSecret } from "../../domain/clients/secrets.ts";

/** AWS's ClientSecretDescriptorType of a secret, without the secret itself. */
export function clientSecretDescriptor(secret: ClientSecret): ClientSecretDescriptorType {
  return { ClientSecretId: secret.id, ClientSecretCreateDate: new Date(secret.createdAtMs) };
}
