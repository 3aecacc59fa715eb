/** From where a user acts. */
import type { Call } from "../call.ts";

/**
 * The address of the user's own device: where the call comes from, but for a signed one, which comes from a server of the
 * app's; that says the user's address in ContextData, or nobody knows it.
 */
export function userAddress({ principal, passedOn, facts }: Call): string | undefined {
  return principal ? passedOn.userAddress : facts.sourceIp;
}
