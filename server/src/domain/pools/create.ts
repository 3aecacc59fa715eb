import { invalidParameter } from "../../errors/cognito-idp.ts";
import { makeUserPoolId } from "../../lib/ids.ts";
import { insertSigningKey } from "../../store/signing-keys.ts";
import { insertUserPool } from "../../store/user-pools.ts";
import type { Call } from "../call.ts";
import { newSigningKeys } from "../keys/create.ts";
import { completeExtensions } from "./extensions.ts";
import type { UserPool, UserPoolExtensions, UserPoolSettings } from "./pool.ts";
import { checkTier } from "./tier.ts";

/** Makes a pool with its two signing keys in the caller's region; `id` is given only by templates and imports. */
export async function createPool(
  call: Call,
  given: {
    id?: string;
    name: string;
    settings: UserPoolSettings;
    extensions?: Partial<UserPoolExtensions>;
  },
): Promise<UserPool> {
  checkTier(given.settings);
  const nowMs = call.clock.now();
  const pool: UserPool = {
    id: chooseId(call, given.id),
    name: given.name,
    settings: given.settings,
    extensions: completeExtensions(call.settings, given.extensions ?? {}),
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  call.about.userPoolId = pool.id;
  const keys = await newSigningKeys(call, pool.id);
  await call.change(async (trx) => {
    const inserted = await insertUserPool(trx, {
      id: pool.id,
      name: pool.name,
      settings: JSON.stringify(pool.settings),
      extensions: JSON.stringify(pool.extensions),
      created_at_ms: nowMs,
      modified_at_ms: nowMs,
      deleted_at_ms: null,
    });
    if (!inserted) throw invalidParameter(`The user pool id ${pool.id} is taken.`);
    for (const key of keys) await insertSigningKey(trx, key);
  });
  return pool;
}

/** A pool's id begins with its region, and whoever signs for a region reaches only those. */
function chooseId(call: Call, given: string | undefined): string {
  const region = call.principal?.region ?? call.settings.region;
  if (!/^[a-z0-9-]{2,32}$/.test(region)) {
    throw invalidParameter(`${region.slice(0, 64)} is not the name of a region.`);
  }
  const id = given ?? makeUserPoolId(call.random, region);
  const isOfRegion = id.startsWith(`${region}_`) && id.length <= 55;
  if (!isOfRegion || !/^[0-9A-Za-z]+$/.test(id.slice(region.length + 1))) {
    throw invalidParameter(
      `The user pool id ${id.slice(0, 64)} is not ${region}_ followed by letters or digits.`,
    );
  }
  return id;
}
