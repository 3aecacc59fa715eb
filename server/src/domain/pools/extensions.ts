/** The extensions of pools: what AWS has no field for. */
import { deleteVerifierDeletions, insertDeletion } from "../../store/deletions.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { Settings } from "../context.ts";
import { storePool } from "./change.ts";
import { issuerOf, loadPool, type UserPool, type UserPoolExtensions } from "./pool.ts";

/** What a document gets for what it leaves out: what this server gives new pools. */
export function completeExtensions(
  settings: Pick<Settings, "profile" | "issuerMode">,
  given: Partial<UserPoolExtensions>,
): UserPoolExtensions {
  return {
    profile: settings.profile,
    issuerMode: settings.issuerMode,
    srpVerifiers: "on",
    recoveryCodes: "off",
    ...given,
  };
}

/** Replaces a pool's extensions as a whole. */
export async function replaceExtensions(
  call: Call,
  userPoolId: string,
  extensions: UserPoolExtensions,
): Promise<void> {
  const before = await call.change(async (trx) => {
    const pool = await loadPool(call, userPoolId, trx);
    await storePool(trx, call, { ...pool, extensions });
    await noteVerifiers(trx, call, { pool, to: extensions.srpVerifiers });
    return pool;
  });
  warnOfNewIssuer(call, before, { ...before, extensions });
}

/** Verifiers can be guessed against like hashes, and far faster: a pool that no longer uses them does not keep them. */
async function noteVerifiers(
  trx: Db,
  call: Call,
  { pool, to }: { pool: UserPool; to: UserPoolExtensions["srpVerifiers"] },
): Promise<void> {
  if (pool.extensions.srpVerifiers === to) return;
  if (to === "on") {
    await deleteVerifierDeletions(trx, pool.id);
    return;
  }
  await insertDeletion(trx, {
    id: call.random.uuid(),
    user_pool_id: pool.id,
    user_id: null,
    verifiers_only: 1,
    created_at_ms: call.clock.now(),
  });
}

function warnOfNewIssuer(call: Call, before: UserPool, after: UserPool): void {
  const { publicUrl } = call.settings;
  const issuers = { from: issuerOf(before, publicUrl), to: issuerOf(after, publicUrl) };
  if (issuers.from === issuers.to) return;
  call.log.warn(
    { userPoolId: before.id, ...issuers },
    "the issuer of a user pool changed: tokens issued before are no longer accepted",
  );
}
