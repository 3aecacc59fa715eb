import { createHash } from "node:crypto";
import { formatAmzDate, parseAmzDate } from "./amz-date.ts";
import {
  echo,
  incompleteSignature,
  invalidSignature,
  malformed,
  missingToken,
  type SignatureRefusal,
} from "./refusal.ts";
import {
  decodeParameter,
  type HeaderValues,
  type QueryParameter,
  readHeaders,
  readQuery,
  type SignedRequestHead,
  splitUrl,
} from "./signed-request.ts";

/** What a signed request claims, read but not believed. */
export type PresentedSignature = {
  ok: true;
  form: "header" | "query";
  algorithm: string;
  credential: string;
  signedHeaders: string;
  signature: string;
  /** The signing time as it enters the string to sign. */
  timestamp: string;
  expires: string | undefined;
  securityToken: string | undefined;
  contentSha256: string | undefined;
  path: string;
  headers: HeaderValues;
  query: readonly QueryParameter[];
};

/** Who a request says it is signed by, and for what. */
export type CredentialScope = {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
};

type Head = Pick<PresentedSignature, "path" | "headers" | "query">;
type Claims = Omit<PresentedSignature, "ok" | keyof Head>;

// A repeat of these would be joined by one reader and dropped by another, so that what is signed is not what is obeyed.
const singleHeaders = new Set([
  "authorization",
  "content-encoding",
  "content-length",
  "content-type",
  "date",
  "host",
  "transfer-encoding",
]);
const isSecurityHeader = (name: string): boolean =>
  name.startsWith("x-amz-") || singleHeaders.has(name);

/** Reads the signature a request carries, in its Authorization header or its query; decides nothing about its truth. */
export function readSignature(request: SignedRequestHead): PresentedSignature | SignatureRefusal {
  const head = readHead(request);
  if ("ok" in head) return head;
  const authorization = head.headers.get("authorization")?.[0];
  const inQuery = head.query.some(({ name }) => name === "X-Amz-Algorithm");
  if (authorization !== undefined && inQuery) {
    return invalidSignature(
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
      "signed twice",
    );
  }
  if (!inQuery && !authorization?.trimStart().startsWith("AWS4-")) return missingToken();
  const claims =
    authorization === undefined
      ? readQueryForm(head.query)
      : readHeaderForm(authorization.trim(), head.headers);
  return "ok" in claims ? claims : { ok: true, ...claims, ...head };
}

/** Splits a credential into its five elements; undefined when there are not five. */
export function splitCredential(
  credential: string,
): { scope: CredentialScope; terminator: string } | undefined {
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || !terminator || rest.length > 0)
    return undefined;
  return { scope: { accessKeyId, date, region, service }, terminator };
}

function readHead({ rawUrl, rawHeaders }: SignedRequestHead): Head | SignatureRefusal {
  const url = splitUrl(rawUrl);
  if (!url) return malformed("request target too long or not in origin form");
  const headers = readHeaders(rawHeaders);
  if (!headers) return malformed("headers too many, too long or not bytes");
  const query = readQuery(url.query);
  if (!query) return malformed("too many query parameters");
  const repeated = repeatedHeader(headers) ?? repeatedParameter(query);
  if (repeated !== undefined) return malformed(`repeated: ${echo(repeated)}`);
  const authority = headers.get(":authority")?.[0];
  if (authority !== undefined && authority !== headers.get("host")?.[0])
    return malformed("two hosts");
  return { path: url.path, headers, query };
}

function repeatedHeader(headers: HeaderValues): string | undefined {
  for (const [name, values] of headers) {
    if (values.length > 1 && isSecurityHeader(name)) return name;
  }
  return undefined;
}

function repeatedParameter(query: readonly QueryParameter[]): string | undefined {
  const seen = new Set<string>();
  for (const { name } of query) {
    const folded = name.toLowerCase();
    if (!folded.startsWith("x-amz-")) continue;
    if (seen.has(folded)) return folded;
    seen.add(folded);
  }
  return undefined;
}

