import type { UserPool } from "../pools/pool.ts";

const dayMs = 86_400_000;

/** When a temporary password that is set now stops working. */
export function temporaryPasswordExpiresAtMs(pool: UserPool, nowMs: number): number {
  return nowMs + pool.settings.passwordPolicy.temporaryPasswordValidityDays * dayMs;
}
