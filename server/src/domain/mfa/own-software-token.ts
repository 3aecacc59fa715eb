/** Users who are signed in set up an authenticator app. */
import type { UserCall } from "../call.ts";
import { readAnew } from "../users/change.ts";
import { requireSettled } from "../users/settled.ts";
import { requireFactorForChange } from "./passed-factor.ts";
import {
  associateToken,
  checkFriendlyName,
  requireSoftwareTokens,
  verifyToken,
} from "./software-token.ts";

/** Hands the caller a secret; the app that there is stays until a code of the new one is proved. */
export async function associateOwnToken(call: UserCall): Promise<string> {
  const { pool, user } = call;
  requireSettled(user);
  requireSoftwareTokens(pool);
  return call.change((trx) => associateToken(trx, call, { pool, user }));
}

/** Proves the secret by a code of it. In the hardened profile whoever has a factor must have signed in by one. */
export async function verifyOwnToken(
  call: UserCall,
  given: { code: string; friendlyName: string | undefined },
): Promise<void> {
  const { pool } = call;
  requireSettled(call.user);
  requireSoftwareTokens(pool);
  checkFriendlyName(given.friendlyName);
  await call.change(async (trx) => {
    const user = await readAnew(trx, pool, call.user);
    requireSettled(user);
    await requireFactorForChange(trx, call, user);
    return verifyToken(trx, call, { pool, user, ...given });
  });
}
