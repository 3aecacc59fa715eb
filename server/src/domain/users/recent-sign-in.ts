import { signInNotRecent } from "../../errors/cognito-idp.ts";
import type { UserCall } from "../call.ts";

const recentSeconds = 600;

/**
 * Refuses what a token alone must not do in the hardened profile: its holder must have signed in a moment ago, not only
 * have got hold of a token (ASVS 5.0, 7.5.1).
 */
export function requireRecentSignIn(call: UserCall): void {
  if (call.pool.extensions.profile !== "hardened") return;
  const ageSeconds = call.clock.now() / 1000 - call.claims.auth_time;
  if (ageSeconds > recentSeconds) throw signInNotRecent();
}
