import type { ClientInPool } from "../clients/client.ts";
import type { Context } from "../context.ts";
import { issuerOf } from "../pools/pool.ts";
import type { AccessTokenClaims, ClientTokenClaims } from "./claims.ts";
import { isSignedBy, parseJws } from "./jws.ts";

export type OwnAccessToken = AccessTokenClaims | ClientTokenClaims;

/** What an access token says that this client was given; undefined for any other. It may be over, or revoked. */
export async function readOwnAccessToken(
  context: Pick<Context, "keyRing" | "settings">,
  { pool, client }: ClientInPool,
  token: string,
): Promise<OwnAccessToken | undefined> {
  const jws = parseJws(token);
  const key = jws && (await context.keyRing.verifying(pool.id, jws.kid, "access"));
  if (!jws || !key || !isSignedBy(jws, key)) return undefined;
  // Signed by us, so the rest is what we write into access tokens.
  const claims = jws.payload as unknown as OwnAccessToken;
  const isOurs =
    claims.token_use === "access" && claims.iss === issuerOf(pool, context.settings.publicUrl);
  return isOurs && claims.client_id === client.id ? claims : undefined;
}

/** Whether it stands for the client alone. */
export function isClientToken(claims: OwnAccessToken): claims is ClientTokenClaims {
  return !("username" in claims);
}
