/** `id_token_hint`: an ID token of ours, in which a client names the user (OpenID Connect Core §3.1.2.1). */
import type { Call } from "../domain/call.ts";
import type { UserPoolClient } from "../domain/clients/client.ts";
import { issuerOf, type UserPool } from "../domain/pools/pool.ts";
import { isSignedBy, parseJws } from "../domain/tokens/jws.ts";
import { oauthError } from "../errors/oauth.ts";

export type IdTokenHint = { readonly sub: string; readonly clientId: string };

/** Whom a hint names, and for which client; it counts though it be over, if this pool signed it. */
export async function readIdTokenHint(
  call: Call,
  pool: UserPool,
  hint: string,
): Promise<IdTokenHint | undefined> {
  const jws = parseJws(hint);
  const key = jws && (await call.keyRing.verifying(pool.id, jws.kid, "id"));
  if (!jws || !key || !isSignedBy(jws, key)) return undefined;
  const { sub, iss, aud, token_use: use } = jws.payload;
  const isOurs = use === "id" && iss === issuerOf(pool, call.settings.publicUrl);
  return isOurs && typeof sub === "string" && typeof aud === "string"
    ? { sub, clientId: aud }
    : undefined;
}

/** The user whom a client names in its authorization request. */
export async function subOfHint(
  call: Call,
  { pool, client, hint }: { pool: UserPool; client: UserPoolClient; hint: string | undefined },
): Promise<string | undefined> {
  if (hint === undefined) return undefined;
  const named = await readIdTokenHint(call, pool, hint);
  if (named?.clientId !== client.id) {
    throw oauthError("invalid_request", "id_token_hint is no ID token of this client.");
  }
  return named.sub;
}
