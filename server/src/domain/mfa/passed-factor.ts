/** Whether the sign-in behind a token passed a second factor: what protects an account is not changed by less. */
import { secondFactorNotProved } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { findTokenFamily } from "../../store/token-families.ts";
import { activeFactors } from "../auth/mfa-decision.ts";
import type { Proof } from "../auth/progress.ts";
import type { UserCall } from "../call.ts";
import type { User } from "../users/user.ts";

const secondFactors: readonly Proof[] = [
  "SMS_MFA",
  "SOFTWARE_TOKEN_MFA",
  "EMAIL_MFA",
  "RECOVERY_CODE",
  "WEB_AUTHN_VERIFIED",
];

/**
 * In the hardened profile refuses a caller who has a second factor and did not pass one at this sign-in. A client whose
 * tokens cannot be revoked issues none that tell their sign-in: its users are refused too.
 */
export async function requireFactorForChange(trx: Db, call: UserCall, user: User): Promise<void> {
  const { pool } = call;
  if (pool.extensions.profile !== "hardened" || activeFactors(pool, user).length === 0) return;
  await requirePassedFactor(trx, call);
}

/** Refuses a caller who did not pass a second factor at this sign-in; a remembered device is none. */
export async function requirePassedFactor(trx: Db, call: UserCall): Promise<void> {
  const { origin_jti: id } = call.claims;
  const family = id === undefined ? undefined : await findTokenFamily(trx, id);
  // Written by the sign-in that began the family.
  const proved = family?.factors ? (JSON.parse(family.factors) as readonly Proof[]) : [];
  if (!secondFactors.some((factor) => proved.includes(factor))) throw secondFactorNotProved();
}
