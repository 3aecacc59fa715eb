/** Changing and deleting pools, each in one transaction from what the pool is at that moment. */
import { concurrentModification, invalidParameter } from "../../errors/cognito-idp.ts";
import { insertDeletion } from "../../store/deletions.ts";
import type { Db } from "../../store/schema.ts";
import { markUserPoolDeleted, updateUserPool } from "../../store/user-pools.ts";
import type { Call } from "../call.ts";
import { domainsOf, showsManagedLogin } from "../domains/domain.ts";
import { checkMfaSettings, factorsAfterReplacement } from "../mfa/check-settings.ts";
import { loadPool, type ReplaceableUserPoolSettings, type UserPool } from "./pool.ts";
import { type DeclaredAttribute, extendSchema } from "./schema.ts";
import { checkTier, requireFeature } from "./tier.ts";

/** Replaces all of a pool's settings that are not fixed, and its name where one is given. */
export async function replaceSettings(
  call: Call,
  userPoolId: string,
  given: { name?: string; settings: ReplaceableUserPoolSettings },
): Promise<void> {
  await call.change(async (trx) => {
    const pool = await loadPool(call, userPoolId, trx);
    const { aliasAttributes, usernameAttributes, caseSensitive, ...rest } = pool.settings;
    const { usernameConfigurationGiven, schema, sessions, risk } = rest;
    const replaced = {
      ...given.settings,
      ...(aliasAttributes ? { aliasAttributes } : {}),
      ...(usernameAttributes ? { usernameAttributes } : {}),
      caseSensitive,
      usernameConfigurationGiven,
      schema,
      sessions,
      ...(risk ? { risk } : {}),
    };
    const settings = { ...replaced, mfa: factorsAfterReplacement(replaced, rest.mfa) };
    checkMfaSettings(settings);
    const domains = await domainsOf(trx, pool);
    if (domains.some(showsManagedLogin)) requireFeature(settings.tier, "Managed Login");
    await storePool(trx, call, { ...pool, name: given.name ?? pool.name, settings });
  });
}

/** Adds attributes of its own to a pool; none is ever taken away. */
export async function addCustomAttributes(
  call: Call,
  userPoolId: string,
  declared: readonly DeclaredAttribute[],
): Promise<void> {
  await call.change(async (trx) => {
    const pool = await loadPool(call, userPoolId, trx);
    const schema = extendSchema(pool.settings.schema, declared);
    await storePool(trx, call, { ...pool, settings: { ...pool.settings, schema } });
  });
}

/** Takes a pool out of sight at once; all that belongs to it is purged afterwards. */
export async function deletePool(call: Call, userPoolId: string): Promise<void> {
  await call.change(async (trx) => {
    const pool = await loadPool(call, userPoolId, trx);
    if (pool.settings.deletionProtection) {
      throw invalidParameter(
        "The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.",
      );
    }
    if ((await domainsOf(trx, pool)).length > 0) {
      throw invalidParameter(
        "User pool cannot be deleted. It has a domain configured that should be deleted first.",
      );
    }
    const nowMs = call.clock.now();
    // Compared with what was read: the protection cannot come on in between.
    const marked = await markUserPoolDeleted(trx, {
      id: pool.id,
      nowMs,
      modifiedAtMs: pool.modifiedAtMs,
    });
    if (!marked) throw concurrentModification();
    await insertDeletion(trx, {
      id: call.random.uuid(),
      user_pool_id: pool.id,
      user_id: null,
      created_at_ms: nowMs,
    });
  });
}

/** Stores a pool as changed from what was read in this transaction; refused if it was changed in between. */
export async function storePool(trx: Db, call: Call, changed: UserPool): Promise<void> {
  checkTier(changed.settings);
  const stored = await updateUserPool(trx, changed.id, {
    where: { modified_at_ms: changed.modifiedAtMs },
    set: {
      name: changed.name,
      settings: JSON.stringify(changed.settings),
      extensions: JSON.stringify(changed.extensions),
      // Strictly later than what it replaces, so that two changes made from one reading cannot both be stored.
      modified_at_ms: Math.max(call.clock.now(), changed.modifiedAtMs + 1),
    },
  });
  if (!stored) throw concurrentModification();
}
