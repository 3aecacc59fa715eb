/** What keys refuse, in the words of KMS (AWS KMS API reference, Decrypt). */
import { ServiceError } from "./service-error.ts";

/** Why is not said, as on AWS: it would help nobody but an attacker. */
export const invalidCiphertext = (): ServiceError =>
  new ServiceError("InvalidCiphertextException", "");
export const incorrectKey = (): ServiceError =>
  new ServiceError(
    "IncorrectKeyException",
    "The key ID in the request does not identify a CMK that can perform this operation.",
  );
export const keyNotFound = (id: string): ServiceError =>
  new ServiceError("NotFoundException", `Key '${id}' does not exist`);
export const invalidKeyUsage = (arn: string): ServiceError =>
  new ServiceError(
    "InvalidKeyUsageException",
    `${arn} key usage is ENCRYPT_DECRYPT with SYMMETRIC_DEFAULT alone.`,
  );
