/** `id_token_hint`: an ID token of ours, in which a client names the user (OpenID Connect Core §3.1.2.1). */
import type { Call } from "../domain/call.ts";
import type { UserPoolClient } from "../domain/clients/client.ts";
import { issuerOf, type UserPool } from "../domain/pools/pool.ts";
import { isSignedBy, parseJws } from "../domain/tokens/jws.ts";
import { oauthError } from "../errors/oauth.ts";

/** The user whom the hint names; it counts though it be over, if this pool signed it, for this client. */
export async function subOfHint(
  call: Call,
  { pool, client, hint }: { pool: UserPool; client: UserPoolClient; hint: string | undefined },
): Promise<string | undefined> {
  if (hint === undefined) return undefined;
  const jws = parseJws(hint);
  const key = jws && (await call.keyRing.verifying(pool.id, jws.kid, "id"));
  const isOurs = jws && key && isSignedBy(jws, key);
  const { sub, iss, aud, token_use: use } = isOurs ? jws.payload : {};
  const isMeant =
    use === "id" && iss === issuerOf(pool, call.settings.publicUrl) && aud === client.id;
  if (!isMeant || typeof sub !== "string") {
    throw oauthError("invalid_request", "id_token_hint is no ID token of this client.");
  }
  return sub;
}
