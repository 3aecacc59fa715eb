import type { UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";

/** Whether the OAuth endpoints follow the standards for this client where Cognito differs. */
export function isHardenedFor(pool: UserPool, client: UserPoolClient): boolean {
  return (client.extensions.profile ?? pool.extensions.profile) === "hardened";
}
