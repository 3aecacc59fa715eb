import { readAssertionKeys } from "./assertion-keys.ts";
import type { UserPoolClientExtensions } from "./client.ts";

/** Refuses what a client cannot switch on. */
export function checkClientExtensions({ assertionKeys }: UserPoolClientExtensions): void {
  if (assertionKeys !== undefined) readAssertionKeys(assertionKeys);
}
