import type { UserPool } from "../pools/pool.ts";

const dayMs = 86_400_000;
/** What AWS takes 0 for. */
const defaultDays = 7;

/** When a temporary password that is set now stops working. */
export function temporaryPasswordExpiresAtMs(pool: UserPool, nowMs: number): number {
  const days = pool.settings.passwordPolicy.temporaryPasswordValidityDays || defaultDays;
  return nowMs + days * dayMs;
}
