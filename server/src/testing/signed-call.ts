/** Signed requests that no SDK makes: operations of our own, and bodies that an SDK would not send. */
import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { rootKeys, type TestApp } from "./app.ts";

class Sha256 {
  readonly #hash;
  constructor(key?: unknown) {
    this.#hash =
      key instanceof Uint8Array || typeof key === "string"
        ? createHmac("sha256", key)
        : createHash("sha256");
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

type SignedCall = {
  readonly service: "cognito-idp" | "poolhouse";
  readonly operation: string;
  readonly input: unknown;
  readonly region?: string;
};

const targetPrefixes = {
  "cognito-idp": "AWSCognitoIdentityProviderService",
  poolhouse: "PoolhouseService",
};

/** Calls an operation as the root administrator; throws what it answers as an error, by name and message. */
export async function signedCall(
  { app }: TestApp,
  { service, operation, input, region = "us-east-1" }: SignedCall,
): Promise<Record<string, unknown>> {
  const signer = new SignatureV4({ service, region, credentials: rootKeys, sha256: Sha256 });
  const signed = await signer.sign({
    method: "POST",
    protocol: "https:",
    hostname: "localhost",
    port: 8443,
    path: "/",
    query: {},
    headers: {
      host: "localhost:8443",
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `${targetPrefixes[service]}.${operation}`,
    },
    body: JSON.stringify(input),
  });
  const answer = await app.inject({
    method: "POST",
    url: "/",
    headers: signed.headers,
    payload: JSON.stringify(input),
  });
  const body: Record<string, unknown> = answer.payload === "" ? {} : JSON.parse(answer.payload);
  if (answer.statusCode === 200) return body;
  throw Object.assign(new Error(String(body["message"])), { name: String(body["__type"]) });
}
