/** Telling users what happened to their account, so that nobody takes one in silence (ASVS 6.3.7). */
import { insertOutboxMessage } from "../../store/outbox.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { composeNotice, type Occasion } from "../messages/compose.ts";
import { outboxRow } from "../messages/outbox-row.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "./user.ts";

/**
 * In the hardened profile leaves a notice in the outbox for the address that `user`, as it was before the change,
 * proved to own. News that cannot be delivered must not undo or delay what it tells of.
 */
export async function notify(
  trx: Db,
  call: Call,
  { pool, user, occasion }: { pool: UserPool; user: User; occasion: Occasion },
): Promise<void> {
  const { email, email_verified: verified } = user.attributes;
  if (pool.extensions.profile !== "hardened" || !email || verified !== "true") return;
  const message = composeNotice(pool, { to: email, occasion });
  await insertOutboxMessage(trx, outboxRow(call, { pool, userId: user.id, message }));
}
