/** Making, changing and deleting the domains of a pool. */
import { concurrentModification, invalidParameter } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import {
  deleteUserPoolDomain,
  findUserPoolDomain,
  insertUserPoolDomain,
  updateUserPoolDomain,
} from "../../store/user-pool-domains.ts";
import type { Call } from "../call.ts";
import { holdPool } from "../pools/hold.ts";
import { loadPool, type UserPool } from "../pools/pool.ts";
import { requireFeature } from "../pools/tier.ts";
import { checkCustomName, checkPrefix } from "./check-name.ts";
import {
  type CustomDomainConfig,
  domainsOf,
  type ManagedLoginVersion,
  showsManagedLogin,
  type UserPoolDomain,
  type UserPoolDomainSettings,
  userPoolDomainFromRow,
} from "./domain.ts";

/** What a caller says of a domain. */
export type GivenDomain = {
  readonly domain: string;
  readonly managedLoginVersion?: ManagedLoginVersion;
  /** With it the domain is a custom one. */
  readonly custom?: CustomDomainConfig;
};

/** Gives a pool a domain. It may have a prefix and a custom one; a name belongs to one pool alone. */
export async function createDomain(
  call: Call,
  { id }: UserPool,
  given: GivenDomain,
): Promise<UserPoolDomain> {
  const { domain, managedLoginVersion = 1, custom } = given;
  if (custom) checkCustomName(domain, call.settings);
  else checkPrefix(domain);
  const settings = { managedLoginVersion, ...(custom ? { custom } : {}) };
  const isCustom = custom !== undefined;
  const nowMs = call.clock.now();
  await call.change(async (trx) => {
    const pool = await holdForDomain(trx, call, { id, settings });
    if ((await domainsOf(trx, pool)).some((other) => other.isCustom === isCustom)) {
      throw invalidParameter("User pool already has a domain configured.");
    }
    const inserted = await insertUserPoolDomain(trx, {
      domain,
      user_pool_id: id,
      is_custom: isCustom ? 1 : 0,
      settings: JSON.stringify(settings),
      created_at_ms: nowMs,
      modified_at_ms: nowMs,
    });
    if (!inserted) throw invalidParameter("Domain already associated with another user pool.");
  });
  return { ...settings, domain, userPoolId: id, isCustom, createdAtMs: nowMs, modifiedAtMs: nowMs };
}

/** Changes what is given of a domain; its name stays, and its kind. */
export async function updateDomain(
  call: Call,
  { id }: UserPool,
  { domain, managedLoginVersion, custom }: GivenDomain,
): Promise<UserPoolDomain> {
  return await call.change(async (trx) => {
    const row = await findUserPoolDomain(trx, domain);
    if (row?.user_pool_id !== id) throw noSuchDomain();
    const now = userPoolDomainFromRow(row);
    if (now.isCustom && !custom) {
      throw invalidParameter("Cannot convert custom domain to prefix domain.");
    }
    if (!now.isCustom && custom) {
      throw invalidParameter("Cannot convert prefix domain to custom domain.");
    }
    const settings = {
      managedLoginVersion: managedLoginVersion ?? now.managedLoginVersion,
      ...(custom ? { custom } : {}),
    };
    await holdForDomain(trx, call, { id, settings });
    const modifiedAtMs = Math.max(call.clock.now(), now.modifiedAtMs + 1);
    const stored = await updateUserPoolDomain(
      trx,
      { userPoolId: id, domain },
      {
        where: { modified_at_ms: now.modifiedAtMs },
        set: { settings: JSON.stringify(settings), modified_at_ms: modifiedAtMs },
      },
    );
    if (!stored) throw concurrentModification();
    return { ...now, ...settings, modifiedAtMs };
  });
}

/** Takes a domain away from its pool; any pool may have the name then. */
export async function deleteDomain(call: Call, { id }: UserPool, domain: string): Promise<void> {
  await call.change(async (trx) => {
    if (!(await deleteUserPoolDomain(trx, { userPoolId: id, domain }))) throw noSuchDomain();
  });
}

/** Holds the pool, so that neither its tier nor its domains change meanwhile, and refuses what its tier does not include. */
async function holdForDomain(
  trx: Db,
  call: Call,
  { id, settings }: { id: string; settings: UserPoolDomainSettings },
): Promise<UserPool> {
  await holdPool(trx, id);
  const pool = await loadPool(call, id, trx);
  if (showsManagedLogin(settings)) requireFeature(pool.settings.tier, "Managed Login");
  return pool;
}

function noSuchDomain() {
  return invalidParameter("No such domain or user pool exists.");
}
