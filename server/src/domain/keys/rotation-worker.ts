import { findUserPoolsWithDueSigningKeys } from "../../store/signing-keys.ts";
import { makeOwnCall } from "../call.ts";
import type { Context } from "../context.ts";
import { type LeasedWork, startLeasedWork } from "../leased-work.ts";
import { advanceSigningKeys, readySinceMs } from "./rotate.ts";

const everyMs = 15_000;
const leaseMs = 60_000;
const poolsAtOnce = 100;

/** Starts what makes next keys active in time and removes keys that no token needs any more. */
export function startKeyRotation(context: Context): LeasedWork {
  return startLeasedWork(context, {
    name: "key-rotation",
    everyMs,
    leaseMs,
    isDue: async () => (await duePools(context)).length > 0,
    async run() {
      for (const userPoolId of await duePools(context)) await advance(context, userPoolId);
    },
  });
}

function duePools({ store, clock }: Context): Promise<readonly string[]> {
  const nowMs = clock.now();
  const due = { nextSinceMs: readySinceMs(nowMs), nowMs, limit: poolsAtOnce };
  return findUserPoolsWithDueSigningKeys(store.db, due);
}

async function advance(context: Context, userPoolId: string): Promise<void> {
  const call = makeOwnCall(context, {
    service: "poolhouse",
    operation: "AdvanceSigningKeys",
    requestId: context.random.uuid(),
  });
  call.about.userPoolId = userPoolId;
  await call.change((trx) => advanceSigningKeys(trx, { userPoolId, nowMs: call.clock.now() }));
  context.keyRing.forget(userPoolId);
}
