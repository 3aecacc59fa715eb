/** New passwords for users who are known by other means than a code: who prove the old one, and whom administrators name. */
import {
  aliasExistsAtUpdate,
  incorrectUsernameOrPassword,
  missingRequiredParameter,
} from "../../errors/cognito-idp.ts";
import { deleteLockout } from "../../store/lockouts.ts";
import { lockSubjectOf, provePassword } from "../auth/prove-password.ts";
import type { Call, UserCall } from "../call.ts";
import { countAttempt } from "../codes/attempt-limits.ts";
import type { UserPool } from "../pools/pool.ts";
import { requireChangeNotCompromised } from "../risk/compromised-password.ts";
import { readAnew, storeChange } from "./change.ts";
import { recoveryContact } from "./contacts.ts";
import { issueCode } from "./issue-code.ts";
import { notify } from "./notify.ts";
import { hashPassword, newPassword, nextPassword } from "./password.ts";
import { checkPasswordHistory, rememberPassword } from "./password-history.ts";
import { checkNewPassword } from "./password-policy.ts";
import { requireRecentSignIn } from "./recent-sign-in.ts";
import { refusalToRecover } from "./recovery.ts";
import { retireAccess } from "./retire.ts";
import { requireSettled } from "./settled.ts";
import { temporaryPasswordExpiresAtMs } from "./temporary-password.ts";
import type { User } from "./user.ts";

/**
 * Replaces the password of a user who is signed in and proves the present one, under the same locks as a sign-in. Who has
 * none sets the first one without a proof (API reference, ChangePassword).
 */
export async function changePassword(
  call: UserCall,
  given: { previous: string | undefined; proposed: string },
): Promise<void> {
  const { pool, user: proved } = call;
  const { previous, proposed } = given;
  requireSettled(proved);
  const { username, attributes, passwordHash } = proved;
  if (previous === undefined && passwordHash !== null) {
    throw missingRequiredParameter("PreviousPassword");
  }
  if (previous === undefined) requireRecentSignIn(call);
  await checkNewPassword(pool, proposed, { username, email: attributes["email"] });
  await requireChangeNotCompromised(call, proposed);
  await countAttempt(call, pool, { action: "change-password", subject: proved.id });
  if (previous !== undefined) {
    await provePassword(call, lockSubjectOf(pool, proved), { passwordHash, password: previous });
  }
  await checkPasswordHistory(call, pool, { user: proved, password: proposed });
  const password = await hashPassword(call, pool, { user: proved, password: proposed });
  await call.change(async (trx) => {
    const user = await readAnew(trx, pool, proved);
    // What was proved is no longer the password.
    if (user.passwordHash !== passwordHash) return incorrectUsernameOrPassword();
    requireSettled(user);
    await rememberPassword(trx, call, { pool, user });
    const change = { password, temporaryPasswordExpiresAtMs: null };
    await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
    await retireAccess(trx, call, { pool, user, keepFamilyId: call.claims.origin_jti });
    return notify(trx, call, { pool, user, occasion: "password-changed" });
  });
}

/** Sets the password that an administrator chose: for good, or until the user's first sign-in with it. */
export async function setPasswordByAdministrator(
  call: Call,
  pool: UserPool,
  given: { user: User; password: string; permanent: boolean },
): Promise<void> {
  // A temporary password may be any: the user does not keep it.
  const password = await (given.permanent ? nextPassword : newPassword)(call, pool, given);
  const change = given.permanent
    ? { status: "CONFIRMED" as const, temporaryPasswordExpiresAtMs: null }
    : {
        status: "FORCE_CHANGE_PASSWORD" as const,
        temporaryPasswordExpiresAtMs: temporaryPasswordExpiresAtMs(pool, call.clock.now()),
      };
  await call.change(async (trx) => {
    const user = await readAnew(trx, pool, given.user);
    await rememberPassword(trx, call, { pool, user });
    const aliasTaken = aliasExistsAtUpdate;
    await storeChange(trx, call, { pool, user, change: { ...change, password }, aliasTaken });
    await deleteLockout(trx, { userPoolId: pool.id, subject: user.id });
    await retireAccess(trx, call, { pool, user });
    return notify(trx, call, { pool, user, occasion: "password-changed" });
  });
}

/** Makes the present password useless until the user sets another with the code that this sends. */
export async function resetPasswordByAdministrator(
  call: Call,
  pool: UserPool,
  named: User,
): Promise<void> {
  const dispatch = await call.change(async (trx) => {
    const user = await readAnew(trx, pool, named);
    const target = recoveryContact(pool, user);
    const refusal = refusalToRecover(user, target);
    if (refusal || !target) return refusal;
    const change = { status: "RESET_REQUIRED" as const };
    await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
    await retireAccess(trx, call, { pool, user });
    const occasion = "ForgotPassword" as const;
    return issueCode(trx, call, { pool, user, purpose: "reset-password", occasion, target });
  });
  await dispatch?.send();
}
