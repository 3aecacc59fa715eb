import {
  encodePath,
  type HeaderValues,
  normalizeEncoding,
  type QueryParameter,
} from "./signed-request.ts";

/** The parts of a request that a signature covers. */
export type CanonicalParts = {
  method: string;
  path: string;
  query: readonly QueryParameter[];
  headers: HeaderValues;
  signedHeaders: readonly string[];
  payloadHash: string;
  service: string;
};

/** The path a signature means: S3 keeps every byte, every other service drops empty and dot segments. */
export function signedPath(path: string, service: string): string {
  if (service === "s3" || !/\/\/|\/\.\.?(\/|$)/.test(path)) return path;
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") segments.pop();
    else if (segment !== "" && segment !== ".") segments.push(segment);
  }
  const trailing = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${segments.join("/")}${trailing}`;
}

/**
 * Writes the canonical request (IAM User Guide, "Create a signed AWS API request", step 1), one character a byte;
 * undefined when a signed header is absent.
 */
export function canonicalRequest(parts: CanonicalParts): string | undefined {
  let headers = "";
  for (const name of parts.signedHeaders) {
    const values = parts.headers.get(name);
    if (!values) return undefined;
    headers += `${name}:${canonicalHeaderValue(values)}\n`;
  }
  const path = canonicalPath(parts.path, parts.service);
  const query = canonicalQuery(parts.query);
  return `${parts.method}\n${path}\n${query}\n${headers}\n${parts.signedHeaders.join(";")}\n${parts.payloadHash}`;
}

/** S3 signs each decoded segment encoded once; every other service signs the encoded path encoded again. */
function canonicalPath(path: string, service: string): string {
  if (service === "s3") return path.split("/").map(normalizeEncoding).join("/");
  return encodePath(signedPath(path, service));
}

// By name first: sorting whole pairs would put "Param-3=" before "Param=".
function canonicalQuery(query: readonly QueryParameter[]): string {
  if (query.length === 0) return "";
  return query
    .filter(({ name }) => name !== "X-Amz-Signature")
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.value, b.value))
    .map(({ name, value }) => `${name}=${value}`)
    .join("&");
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function canonicalHeaderValue(values: readonly string[]): string {
  const [only = ""] = values;
  return values.length === 1 ? collapse(only) : values.map(collapse).join(",");
}

const collapse = (value: string): string => value.replace(/[ \t]+/g, " ").replace(/^ | $/g, "");
