import type { Random } from "./random.ts";

const lowerAlphanumeric = "abcdefghijklmnopqrstuvwxyz0123456789";
const alphanumeric = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${lowerAlphanumeric}`;

function pick(random: Random, alphabet: string, length: number): string {
  let text = "";
  while (text.length < length) text += alphabet.charAt(random.integer(alphabet.length));
  return text;
}

/** An id as AWS makes them for user pools: `us-east-1_AbCdEf123`. */
export function makeUserPoolId(random: Random, region: string): string {
  return `${region}_${pick(random, alphanumeric, 9)}`;
}

/** An app client id: 26 lower-case alphanumerics. */
export function makeClientId(random: Random): string {
  return pick(random, lowerAlphanumeric, 26);
}

/** An app client secret: 51 lower-case alphanumerics, 263 bits. */
export function makeClientSecret(random: Random): string {
  return pick(random, lowerAlphanumeric, 51);
}

/** The id of a token session: `tkn` and 25 lower-case alphanumerics (API reference, SessionDescriptionType). */
export function makeTokenSessionId(random: Random): string {
  return `tkn${pick(random, lowerAlphanumeric, 25)}`;
}

/** The id of the session of a browser: `sso` and 25 lower-case alphanumerics. */
export function makeSsoSessionId(random: Random): string {
  return `sso${pick(random, lowerAlphanumeric, 25)}`;
}

/** A one-time code of decimal digits, leading zeros kept. */
export function makeDigits(random: Random, digits: number): string {
  return pick(random, "0123456789", digits);
}
