/** Users made by an administrator: they get a temporary password and choose their own at the first sign-in. */
import {
  accountWithAliasExists,
  accountWithAttributeExists,
  resendNotPossible,
  userAccountAlreadyExists,
} from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import type { Call } from "../call.ts";
import type { Channel } from "../messages/sender.ts";
import { noFactors } from "../mfa/factors.ts";
import { takesUsersWithoutPassword, type UserPool } from "../pools/pool.ts";
import { firePreSignUp } from "../triggers/pre-sign-up.ts";
import { normalised, requireConforming } from "./attributes.ts";
import { readAnew, storeChange } from "./change.ts";
import { contactAttributes, nothingToVerify } from "./contacts.ts";
import { invitationDestinations, prepareInvitations } from "./invitation.ts";
import { hashPassword, newPassword, noPassword } from "./password.ts";
import { checkNewPassword } from "./password-policy.ts";
import { retireAccess } from "./retire.ts";
import { nameNewUser } from "./sign-in-name.ts";
import { generateTemporaryPassword, temporaryPasswordExpiresAtMs } from "./temporary-password.ts";
import type { User } from "./user.ts";
import { insertUser, merged, type NameConflict, type StoredPassword } from "./write.ts";

type Invitation = {
  /** Generated when absent, unless the pool takes users without a password. */
  readonly temporaryPassword: string | undefined;
  /** Absent when the caller does not say. */
  readonly channels: readonly Channel[] | undefined;
};

/**
 * Makes a user and sends the invitation, unless it is suppressed. When the invitation cannot be sent the user is there
 * all the same, as with AWS, and `resendInvitation` may try again.
 */
export async function createUserByAdmin(
  call: Call,
  pool: UserPool,
  given: Invitation & {
    readonly username: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly suppressed: boolean;
    /** Takes verified e-mail addresses and phone numbers from users who have them as aliases. */
    readonly takeOverAliases: boolean;
    /** For the function that is asked before. */
    readonly validationData: Readonly<Record<string, string>> | undefined;
  },
): Promise<User> {
  const id = call.random.uuid();
  const named = nameForAdmin(pool, { ...given, sub: id });
  const destinations = given.suppressed
    ? []
    : invitationDestinations(named.attributes, given.channels);
  const password = given.temporaryPassword ?? drawUnlessNeedless(call, pool);
  const { username, attributes } = named;
  if (password !== undefined) {
    await checkNewPassword(pool, password, { username, email: attributes["email"] });
  }
  const source = "PreSignUp_AdminCreateUser";
  const { validationData } = given;
  // What it says beside "no" is ignored: an administrator verifies by the attributes, and the user confirms.
  await firePreSignUp(call, { pool, source, user: named, validationData });
  const nowMs = call.clock.now();
  const user: User = {
    userPoolId: pool.id,
    id,
    ...named,
    ...(await firstPassword(call, pool, { user: { id, ...named }, password, nowMs })),
    enabled: true,
    factors: noFactors,
    tokensValidFromMs: 0,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  const invitations = prepareInvitations(call, pool, {
    user,
    temporaryPassword: password,
    destinations,
  });
  await call.change(async (trx) => {
    const conflict = await insertUser(trx, pool, { user, takeOverAliases: given.takeOverAliases });
    if (conflict) throw taken(pool, conflict);
    call.about.sub = id;
    for (const invitation of invitations) await invitation.store(trx);
  });
  for (const invitation of invitations) await invitation.send();
  return user;
}

function drawUnlessNeedless(call: Call, pool: UserPool): string | undefined {
  return takesUsersWithoutPassword(pool.settings) ? undefined : drawPassword(call, pool);
}

/** A temporary password that must be changed, or none, which needs no change. */
async function firstPassword(
  call: Call,
  pool: UserPool,
  given: {
    user: Pick<User, "id" | "username" | "attributes">;
    password: string | undefined;
    nowMs: number;
  },
): Promise<StoredPassword & Pick<User, "status" | "temporaryPasswordExpiresAtMs">> {
  const { user, password, nowMs } = given;
  if (password === undefined) {
    return { ...noPassword, status: "CONFIRMED", temporaryPasswordExpiresAtMs: null };
  }
  return {
    ...(await hashPassword(call, pool, { user, password })),
    status: "FORCE_CHANGE_PASSWORD",
    temporaryPasswordExpiresAtMs: temporaryPasswordExpiresAtMs(pool, nowMs),
  };
}

/** Sends a user who never signed in a new temporary password, good for the full time again. */
export async function resendInvitation(
  call: Call,
  pool: UserPool,
  given: Invitation & { readonly user: User },
): Promise<User> {
  const { user } = given;
  requireInvited(user);
  const destinations = invitationDestinations(user.attributes, given.channels);
  const temporaryPassword = given.temporaryPassword ?? drawPassword(call, pool);
  const password = await newPassword(call, pool, { user, password: temporaryPassword });
  const invitations = prepareInvitations(call, pool, { user, temporaryPassword, destinations });
  const changed = await call.change(async (trx) => {
    const current = await readAnew(trx, pool, user);
    // Whoever chose a password meanwhile keeps it.
    requireInvited(current);
    const expiresAtMs = temporaryPasswordExpiresAtMs(pool, call.clock.now());
    await storeChange(trx, call, {
      pool,
      user: current,
      change: { password, temporaryPasswordExpiresAtMs: expiresAtMs },
      aliasTaken: accountWithAliasExists,
    });
    await retireAccess(trx, call, { pool, user: current });
    for (const invitation of invitations) await invitation.store(trx);
    return readAnew(trx, pool, user);
  });
  for (const invitation of invitations) await invitation.send();
  return changed;
}

function requireInvited(user: User): void {
  if (user.status !== "FORCE_CHANGE_PASSWORD") throw resendNotPossible(user.id);
}

function drawPassword(call: Call, pool: UserPool): string {
  return generateTemporaryPassword(pool.settings.passwordPolicy, call.random);
}

function nameForAdmin(
  pool: UserPool,
  given: { sub: string; username: string; attributes: Readonly<Record<string, string>> },
) {
  requireConforming(pool, given.attributes);
  const attributes = normalised(merged({}, given.attributes));
  const named = nameNewUser(pool, { ...given, attributes });
  requireAddresses(named.attributes);
  return named;
}

/** AWS asks administrators for no attribute, but for an address where they call one verified. */
function requireAddresses(attributes: Readonly<Record<string, string>>): void {
  for (const kind of contactAttributes) {
    if (attributes[`${kind}_verified`] && !attributes[kind]) throw nothingToVerify(kind);
  }
}

function taken(pool: UserPool, conflict: NameConflict): ServiceError {
  if (conflict === "username") return userAccountAlreadyExists();
  const isUsername = pool.settings.usernameAttributes?.some((kind) => kind === conflict) === true;
  return isUsername ? accountWithAttributeExists(conflict) : accountWithAliasExists(conflict);
}
