/** The authorization request that a page is shown for. */
import { type Call, closeCall } from "../domain/call.ts";
import { readAuthorizationRequest } from "../oauth/authorize/read-request.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import { type Parameters, writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { type PageRequest, sendAnswer } from "./show.ts";

/**
 * Goes on with a checked request. Each page checks it anew: between two pages the client may have lost its redirect URI,
 * and the address of a page is what anybody may type.
 */
export async function forAuthorization(
  call: Call,
  request: PageRequest,
  given: {
    parameters: Parameters;
    goOn: (authorization: AuthorizationRequest) => Promise<WireAnswer>;
  },
): Promise<WireAnswer> {
  const read = await readAuthorizationRequest(call, request.pool, given.parameters);
  if (!("refusal" in read)) return given.goOn(read);
  await closeCall(call, read.refusal);
  return sendAnswer(call, request, read);
}

/** The address of another page for the same request. */
export function linkFor(
  { prefix }: PageRequest,
  path: string,
  { carried }: Pick<AuthorizationRequest, "carried">,
): string {
  return `${prefix}${path}?${writeParameters(carried)}`;
}

/** The address of the next page of a sign-in under way. */
export function linkToFlow({ prefix }: PageRequest, path: string, handle: string): string {
  return `${prefix}${path}?flow=${handle}`;
}
