import { createHmac, hash } from "node:crypto";
import { constantTimeEqual } from "../../lib/constant-time.ts";
import { canonicalRequest, signedPath } from "./canonical-request.ts";
import { algorithm, type CheckedClaims, checkClaims, type VerifyOptions } from "./check-claims.ts";
import { type PresentedSignature, readSignature } from "./presented-signature.ts";
import {
  expiredToken,
  malformed,
  mismatch,
  type SignatureRefusal,
  unrecognizedClient,
} from "./refusal.ts";
import type { SignedRequest } from "./signed-request.ts";
import type { SigningCredential, SigningKeys } from "./signing-keys.ts";

/** A request proved to come from the holder of `credential`. */
export type VerifiedSignature<K extends SigningCredential> = {
  ok: true;
  accessKeyId: string;
  region: string;
  service: string;
  signedAtMs: number;
  signedHeaders: readonly string[];
  /** The path as signed, dot segments resolved: decide and route on this one, never on the raw path. */
  path: string;
  credential: K;
};

const unsignedPayload = "UNSIGNED-PAYLOAD";
// Stands in for a key that does not exist (no id is empty), so that an unknown key costs what a wrong signature costs.
const decoy = { accessKeyId: "", secret: "" };

/** Authenticates a request by its Signature Version 4, in header or query form; anything in doubt is refused. */
export async function verifySignature<K extends SigningCredential>(
  request: SignedRequest,
  keys: SigningKeys<K>,
  options: VerifyOptions,
): Promise<VerifiedSignature<K> | SignatureRefusal> {
  const presented = readSignature(request);
  if (!presented.ok) return presented;
  const claims = checkClaims(presented, options);
  if (!claims.ok) return claims;
  const stringToSign = writeStringToSign(request, presented, claims);
  if (typeof stringToSign !== "string") return stringToSign;

  const { accessKeyId } = claims.scope;
  const credential = /^\w{1,128}$/.test(accessKeyId)
    ? await keys.lookupSecret(accessKeyId, presented.securityToken)
    : undefined;
  const signingKey = credential
    ? keys.signingKey(claims.scope, credential.secret)
    : keys.signingKey({ ...claims.scope, accessKeyId: decoy.accessKeyId }, decoy.secret);
  const signature = createHmac("sha256", signingKey).update(stringToSign).digest("hex");
  const matches = constantTimeEqual(signature, presented.signature);
  if (!credential) return unrecognizedClient("unknown access key");
  if (!matches) return mismatch("signature differs");
  if (!constantTimeEqual(credential.sessionToken ?? "", presented.securityToken ?? "")) {
    return unrecognizedClient("session token is not the one bound to the access key");
  }
  if (credential.expired) return expiredToken();
  const { region, service } = claims.scope;
  const { signedAtMs, signedHeaders } = claims;
  const path = signedPath(presented.path, service);
  return { ok: true, accessKeyId, region, service, signedAtMs, signedHeaders, path, credential };
}

function writeStringToSign(
  request: SignedRequest,
  presented: PresentedSignature,
  { scope, signedHeaders }: CheckedClaims,
): string | SignatureRefusal {
  const { method } = request;
  if (!/^[A-Z]{1,32}$/.test(method)) return malformed("unreadable method");
  const { date, region, service } = scope;
  const payloadHash = hashPayload(request.body, presented, service);
  if (payloadHash === undefined) return mismatch("payload is not the one signed, or not signed");
  const { path, query, headers } = presented;
  const canonical = canonicalRequest({
    method,
    path,
    query,
    headers,
    signedHeaders,
    payloadHash,
    service,
  });
  if (canonical === undefined) return mismatch("a signed header is absent");
  return [
    algorithm,
    presented.timestamp,
    `${date}/${region}/${service}/aws4_request`,
    hash("sha256", Buffer.from(canonical, "latin1"), "hex"),
  ].join("\n");
}

/** The hash that the signature covers: always that of the real body, but where S3 lets a body go unsigned. */
function hashPayload(
  body: Uint8Array,
  presented: PresentedSignature,
  service: string,
): string | undefined {
  const { form, contentSha256 } = presented;
  const isS3 = service === "s3";
  if (isS3 && (contentSha256 ?? (form === "query" ? unsignedPayload : "")) === unsignedPayload)
    return unsignedPayload;
  // S3 demands the header ("Authenticating Requests: Using the Authorization Header"); elsewhere it is optional.
  if (isS3 && contentSha256 === undefined) return undefined;
  const actual = hash("sha256", body, "hex");
  return contentSha256 === undefined || contentSha256 === actual ? actual : undefined;
}
