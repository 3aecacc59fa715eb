import type { AdminCall } from "../../domain/call.ts";
import { type EncryptionContext, openBlob } from "../../domain/kms/ciphertext-blob.ts";
import { keyArn, readKeyArn } from "../../domain/kms/key.ts";
import { incorrectKey, invalidCiphertext, invalidKeyUsage, keyNotFound } from "../../errors/kms.ts";
import { hidden, list, map, oneOf, required, string } from "../../protocol/checks.ts";
import type { KmsOperation } from "./operation.ts";

/** Bytes are base64 on the wire. */
export type DecryptInput = {
  CiphertextBlob: string;
  EncryptionContext?: Record<string, string>;
  GrantTokens?: string[];
  KeyId?: string;
  EncryptionAlgorithm?: (typeof algorithms)[number];
};

export type DecryptOutput = {
  KeyId: string;
  Plaintext: string;
  EncryptionAlgorithm: "SYMMETRIC_DEFAULT";
};

const algorithms = [
  "SYMMETRIC_DEFAULT",
  "RSAES_OAEP_SHA_1",
  "RSAES_OAEP_SHA_256",
  "SM2PKE",
] as const;
/** KMS takes 6,144 bytes. */
const maxBlobLength = 8192;
const base64 = "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?";

/** Opens what is sealed under a key of this account: the data keys of the codes that custom senders get. */
export const Decrypt: KmsOperation<DecryptInput, DecryptOutput> = {
  caller: "iam",
  readOnly: true,
  input: {
    CiphertextBlob: required(
      string({ min: 1, max: maxBlobLength, pattern: base64, sensitive: true }),
    ),
    EncryptionContext: map(string({ max: 2048 }), string({ max: 2048 })),
    GrantTokens: hidden(list(string({ min: 1, max: 8192 }), { max: 10 })),
    KeyId: string({ min: 1, max: 2048 }),
    EncryptionAlgorithm: oneOf(...algorithms),
  },
  async handle(call, input) {
    const { KeyId, EncryptionAlgorithm = "SYMMETRIC_DEFAULT" } = input;
    const named = KeyId === undefined ? undefined : arnOf(call, KeyId);
    const opened = open(call, input.CiphertextBlob, input.EncryptionContext ?? {});
    const { arn } = opened.key;
    if (named !== undefined && named !== arn) throw incorrectKey();
    if (EncryptionAlgorithm !== "SYMMETRIC_DEFAULT") throw invalidKeyUsage(arn);
    return { KeyId: arn, Plaintext: opened.plain.toString("base64"), EncryptionAlgorithm };
  },
};

function open(call: AdminCall, ciphertext: string, context: EncryptionContext) {
  const opened = openBlob(call, { blob: Buffer.from(ciphertext, "base64"), context });
  // A key opens nothing in another region.
  if (opened?.key.region !== call.principal.region) throw invalidCiphertext();
  return opened;
}

/** The ARN of the key that a request names by it or by its id; there are no aliases. */
function arnOf({ principal, settings }: AdminCall, given: string): string {
  const { region } = principal;
  const { accountId } = settings;
  const arn = given.startsWith("arn:") ? given : keyArn({ region, accountId, id: given });
  if (readKeyArn(arn, accountId)?.region !== region) throw keyNotFound(given);
  return arn;
}
