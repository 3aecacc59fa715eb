/** Forgotten passwords: a code to an address that the user proved to own, and a new password for it. */
import {
  aliasExistsAtUpdate,
  codeMismatch,
  expiredCode,
  noRecoveryContact,
  passwordCannotBeReset,
  recoveryByAdministratorOnly,
  userIsDisabled,
} from "../../errors/cognito-idp.ts";
import { ServiceError } from "../../errors/service-error.ts";
import { deleteLockout } from "../../store/lockouts.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { type ClientInPool, preventsUserExistenceErrors } from "../clients/client.ts";
import { countAttempt } from "../codes/attempt-limits.ts";
import { type CodeTarget, requireRightCode, takeCode } from "../codes/code.ts";
import type { UserPool } from "../pools/pool.ts";
import { requireNotCompromised } from "../risk/compromised-password.ts";
import { firePostConfirmation } from "../triggers/post-confirmation.ts";
import { readAnew, storeChange } from "./change.ts";
import { isCurrent, mayRecover, recoveryContact, recoveryKinds } from "./contacts.ts";
import { migrateForRecovery } from "./migrate.ts";
import { findNamed, type GivenName, hidesUserState } from "./named.ts";
import { notify } from "./notify.ts";
import { hashPassword } from "./password.ts";
import { checkPasswordHistory, passwordHistorySize, rememberPassword } from "./password-history.ts";
import { checkNewPassword } from "./password-policy.ts";
import { retireAccess } from "./retire.ts";
import { sendCode } from "./send-code.ts";
import type { User } from "./user.ts";
import type { StoredPassword } from "./write.ts";

const purpose = "reset-password";

/** Sends a code by which the user may set a new password; answers where it went, or would have gone. */
export async function startRecovery(
  call: Call,
  at: ClientInPool,
  given: GivenName,
): Promise<CodeTarget> {
  const { pool } = at;
  const isClosed = pool.settings.accountRecovery?.some(({ name }) => name === "admin_only");
  if (isClosed) throw recoveryByAdministratorOnly();
  await migrateForRecovery(call, at, given);
  const named = await findNamed(call, at, given);
  await countAttempt(call, pool, { action: "send-reset-code", subject: named.subject });
  return sendCode(call, at, {
    named,
    purpose,
    occasion: "ForgotPassword",
    kinds: recoveryKinds(pool),
    contactOf: (user) => recoveryContact(pool, user),
    refusalOf: refusalToRecover,
    hidesRefusal: (user) => hidesRefusal(at, user),
  });
}

/** Why this user gets no code. A first password that was never used is not forgotten but asked for anew. */
export function refusalToRecover(
  user: User,
  target: CodeTarget | undefined,
): ServiceError | undefined {
  if (!user.enabled) return userIsDisabled();
  if (awaitsFirstPassword(user)) return passwordCannotBeReset();
  if (!target) return noRecoveryContact();
  return user.status === "UNCONFIRMED" ? passwordCannotBeReset() : undefined;
}

function awaitsFirstPassword(user: User): boolean {
  return user.status === "FORCE_CHANGE_PASSWORD" || user.status === "EXTERNAL_PROVIDER";
}

/** Cognito answers as if it had sent a code where it cannot reach the user, but tells of a first password. */
function hidesRefusal(at: ClientInPool, user: User): boolean {
  const tells = user.enabled && awaitsFirstPassword(user);
  return tells ? hidesUserState(at) : preventsUserExistenceErrors(at.client);
}

/** Sets a new password for the code that startRecovery sent; whoever has it owns the address and so the account. */
export async function finishRecovery(
  call: Call,
  at: ClientInPool,
  given: GivenName & { code: string; password: string },
): Promise<void> {
  const { pool, client } = at;
  const named = await findNamed(call, at, given);
  if (named.user?.enabled === false && !preventsUserExistenceErrors(client)) throw userIsDisabled();
  const { password, code } = given;
  await checkNewPassword(pool, password, { username: named.name });
  await requireNotCompromised(call, { ...at, password, occasion: "PASSWORD_CHANGE" });
  await countAttempt(call, pool, { action: "confirm-reset", subject: named.subject });
  const owner = { id: named.subject };
  // What a history costs is spent on who has the code alone, so that its time tells nobody else of the user.
  if (passwordHistorySize(pool) > 0) {
    await requireRightCode(call, { pool, user: owner, purpose, code });
  }
  const objection = named.user && (await objectionTo(call, pool, { user: named.user, password }));
  // Hashed before the code is looked at, for names that nobody has too: the same work whatever comes of it.
  const holder = named.user ?? { id: named.subject, username: named.name, attributes: {} };
  const stored = await hashPassword(call, pool, { user: holder, password });
  const userId = await call.change(async (trx) => {
    const taken = await takeCode(trx, call, { pool, user: owner, purpose, code });
    if (taken instanceof ServiceError) return taken;
    const user = named.user && (await readAnew(trx, pool, named.user));
    if (!user?.enabled) return codeMismatch();
    if (!isStillProof(pool, user, taken)) return expiredCode();
    if (objection) throw objection;
    if (user.status !== "CONFIRMED" && user.status !== "RESET_REQUIRED") {
      return passwordCannotBeReset();
    }
    await storeRecovered(trx, call, { pool, user, password: stored });
    return user.id;
  });
  const source = "PostConfirmation_ConfirmForgotPassword";
  await firePostConfirmation(call, { pool, client, userId, source });
}

/** A code proves nothing that went to what is no longer the user's verified address, or is where a factor's codes go by now. */
function isStillProof(pool: UserPool, user: User, target: CodeTarget): boolean {
  return isCurrent(user.attributes, target) && mayRecover(pool, user, target.attribute);
}

/**
 * What the pool has against a password because of whose it is or was. Told only to who has the code: else it would say of a
 * name which e-mail address it has.
 */
async function objectionTo(
  call: Call,
  pool: UserPool,
  { user, password }: { user: User; password: string },
): Promise<ServiceError | undefined> {
  const { username, attributes } = user;
  try {
    await checkNewPassword(pool, password, { username, email: attributes["email"] });
    await checkPasswordHistory(call, pool, { user, password });
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
}

async function storeRecovered(
  trx: Db,
  call: Call,
  given: { pool: UserPool; user: User; password: StoredPassword },
): Promise<void> {
  const { pool, user, password } = given;
  const change = { password, status: "CONFIRMED" as const, temporaryPasswordExpiresAtMs: null };
  await rememberPassword(trx, call, { pool, user });
  await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
  await deleteLockout(trx, { userPoolId: pool.id, subject: user.id });
  await retireAccess(trx, call, { pool, user });
  await notify(trx, call, { pool, user, occasion: "password-changed" });
}
