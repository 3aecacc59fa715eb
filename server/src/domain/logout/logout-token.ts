/** What tells a client that a user is signed out (OpenID Connect Back-Channel Logout 1.0 §2.4). */
import type { Context } from "../context.ts";
import { issuerOf, type UserPool } from "../pools/pool.ts";
import { signJws } from "../tokens/jws.ts";

const lifetimeSeconds = 120;
const event = "http://schemas.openid.net/event/backchannel-logout";

/** Signs a logout token with the key of ID tokens; no ID token can pass for one, nor it for an ID token. */
export async function makeLogoutToken(
  context: Context,
  { pool, clientId, sub, sid }: { pool: UserPool; clientId: string; sub: string; sid: string },
): Promise<string> {
  const key = await context.keyRing.signing(pool.id, "id");
  const iat = Math.floor(context.clock.now() / 1000);
  const claims = {
    iss: issuerOf(pool, context.settings.publicUrl),
    sub,
    aud: clientId,
    iat,
    exp: iat + lifetimeSeconds,
    jti: context.random.uuid(),
    events: { [event]: {} },
    sid,
  };
  return signJws(key, claims, "logout+jwt");
}
