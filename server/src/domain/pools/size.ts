/** About how many users a pool has, at a bounded price however many there are. */
import { dropOldest } from "../../lib/drop-oldest.ts";
import type { Store } from "../../store/store.ts";
import { countUsers } from "../../store/users.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "./pool.ts";

/** Up to here every look counts anew. */
const exactUpTo = 100;
/** AWS brings its estimate up to date about once a day. */
const keptMs = 600_000;
const maxPools = 1_000;

type Counted = { readonly users: number; readonly atMs: number };

const counted = new WeakMap<Store, Map<string, Counted>>();

/** The number of users: exact for small pools, for large ones as it was a few minutes ago. */
export async function estimateUsers(call: Call, pool: UserPool): Promise<number> {
  const kept = keptOf(call.store);
  const known = kept.get(pool.id);
  const nowMs = call.clock.now();
  if (known && Math.abs(nowMs - known.atMs) < keptMs) return known.users;
  const few = await countUsers(call.db, { userPoolId: pool.id, limit: exactUpTo + 1 });
  if (few <= exactUpTo) return few;
  const users = await countUsers(call.db, { userPoolId: pool.id });
  kept.delete(pool.id);
  kept.set(pool.id, { users, atMs: nowMs });
  dropOldest(kept, maxPools);
  return users;
}

function keptOf(store: Store): Map<string, Counted> {
  const kept = counted.get(store) ?? new Map<string, Counted>();
  counted.set(store, kept);
  return kept;
}
