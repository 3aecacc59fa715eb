/** A request exactly as it came over the wire, before anything decoded or reordered it. */
export type SignedRequest = {
  method: string;
  /** Path and query as node's `req.url` gives them: one character a byte, nothing decoded. */
  rawUrl: string;
  /** Names and values in turn, as node's `req.rawHeaders` gives them. */
  rawHeaders: readonly string[];
  body: Uint8Array;
};

/** The part of a request that says who signed it. */
export type SignedRequestHead = Pick<SignedRequest, "rawUrl" | "rawHeaders">;

/** Header values by lower-case name, in the order received. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** One query parameter in canonical form: decoded once, then encoded once. */
export type QueryParameter = { name: string; value: string };

const maxUrlLength = 16_384;
const maxHeaders = 200;
const maxHeadersLength = 65_536;
const maxQueryParameters = 1000;

// Beyond 0xff a string did not come from a socket, and hashing it byte by byte would make two requests look the same.
const bytesOfUrl = /^\/[\x20-\xff]*$/;
const bytesOfHeader = /^[\t\x20-\xff]*$/;
const unreserved = /^[A-Za-z0-9\-._~]*$/;
const tripletOrReserved = /%[0-9A-Fa-f]{2}|[^A-Za-z0-9\-._~]/g;
const reservedInPath = /[^A-Za-z0-9\-._~/]/g;

/** Splits a URL at its first question mark; undefined when it is not a bounded origin-form target. */
export function splitUrl(rawUrl: string): { path: string; query: string } | undefined {
  if (rawUrl.length > maxUrlLength || !bytesOfUrl.test(rawUrl)) return undefined;
  const mark = rawUrl.indexOf("?");
  if (mark < 0) return { path: rawUrl, query: "" };
  return { path: rawUrl.slice(0, mark), query: rawUrl.slice(mark + 1) };
}

/** Groups raw headers by lower-case name; undefined when there are too many or one could not have come over a socket. */
export function readHeaders(rawHeaders: readonly string[]): HeaderValues | undefined {
  if (rawHeaders.length > maxHeaders * 2) return undefined;
  const headers = new Map<string, string[]>();
  let length = 0;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? "").toLowerCase();
    const value = rawHeaders[i + 1] ?? "";
    length += name.length + value.length;
    if (length > maxHeadersLength || !bytesOfHeader.test(value)) return undefined;
    const values = headers.get(name);
    if (values) values.push(value);
    else headers.set(name, [value]);
  }
  // HTTP/2 carries the host in a pseudo-header.
  const authority = headers.get(":authority");
  if (authority && !headers.has("host")) headers.set("host", authority);
  return headers;
}

/** Reads a query into canonical parameters, in the order received; undefined when there are too many. */
export function readQuery(query: string): QueryParameter[] | undefined {
  if (query === "") return [];
  const parts = query.split("&");
  if (parts.length > maxQueryParameters) return undefined;
  const parameters: QueryParameter[] = [];
  for (const part of parts) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = equals < 0 ? part : part.slice(0, equals);
    const value = equals < 0 ? "" : part.slice(equals + 1);
    parameters.push({ name: normalizeQueryText(name), value: normalizeQueryText(value) });
  }
  return parameters;
}

/** The text behind a canonical parameter; undefined when its bytes are not UTF-8. */
export function decodeParameter(value: string): string | undefined {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

// Clients that sign through URLSearchParams (Amplify among them) take a bare plus for a space.
const normalizeQueryText = (text: string): string => normalizeEncoding(text.replaceAll("+", "%20"));

/** Decodes once and encodes once, byte by byte, so that no spelling of a byte changes the outcome. */
export function normalizeEncoding(text: string): string {
  if (unreserved.test(text)) return text;
  return text.replace(tripletOrReserved, (found) => {
    if (found.length === 1) return percentEncode(found);
    const byte = String.fromCharCode(Number.parseInt(found.slice(1), 16));
    return unreserved.test(byte) ? byte : found.toUpperCase();
  });
}

/** Encodes a path as it stands: what was encoded on the wire comes out encoded twice. */
export const encodePath = (path: string): string => path.replace(reservedInPath, percentEncode);

const percentEncode = (byte: string): string =>
  `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
