/** The AWS Encryption SDK as functions of AWS use it, with the KMS of this server. */
import { buildClient, CommitmentPolicy, KMS, KmsKeyringNode } from "@aws-crypto/client-node";
import { rootKeys, type TestApp } from "./app.ts";

export const keyArn = "arn:aws:kms:us-east-1:123456789012:key/codes";

/** A keyring whose keys are this server's. */
function keyringOf({ client: sdk }: TestApp, keyIds: string[]): KmsKeyringNode {
  const client = new KMS({
    region: "us-east-1",
    endpoint: "https://localhost:8443",
    credentials: rootKeys,
    maxAttempts: 1,
    requestHandler: sdk.config.requestHandler,
  });
  // The SDK's types were written without exactOptionalPropertyTypes.
  return new KmsKeyringNode({ clientProvider: () => client as never, keyIds });
}

/** Reads what a function gets as its code; rejects where it does not open. */
export async function decryptCode(
  app: TestApp,
  code: unknown,
  given: { keyIds?: string[]; policy?: CommitmentPolicy } = {},
): Promise<{ text: string; context: Record<string, string> }> {
  const { keyIds = [keyArn], policy = CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT } = given;
  const { decrypt } = buildClient(policy);
  const message = Buffer.from(String(code), "base64");
  const { plaintext, messageHeader } = await decrypt(keyringOf(app, keyIds), message);
  return { text: plaintext.toString(), context: { ...messageHeader.encryptionContext } };
}
