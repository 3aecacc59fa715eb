import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";

/** An RSA key pair for RS256, both halves as they are stored (the private one sealed first). */
export type SigningKeyPair = {
  readonly publicJwk: { readonly kty: "RSA"; readonly n: string; readonly e: string };
  readonly privatePem: string;
};

const generate = promisify(generateKeyPair);

/** Makes a 2048-bit pair on the thread pool. */
export async function makeRsaKeyPair(): Promise<SigningKeyPair> {
  const { publicKey, privateKey } = await generate("rsa", { modulusLength: 2048 });
  const { n, e } = publicKey.export({ format: "jwk" });
  if (typeof n !== "string" || typeof e !== "string") throw new Error("not an RSA key");
  return {
    publicJwk: { kty: "RSA", n, e },
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}
