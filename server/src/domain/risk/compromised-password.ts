/**
 * Passwords that are known from data breaches (AWS, "Working with compromised-credentials detection"). They are looked for
 * only where the client sends the password itself, in a list that comes with this program.
 */
import {
  aliasExistsAtUpdate,
  passwordCompromised,
  passwordResetForSecurity,
} from "../../errors/cognito-idp.ts";
import type { Call, UserCall } from "../call.ts";
import { type ClientInPool, loadOwnClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import { isBreachedPassword } from "../users/breached-passwords.ts";
import { readAnew, storeChange } from "../users/change.ts";
import { retireAccess } from "../users/retire.ts";
import type { User } from "../users/user.ts";
import { isInRanges } from "./address-ranges.ts";
import { isEnforced, type PasswordOccasion, riskConfigurationOf } from "./risk-configuration.ts";
import { userAddress } from "./user-address.ts";

/** A password, and what it is given for. */
export type GivenPassword = ClientInPool & { readonly password: string } & (
    | { readonly occasion: "SIGN_UP" | "PASSWORD_CHANGE" }
    /** The user whose password it was proved to be: before that a guess would reset other people's passwords. */
    | { readonly occasion: "SIGN_IN"; readonly user: User }
  );

/**
 * Refuses a password that is known from data breaches, where the pool or the client is to block those. At a sign-in its
 * user must set another one (RESET_REQUIRED) before the next.
 */
export async function requireNotCompromised(call: Call, given: GivenPassword): Promise<void> {
  const { pool, password } = given;
  if (!isLookedFor(call, given, given.occasion)) return;
  // A temporary password is replaced in a moment.
  if (given.occasion === "SIGN_IN" && given.user.status !== "CONFIRMED") return;
  if (!(await isBreachedPassword(password))) return;
  const { action } = riskConfigurationOf(given)?.compromisedCredentials ?? {};
  const isBlocked = action === "BLOCK" && isEnforced(pool);
  call.about.risk = { isCompromised: true, isBlocked };
  if (!isBlocked) return;
  if (given.occasion === "SIGN_IN") return requireAnother(call, pool, given.user);
  throw passwordCompromised();
}

/** The same for a password that the holder of a token wants in place of theirs. */
export async function requireChangeNotCompromised(call: UserCall, password: string): Promise<void> {
  const { pool } = call;
  const { advancedSecurityMode = "OFF" } = pool.settings;
  if (advancedSecurityMode === "OFF") return;
  const client = await loadOwnClient(call);
  await requireNotCompromised(call, { pool, client, password, occasion: "PASSWORD_CHANGE" });
}

function isLookedFor(call: Call, at: ClientInPool, occasion: PasswordOccasion): boolean {
  const { advancedSecurityMode = "OFF" } = at.pool.settings;
  const { compromisedCredentials, skippedRanges = [] } = riskConfigurationOf(at) ?? {};
  if (advancedSecurityMode === "OFF" || !compromisedCredentials) return false;
  if (compromisedCredentials.occasions?.includes(occasion) === false) return false;
  const address = userAddress(call);
  return address === undefined || !isInRanges(address, skippedRanges);
}

/** Makes the password useless in one transaction with the event, unless it has been changed meanwhile. */
async function requireAnother(call: Call, pool: UserPool, proved: User): Promise<never> {
  return await call.change<never>(async (trx) => {
    const user = await readAnew(trx, pool, proved);
    if (user.passwordHash === proved.passwordHash && user.status === "CONFIRMED") {
      const change = { status: "RESET_REQUIRED" as const };
      await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
      await retireAccess(trx, call, { pool, user });
    }
    return passwordResetForSecurity();
  });
}
