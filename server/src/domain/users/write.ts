/** Storing a user and its changes, with the aliases and the searchable attributes in step. */
import type { Changes, Db } from "../../store/schema.ts";
import { findUserAlias } from "../../store/user-aliases.ts";
import { putUserAttributes } from "../../store/user-attributes.ts";
import { findUser, insertUser as insertRow, updateUser } from "../../store/users.ts";
import { factorsToColumn, type UserFactors } from "../mfa/factors.ts";
import type { AliasAttribute, UserPool } from "../pools/pool.ts";
import { moveAliases } from "./aliases.ts";
import { requireMutable, searchableAttributes } from "./attributes.ts";
import { contactAttributes } from "./contacts.ts";
import { foldKey } from "./fold-key.ts";
import type { User } from "./user.ts";

/** What stood in the way: the user name itself, or an alias that another user holds. */
export type NameConflict = "username" | AliasAttribute;

/** Stores a new user, or answers what is taken; the caller then gives up its transaction. */
export async function insertUser(
  trx: Db,
  pool: UserPool,
  given: { user: User; takeOverAliases?: boolean },
): Promise<NameConflict | undefined> {
  const { user } = given;
  if (await isNameOfAnother(trx, pool, user)) return "username";
  const inserted = await insertRow(trx, {
    user_pool_id: pool.id,
    id: user.id,
    username: user.username,
    username_key: foldKey(pool, user.username),
    status: user.status,
    enabled: user.enabled ? 1 : 0,
    attributes: JSON.stringify(user.attributes),
    password_hash: user.passwordHash,
    srp_salt: user.srpSalt,
    srp_verifier: user.srpVerifier,
    temporary_password_expires_at_ms: user.temporaryPasswordExpiresAtMs,
    factors: factorsToColumn(user.factors),
    tokens_valid_from_ms: user.tokensValidFromMs,
    created_at_ms: user.createdAtMs,
    modified_at_ms: user.modifiedAtMs,
  });
  if (!inserted) return "username";
  await putUserAttributes(
    trx,
    { userPoolId: pool.id, userId: user.id },
    searchable(pool, user.attributes),
  );
  return moveAliases(trx, pool, {
    userId: user.id,
    to: user,
    takeOver: given.takeOverAliases ?? false,
  });
}

/** Such a name would catch what is meant for the user whose `sub` or preferred user name it is. */
async function isNameOfAnother(trx: Db, pool: UserPool, user: User): Promise<boolean> {
  if (user.username === user.id) return false;
  const key = { userPoolId: pool.id, foldKey: foldKey(pool, user.username) };
  const bySub = await findUser(trx, { ...key, id: key.foldKey });
  const byAlias = await findUserAlias(trx, { ...key, kind: "preferred_username" });
  return bySub !== undefined || byAlias !== undefined;
}

export type UserChange = {
  /** Merged over the present ones; an empty value deletes. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly status?: User["status"];
  readonly enabled?: boolean;
  readonly password?: StoredPassword;
  readonly temporaryPasswordExpiresAtMs?: number | null;
  readonly factors?: UserFactors;
};

export type StoredPassword = Pick<User, "passwordHash" | "srpSalt" | "srpVerifier">;

function changedNames(
  attributes: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(changes).filter((name) => changes[name] !== (attributes[name] ?? ""));
}

/**
 * Stores a change made from what `user` was; `undefined` when done, the alias that another user holds, or "changed"
 * when the user is no longer as it was read (the caller reads anew or gives up). Throws for an attribute that is fixed once
 * it is set.
 */
export async function changeUser(
  trx: Db,
  pool: UserPool,
  given: { user: User; change: UserChange; nowMs: number; takeOverAliases?: boolean },
): Promise<AliasAttribute | "changed" | undefined> {
  const { user, change, nowMs } = given;
  requireMutable(pool, user.attributes, changedNames(user.attributes, change.attributes ?? {}));
  const attributes = change.attributes
    ? merged(user.attributes, change.attributes)
    : user.attributes;
  const stored = await updateUser(
    trx,
    { userPoolId: pool.id, id: user.id },
    {
      where: { modified_at_ms: user.modifiedAtMs },
      set: columnsOf(user, change, nowMs),
    },
  );
  if (!stored) return "changed";
  if (change.attributes) {
    const key = { userPoolId: pool.id, userId: user.id };
    await putUserAttributes(trx, key, searchable(pool, attributes));
  }
  return moveAliases(trx, pool, {
    userId: user.id,
    from: user,
    to: { status: change.status ?? user.status, attributes },
    takeOver: given.takeOverAliases ?? false,
  });
}

function columnsOf(user: User, change: UserChange, nowMs: number): Changes<"users"> {
  return {
    // Strictly later than what it replaces, so that two changes made from one reading cannot both be stored.
    modified_at_ms: Math.max(nowMs, user.modifiedAtMs + 1),
    ...(change.attributes
      ? { attributes: JSON.stringify(merged(user.attributes, change.attributes)) }
      : {}),
    ...(change.status ? { status: change.status } : {}),
    ...(change.enabled === undefined ? {} : { enabled: change.enabled ? 1 : 0 }),
    ...(change.password ? passwordColumns(change.password) : {}),
    ...(change.temporaryPasswordExpiresAtMs === undefined
      ? {}
      : { temporary_password_expires_at_ms: change.temporaryPasswordExpiresAtMs }),
    ...(change.factors ? { factors: factorsToColumn(change.factors) } : {}),
  };
}

function passwordColumns(password: StoredPassword) {
  return {
    password_hash: password.passwordHash,
    srp_salt: password.srpSalt,
    srp_verifier: password.srpVerifier,
  };
}

/**
 * Attributes with a change merged over them; an empty value deletes. An address that changes takes its proof along, unless
 * the change says otherwise: whoever makes it, nobody keeps what was proved of another address.
 */
export function merged(
  attributes: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string>>,
): Record<string, string> {
  const unproved = contactAttributes
    .filter((kind) => changes[kind] !== undefined && changes[kind] !== attributes[kind])
    .filter((kind) => attributes[`${kind}_verified`] !== undefined)
    .map((kind): [string, string] => [`${kind}_verified`, changes[kind] === "" ? "" : "false"]);
  const all = { ...attributes, ...Object.fromEntries(unproved), ...changes };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

/** What ListUsers may search by; null where the user has no such attribute. */
function searchable(
  pool: UserPool,
  attributes: Readonly<Record<string, string>>,
): Record<string, string | null> {
  return Object.fromEntries(
    searchableAttributes.map((name) => {
      const value = attributes[name];
      // Cut to what an index of either engine takes.
      return [name, value ? foldKey(pool, value).slice(0, 256) : null];
    }),
  );
}
