import { makeUserPoolId } from "../../lib/ids.ts";
import { insertSigningKey } from "../../store/signing-keys.ts";
import { insertUserPool } from "../../store/user-pools.ts";
import type { Call } from "../call.ts";
import { newSigningKeys } from "../keys/create.ts";
import type { UserPool, UserPoolExtensions, UserPoolSettings } from "./pool.ts";

/** Makes a pool with its two signing keys; `id` is given only by templates and imports. */
export async function createPool(
  call: Call,
  given: {
    id?: string;
    name: string;
    settings: UserPoolSettings;
    extensions?: Partial<UserPoolExtensions>;
  },
): Promise<UserPool> {
  const nowMs = call.clock.now();
  const pool: UserPool = {
    id: given.id ?? makeUserPoolId(call.random, call.settings.region),
    name: given.name,
    settings: given.settings,
    extensions: {
      profile: call.settings.profile,
      issuerMode: call.settings.issuerMode,
      srpVerifiers: "on",
      ...given.extensions,
    },
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  call.about.userPoolId = pool.id;
  const keys = await newSigningKeys(call, pool.id);
  await call.change(async (trx) => {
    await insertUserPool(trx, {
      id: pool.id,
      name: pool.name,
      settings: JSON.stringify(pool.settings),
      extensions: JSON.stringify(pool.extensions),
      created_at_ms: nowMs,
      modified_at_ms: nowMs,
      deleted_at_ms: null,
    });
    for (const key of keys) await insertSigningKey(trx, key);
  });
  return pool;
}