function readHeaderForm(authorization: string, headers: HeaderValues): Claims | SignatureRefusal {
  const [algorithm = "", ...pairs] = authorization.split(/[ \t,]+/);
  const parameters = new Map<string, string>();
  for (const pair of pairs) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    if (equals < 0) return missingEqualSign(authorization);
    const name = pair.slice(0, equals);
    if (parameters.has(name)) return malformed(`repeated: ${echo(name)}`);
    parameters.set(name, pair.slice(equals + 1));
  }
  const timestamp = headerTimestamp(headers);
  const credential = parameters.get("Credential");
  const signature = parameters.get("Signature");
  const signedHeaders = parameters.get("SignedHeaders");
  if (!credential || !signature || signedHeaders === undefined || timestamp === undefined) {
    return missingParameters(authorization, { credential, signature, signedHeaders, timestamp });
  }
  const only = (name: string): string | undefined => headers.get(name)?.[0]?.trim();
  return {
    form: "header",
    algorithm,
    credential,
    signedHeaders,
    signature,
    timestamp,
    expires: undefined,
    securityToken: only("x-amz-security-token"),
    contentSha256: only("x-amz-content-sha256"),
  };
}

/** The x-amz-date header, or failing that the Date header written as x-amz-date would be. */
function headerTimestamp(headers: HeaderValues): string | undefined {
  const amzDate = headers.get("x-amz-date")?.[0]?.trim();
  if (amzDate !== undefined) return amzDate;
  const date = headers.get("date")?.[0]?.trim();
  if (date === undefined || parseAmzDate(date) !== undefined) return date;
  const ms = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(date)
    ? Date.parse(date)
    : Number.NaN;
  return Number.isNaN(ms) ? date : formatAmzDate(ms);
}

function readQueryForm(query: readonly QueryParameter[]): Claims | SignatureRefusal {
  const values = new Map<string, string>();
  for (const { name, value } of query) {
    if (!name.startsWith("X-Amz-")) continue;
    const decoded = decodeParameter(value);
    if (decoded === undefined) return malformed(`not UTF-8: ${echo(name)}`);
    values.set(name, decoded);
  }
  const algorithm = values.get("X-Amz-Algorithm");
  const credential = values.get("X-Amz-Credential");
  const signature = values.get("X-Amz-Signature");
  const signedHeaders = values.get("X-Amz-SignedHeaders");
  const timestamp = values.get("X-Amz-Date");
  if (!algorithm || !credential || !signature || !signedHeaders || !timestamp) {
    return missingQueryParameters(values);
  }
  return {
    form: "query",
    algorithm,
    credential,
    signedHeaders,
    signature,
    timestamp,
    expires: values.get("X-Amz-Expires"),
    securityToken: values.get("X-Amz-Security-Token"),
    contentSha256: values.get("X-Amz-Content-Sha256"),
  };
}

// AWS no longer repeats the header itself in its messages, only this: seen on API Gateway and IAM.
const hashed = (authorization: string): string =>
  createHash("sha256").update(authorization, "latin1").digest("base64");

const missingEqualSign = (authorization: string): SignatureRefusal =>
  incompleteSignature(
    "Invalid key=value pair (missing equal-sign) in Authorization header " +
      `(hashed with SHA-256 and encoded with Base64): '${hashed(authorization)}'.`,
    "Authorization header is not key=value pairs",
  );

function missingParameters(
  authorization: string,
  found: Record<"credential" | "signature" | "signedHeaders" | "timestamp", string | undefined>,
): SignatureRefusal {
  const sentences: string[] = [];
  if (!found.credential) sentences.push("Authorization header requires 'Credential' parameter.");
  if (!found.signature) sentences.push("Authorization header requires 'Signature' parameter.");
  if (found.signedHeaders === undefined)
    sentences.push("Authorization header requires 'SignedHeaders' parameter.");
  if (found.timestamp === undefined) {
    sentences.push(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
    );
  }
  sentences.push(
    `(Hashed with SHA-256 and encoded with Base64) Authorization=${hashed(authorization)}`,
  );
  return incompleteSignature(sentences.join(" "), "Authorization header is incomplete");
}

function missingQueryParameters(values: ReadonlyMap<string, string>): SignatureRefusal {
  const required = [
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Signature",
    "X-Amz-SignedHeaders",
    "X-Amz-Date",
  ];
  const sentences = required
    .filter((name) => !values.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'.`);
  return incompleteSignature(
    [...sentences, "Re-examine the query-string parameters."].join(" "),
    "presigned query is incomplete",
  );
}
