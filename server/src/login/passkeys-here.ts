import type { Context } from "../domain/context.ts";
import { mayAskFor, relyingPartyOf } from "../domain/passkeys/relying-party.ts";
import type { EndpointRequest } from "../oauth/endpoint.ts";

/** Whether the pages can ask for passkeys at the address at which they are: the pool may have domains of other names. */
export function asksForPasskeys(
  context: Pick<Context, "settings">,
  { pool, origin }: Pick<EndpointRequest, "pool" | "origin">,
): boolean {
  const party = relyingPartyOf(context, pool);
  return party !== undefined && mayAskFor(party, origin);
}
