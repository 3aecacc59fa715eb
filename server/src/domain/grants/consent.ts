/** What users agreed to that clients get (ASVS 5.0, 10.7). */
import { findConsent, putConsent } from "../../store/consents.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import type { User } from "../users/user.ts";

type Agreement = ClientInPool & { readonly user: User; readonly scopes: readonly string[] };

/** Whether the user has agreed to all of these scopes before. */
export async function hasConsented(
  db: Db,
  { pool, client, user, scopes }: Agreement,
): Promise<boolean> {
  const key = { userPoolId: pool.id, userId: user.id, clientId: client.id };
  const granted = (await findConsent(db, key))?.scopes.split(" ") ?? [];
  return scopes.every((each) => granted.includes(each));
}

/** Remembers what the user agreed to, beside what they had agreed to before. */
export async function rememberConsent(
  call: Call,
  { pool, client, user, scopes }: Agreement,
): Promise<void> {
  const key = { userPoolId: pool.id, userId: user.id, clientId: client.id };
  const nowMs = call.clock.now();
  await call.change(async (trx) => {
    const before = (await findConsent(trx, key))?.scopes.split(" ") ?? [];
    await putConsent(trx, {
      user_pool_id: pool.id,
      user_id: user.id,
      client_id: client.id,
      scopes: [...new Set([...before, ...scopes])].join(" "),
      created_at_ms: nowMs,
      modified_at_ms: nowMs,
    });
  });
}
