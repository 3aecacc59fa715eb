/** Whether the sign-in behind a token passed a second factor: what protects an account is not changed by less. */
import { secondFactorNotProved } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { findTokenFamily } from "../../store/token-families.ts";
import { activeFactors, allowedFactors } from "../auth/mfa-decision.ts";
import type { Proof } from "../auth/progress.ts";
import type { UserCall } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";

const secondFactors: readonly Proof[] = [
  "SMS_MFA",
  "SOFTWARE_TOKEN_MFA",
  "EMAIL_MFA",
  "RECOVERY_CODE",
  "WEB_AUTHN_VERIFIED",
];

/**
 * In the hardened profile refuses a caller who has a second factor and did not pass one at this sign-in: to add one is as
 * much a way around it as to take it away. A client whose tokens cannot be revoked issues none that tell their sign-in:
 * its users are refused too.
 */
export async function requireFactorForChange(db: Db, call: UserCall, user: User): Promise<void> {
  const { pool } = call;
  if (pool.extensions.profile !== "hardened" || !isProtected(pool, user)) return;
  await requirePassedFactor(db, call);
}

/** A factor that was switched on protects its user even when it cannot be passed any more. */
function isProtected(pool: UserPool, user: User): boolean {
  if (activeFactors(pool, user).length > 0) return true;
  const { mfaConfiguration } = pool.settings;
  const allowed = allowedFactors(pool);
  return mfaConfiguration !== "OFF" && user.factors.enabled.some((each) => allowed.includes(each));
}

/** Refuses a caller who did not pass a second factor at this sign-in; a remembered device is none. */
export async function requirePassedFactor(db: Db, call: UserCall): Promise<void> {
  const proved = call.proved ?? (await provedByFamily(db, call));
  if (!secondFactors.some((factor) => proved.includes(factor))) throw secondFactorNotProved();
}

async function provedByFamily(db: Db, { claims }: UserCall): Promise<readonly Proof[]> {
  const { origin_jti: id } = claims;
  const family = id === undefined ? undefined : await findTokenFamily(db, id);
  // Written by the sign-in that began the family.
  return family?.factors ? (JSON.parse(family.factors) as readonly Proof[]) : [];
}
