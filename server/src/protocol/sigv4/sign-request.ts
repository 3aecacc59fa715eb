import { createHash, createHmac } from "node:crypto";
import { formatAmzDate } from "./amz-date.ts";
import { canonicalRequest } from "./canonical-request.ts";
import { algorithm } from "./check-claims.ts";
import { signingKeys } from "./signing-keys.ts";

/** Where a request goes and who signs it. */
export type Signer = {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

/** The services' names in a signature, by what stands before the dot of an operation's target. */
const signingNames = {
  AWSCognitoIdentityProviderService: "cognito-idp",
  PoolhouseService: "poolhouse",
} as const;

/** An operation as X-Amz-Target names it. */
export type Target = `${keyof typeof signingNames}.${string}`;

export type SignedCall = {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
};

/** An AWS JSON request for an operation, signed with Signature Version 4 (IAM User Guide, "Create a signed AWS API request"). */
export function signRequest(
  signer: Signer,
  { target, body, nowMs }: { target: Target; body: string; nowMs: number },
): SignedCall {
  const url = new URL("/", signer.url);
  const timestamp = formatAmzDate(nowMs);
  // The type of the target has no other prefixes.
  const service = signingNames[target.split(".")[0] as keyof typeof signingNames];
  const headers: Record<string, string> = {
    "content-type": "application/x-amz-json-1.1",
    host: url.host,
    "x-amz-date": timestamp,
    ...(signer.sessionToken ? { "x-amz-security-token": signer.sessionToken } : {}),
    "x-amz-target": target,
  };
  const signedHeaders = Object.keys(headers).sort();
  const canonical = canonicalRequest({
    method: "POST",
    path: "/",
    query: [],
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    signedHeaders,
    payloadHash: sha256(body),
    service,
  });
  const { accessKeyId, secretAccessKey, region } = signer;
  const scope = { accessKeyId, date: timestamp.slice(0, 8), region, service };
  const day = `${scope.date}/${region}/${service}/aws4_request`;
  const text = [algorithm, timestamp, day, sha256(canonical ?? "")].join("\n");
  const key = signingKeys(() => undefined).signingKey(scope, secretAccessKey);
  const signature = createHmac("sha256", key).update(text).digest("hex");
  headers["authorization"] =
    `${algorithm} Credential=${accessKeyId}/${day}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return { url, headers, body };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
