/** Changing and deleting clients, each in one transaction from what the client is at that moment. */
import { concurrentModification, userPoolClientNotFound } from "../../errors/cognito-idp.ts";
import { deleteSignIns, insertDeletion } from "../../store/deletions.ts";
import { deleteUserPoolClient, updateUserPoolClient } from "../../store/user-pool-clients.ts";
import type { Call } from "../call.ts";
import { loadPool } from "../pools/pool.ts";
import { checkClientExtensions } from "./check-extensions.ts";
import { checkScopesExist } from "./check-oauth.ts";
import { type ClientInPool, loadClientOfPool, type UserPoolClient } from "./client.ts";

export type ClientName = { readonly userPoolId: string; readonly clientId: string };

type Changeable = "name" | "sealedSecrets" | "settings" | "extensions";

/** Stores a client as `change` makes it of what it is now; its id and its pool stay. */
export async function changeClient(
  call: Call,
  { userPoolId, clientId }: ClientName,
  change: (now: ClientInPool) => Partial<Pick<UserPoolClient, Changeable>>,
): Promise<UserPoolClient> {
  return await call.change(async (trx) => {
    const pool = await loadPool(call, userPoolId, trx);
    const client = await loadClientOfPool(call, { pool, clientId }, trx);
    const changed = {
      ...client,
      ...change({ pool, client }),
      // Strictly later than what it replaces, so that two changes made from one reading cannot both be stored.
      modifiedAtMs: Math.max(call.clock.now(), client.modifiedAtMs + 1),
    };
    // A client keeps the name of a scope that is deleted later; whoever sets its scopes may name only those that there are.
    const { oauth } = changed.settings;
    if (changed.extensions !== client.extensions) checkClientExtensions(changed.extensions);
    if (oauth !== client.settings.oauth) await checkScopesExist(trx, pool.id, oauth);
    const stored = await updateUserPoolClient(trx, client, {
      where: { modified_at_ms: client.modifiedAtMs },
      set: {
        name: changed.name,
        secret: changed.sealedSecrets ?? null,
        settings: JSON.stringify(changed.settings),
        extensions: JSON.stringify(changed.extensions),
        modified_at_ms: changed.modifiedAtMs,
      },
    });
    if (!stored) throw concurrentModification();
    return changed;
  });
}

/** Deletes a client and ends all sign-ins by it: should its id come again, none of their tokens does. */
export async function deleteClient(call: Call, client: UserPoolClient): Promise<void> {
  const { id: clientId, userPoolId } = client;
  await call.change(async (trx) => {
    const deleted = await deleteUserPoolClient(trx, client);
    if (!deleted) throw userPoolClientNotFound(clientId);
    // Looked at once more later: a sign-in that had read the client before may end after this.
    await insertDeletion(trx, {
      id: call.random.uuid(),
      user_pool_id: userPoolId,
      user_id: null,
      client_id: clientId,
      created_at_ms: call.clock.now(),
    });
  });
  await deleteSignIns(call.db, { userPoolId, clientId });
}
