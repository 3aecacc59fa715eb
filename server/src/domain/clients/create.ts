import { makeClientId } from "../../lib/ids.ts";
import { insertUserPoolClient } from "../../store/user-pool-clients.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import { sealSecret, type UserPoolClient, type UserPoolClientSettings } from "./client.ts";

/** What AWS gives a client that was created with a name and nothing else. */
export const defaultClientSettings: UserPoolClientSettings = {
  refreshTokenValidity: 30,
  tokenValidityUnits: {},
  tokenValidityUnitsGiven: false,
  authSessionValidityMinutes: 3,
  enableTokenRevocation: true,
  enablePropagateAdditionalUserContextData: false,
  oauth: { allowedFlowsUserPoolClient: false },
};

/** Makes an app client; `id` is given only by templates and imports. */
export async function createClient(
  call: Call,
  pool: UserPool,
  given: { id?: string; name: string; secret?: string; settings: UserPoolClientSettings },
): Promise<UserPoolClient> {
  const nowMs = call.clock.now();
  const id = given.id ?? makeClientId(call.random);
  const client: UserPoolClient = {
    id,
    userPoolId: pool.id,
    name: given.name,
    sealedSecret: given.secret === undefined ? undefined : sealSecret(call, id, given.secret),
    settings: given.settings,
    extensions: {},
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  call.about.clientId = id;
  await call.change(async (trx) => {
    await insertUserPoolClient(trx, {
      id,
      user_pool_id: pool.id,
      name: client.name,
      secret: client.sealedSecret ?? null,
      settings: JSON.stringify(client.settings),
      extensions: JSON.stringify(client.extensions),
      created_at_ms: nowMs,
      modified_at_ms: nowMs,
    });
  });
  return client;
}
