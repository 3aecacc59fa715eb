/** Which names domains may have. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { Settings } from "../context.ts";
import { targetOfDomains } from "./domain.ts";

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** "You can't use the text aws, amazon, or cognito in the domain prefix" (AWS, "Configuring a user pool domain"). */
const reservedWords = ["cognito", "amazon", "aws"];

/** Refuses a prefix that AWS has none like. */
export function checkPrefix(prefix: string): void {
  if (!label.test(prefix)) {
    throw invalidParameter(
      String.raw`The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, and hyphens. Please enter a different name that follows this format: ^[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?$`,
    );
  }
  const reserved = reservedWords.find((word) => prefix.includes(word));
  if (reserved !== undefined) {
    throw invalidParameter(`Domain cannot contain reserved word: ${reserved}`);
  }
}

/**
 * Refuses what is no name of a host in lower case, an address among them, and the names at which this server has something
 * else: whoever had one of these as a domain would get the requests of every other pool.
 */
export function checkCustomName(name: string, settings: Pick<Settings, "publicUrl">): void {
  const labels = name.split(".");
  // A name whose last label is a number is an IPv4 address (WHATWG URL §3.5).
  const isHostName =
    labels.length > 1 &&
    labels.every((each) => label.test(each)) &&
    !/^\d+$/.test(labels.at(-1) ?? "");
  if (!isHostName) {
    throw invalidParameter(
      `Custom domain is not a valid subdomain: ${name} is not a host name in lower-case letters.`,
    );
  }
  const own = targetOfDomains(settings);
  const taken = [`.auth.${own}`, `.s3.${own}`];
  if (name === own || name === `s3.${own}` || taken.some((suffix) => name.endsWith(suffix))) {
    throw invalidParameter(
      `Custom domain is not a valid subdomain: ${name} is a name of this server.`,
    );
  }
}
