/** Parameters in a query or a form (RFC 6749 §3.1, Appendix B). */
import { oauthError } from "../errors/oauth.ts";

export type Parameters = ReadonlyMap<string, string>;

const maxParameters = 100;

/**
 * Reads what a query or a body says. A parameter that comes twice, or is no text, is refused; one without a value is left
 * out (RFC 6749 §3.1).
 */
export function readParameters(text: string, maxCharacters: number): Parameters {
  if (text.length > maxCharacters) throw oauthError("invalid_request", "The request is too long.");
  const pairs = text === "" ? [] : text.split("&", maxParameters + 1);
  if (pairs.length > maxParameters) {
    throw oauthError("invalid_request", "The request has too many parameters.");
  }
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    const name = decode(at < 0 ? pair : pair.slice(0, at));
    const value = at < 0 ? "" : decode(pair.slice(at + 1));
    if (seen.has(name)) throw oauthError("invalid_request", `${shown(name)} is given twice.`);
    seen.add(name);
    if (value !== "") parameters.set(name, value);
  }
  return parameters;
}

/** Writes them as a query or a body. */
export function writeParameters(parameters: Iterable<readonly [string, string]>): string {
  return new URLSearchParams(
    [...parameters].map(([name, value]): [string, string] => [name, value]),
  ).toString();
}

function decode(text: string): string {
  try {
    const decoded = decodeURIComponent(text.replaceAll("+", " "));
    if (!decoded.includes("\0")) return decoded;
  } catch {
    // What is no UTF-8 could not be given back byte for byte.
  }
  throw oauthError("invalid_request", "The request holds what is no text.");
}

function shown(name: string): string {
  return /^\w{1,64}$/.test(name) ? name : "A parameter";
}
