import { invalidParameter } from "../../errors/cognito-idp.ts";
import { makeClientId } from "../../lib/ids.ts";
import { insertUserPoolClient } from "../../store/user-pool-clients.ts";
import type { Call } from "../call.ts";
import { loadPool, type UserPool } from "../pools/pool.ts";
import { checkClientExtensions } from "./check-extensions.ts";
import { checkScopesExist } from "./check-oauth.ts";
import type { UserPoolClient, UserPoolClientExtensions, UserPoolClientSettings } from "./client.ts";
import { firstSecret, sealSecrets } from "./secrets.ts";

/** Makes an app client; `id` is given only by templates and imports. */
export async function createClient(
  call: Call,
  pool: UserPool,
  given: {
    id?: string;
    name: string;
    secret?: string;
    settings: UserPoolClientSettings;
    extensions?: UserPoolClientExtensions;
  },
): Promise<UserPoolClient> {
  const nowMs = call.clock.now();
  const id = given.id ?? makeClientId(call.random);
  // AWS's own ids have 26 lower-case letters and digits; ours may be as long as its API takes.
  if (!/^[0-9A-Za-z_+]{1,128}$/.test(id)) {
    throw invalidParameter(`The client id ${id.slice(0, 128)} is not made of letters and digits.`);
  }
  const key = { id, createdAtMs: nowMs };
  const client: UserPoolClient = {
    ...key,
    userPoolId: pool.id,
    name: given.name,
    sealedSecrets: given.secret && sealSecrets(call, id, [firstSecret(key, given.secret)]),
    settings: given.settings,
    extensions: given.extensions ?? {},
    modifiedAtMs: nowMs,
  };
  checkClientExtensions(client.extensions);
  call.about.clientId = id;
  await call.change(async (trx) => {
    // It may have been deleted since it was read.
    await loadPool(call, pool.id, trx);
    await checkScopesExist(trx, pool.id, client.settings.oauth);
    const inserted = await insertUserPoolClient(trx, {
      id,
      user_pool_id: pool.id,
      name: client.name,
      secret: client.sealedSecrets ?? null,
      settings: JSON.stringify(client.settings),
      extensions: JSON.stringify(client.extensions),
      created_at_ms: nowMs,
      modified_at_ms: nowMs,
    });
    if (!inserted) throw invalidParameter(`The client id ${id} is taken.`);
  });
  return client;
}
