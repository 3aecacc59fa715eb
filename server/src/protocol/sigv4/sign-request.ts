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
  TrentService: "kms",
} as const;

/** An operation as X-Amz-Target names it. */
export type Target = `${keyof typeof signingNames}.${string}`;

export type SignedCall = {
  readonly url: URL;
  readonly headers: Record<string, string>;
  readonly body: string;
};

/** Whose keys sign, and for which region. */
export type SigningIdentity = Omit<Signer, "url">;

/** A POST to a service of AWS's, or to one that speaks as it does. */
export type AwsRequest = {
  /** Without a query. */
  readonly url: URL;
  /** As a credential scope names it. */
  readonly service: string;
  /** Names in lower case; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** An AWS JSON request for an operation, signed with Signature Version 4 (IAM User Guide, "Create a signed AWS API request"). */
export function signRequest(
  signer: Signer,
  { target, body, nowMs }: { target: Target; body: string; nowMs: number },
): SignedCall {
  const url = new URL("/", signer.url);
  // The type of the target has no other prefixes.
  const service = signingNames[target.split(".")[0] as keyof typeof signingNames];
  const named = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  const headers = signAwsRequest(signer, { url, service, headers: named, body }, nowMs);
  return { url, headers, body };
}

/** The headers of a request with its signature among them. */
export function signAwsRequest(
  { region, accessKeyId, secretAccessKey, sessionToken }: SigningIdentity,
  { url, service, headers: given, body }: AwsRequest,
  nowMs: number,
): Record<string, string> {
  const timestamp = formatAmzDate(nowMs);
  const headers: Record<string, string> = {
    ...given,
    host: url.host,
    "x-amz-date": timestamp,
    ...(sessionToken ? { "x-amz-security-token": sessionToken } : {}),
  };
  const signedHeaders = Object.keys(headers).sort();
  const canonical = canonicalRequest({
    method: "POST",
    path: url.pathname,
    query: [],
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    signedHeaders,
    payloadHash: sha256(body),
    service,
  });
  const scope = { accessKeyId, date: timestamp.slice(0, 8), region, service };
  const day = `${scope.date}/${region}/${service}/aws4_request`;
  const text = [algorithm, timestamp, day, sha256(canonical ?? "")].join("\n");
  const key = signingKeys(() => undefined).signingKey(scope, secretAccessKey);
  const signature = createHmac("sha256", key).update(text).digest("hex");
  headers["authorization"] =
    `${algorithm} Credential=${accessKeyId}/${day}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
  return headers;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
