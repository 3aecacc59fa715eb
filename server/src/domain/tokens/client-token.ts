/** The access token of a client that stands for no user: no name, no session, nothing that opens an account. */
import type { Call } from "../call.ts";
import { type ClientInPool, tokenLifetimes } from "../clients/client.ts";
import { issuerOf } from "../pools/pool.ts";
import { fireClientTokenGeneration } from "../triggers/pre-token-generation.ts";
import type { ClientTokenClaims } from "./claims.ts";
import { editAccessClaims } from "./edit-claims.ts";
import type { TokenPair } from "./issue.ts";
import { signJws } from "./jws.ts";

/** Signs the token of a client, good from now on; nothing of it is stored. */
export async function issueClientToken(
  call: Call,
  given: ClientInPool & {
    scopes: readonly string[];
    resource?: string | undefined;
    dpopJkt?: string | undefined;
    clientMetadata?: Readonly<Record<string, string>> | undefined;
  },
): Promise<TokenPair> {
  const { pool, client, scopes, resource, dpopJkt, clientMetadata } = given;
  const { accessTokenSeconds } = tokenLifetimes(client.settings);
  const edits = await fireClientTokenGeneration(call, { pool, client, scopes, clientMetadata });
  const iat = Math.floor(call.clock.now() / 1000);
  const claims: ClientTokenClaims = {
    sub: client.id,
    token_use: "access",
    scope: scopes.join(" "),
    auth_time: iat,
    iss: issuerOf(pool, call.settings.publicUrl),
    iat,
    exp: iat + accessTokenSeconds,
    version: 2,
    jti: call.random.uuid(),
    client_id: client.id,
    ...(resource === undefined ? {} : { aud: resource }),
    ...(dpopJkt === undefined ? {} : { cnf: { jkt: dpopJkt } }),
  };
  const key = await call.keyRing.signing(pool.id, "access");
  return {
    accessToken: signJws(key, edits ? editAccessClaims(claims, edits, client.id) : claims),
    expiresInSeconds: accessTokenSeconds,
    ...(dpopJkt === undefined ? {} : { dpopJkt }),
  };
}
