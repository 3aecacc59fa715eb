/** Making, changing and deleting resource servers. */
import {
  invalidParameter,
  resourceServerLimitExceeded,
  resourceServerNotFound,
} from "../../errors/cognito-idp.ts";
import {
  deleteResourceServer as deleteRow,
  findResourceServer,
  insertResourceServer,
  pageResourceServers,
  updateResourceServer as updateRow,
} from "../../store/resource-servers.ts";
import type { Call } from "../call.ts";
import { holdPool } from "../pools/hold.ts";
import type { UserPool } from "../pools/pool.ts";
import {
  maxResourceServersPerPool,
  type ResourceServer,
  resourceServerFromRow,
  type Scope,
} from "./resource-server.ts";

/** What a caller says of a resource server. */
export type GivenResourceServer = {
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
};

/** Makes a resource server; refuses an identifier that the pool has, and the 26th of a pool. */
export async function createResourceServer(
  call: Call,
  pool: UserPool,
  { identifier, name, scopes }: GivenResourceServer,
): Promise<ResourceServer> {
  // Cognito's own, such as aws.cognito/dcr, whose scopes it gives a meaning.
  if (/^aws\.cognito(?![^./])/.test(identifier)) {
    throw invalidParameter(`The identifier ${identifier} is reserved.`);
  }
  checkScopeNames(scopes);
  const nowMs = call.clock.now();
  const row = {
    user_pool_id: pool.id,
    identifier,
    name,
    scopes: JSON.stringify(scopes),
    created_at_ms: nowMs,
    modified_at_ms: nowMs,
  };
  await call.change(async (trx) => {
    await holdPool(trx, pool.id);
    if (!(await insertResourceServer(trx, row))) {
      throw invalidParameter(`${identifier} already exists in user pool ${pool.id}.`);
    }
    const limit = maxResourceServersPerPool + 1;
    const servers = await pageResourceServers(trx, { userPoolId: pool.id, limit });
    if (servers.length === limit) throw resourceServerLimitExceeded();
  });
  return resourceServerFromRow(row);
}

/** Replaces the name and the scopes of a resource server. A scope that it loses is in no token that is issued later. */
export async function updateResourceServer(
  call: Call,
  pool: UserPool,
  { identifier, name, scopes }: GivenResourceServer,
): Promise<ResourceServer> {
  checkScopeNames(scopes);
  const key = { userPoolId: pool.id, identifier };
  const set = { name, scopes: JSON.stringify(scopes), modified_at_ms: call.clock.now() };
  const row = await call.change(async (trx) => {
    await updateRow(trx, key, set);
    return (await findResourceServer(trx, key)) ?? resourceServerNotFound(identifier);
  });
  return resourceServerFromRow(row);
}

/** Deletes a resource server. Its scopes are in no token that is issued later; clients keep their names. */
export async function deleteResourceServer(
  call: Call,
  pool: UserPool,
  identifier: string,
): Promise<void> {
  await call.change(async (trx) => {
    const deleted = await deleteRow(trx, { userPoolId: pool.id, identifier });
    if (!deleted) throw resourceServerNotFound(identifier);
  });
}

function checkScopeNames(scopes: readonly Scope[]): void {
  const names = new Set(scopes.map(({ name }) => name));
  if (names.size < scopes.length) {
    throw invalidParameter("A scope can be named only once in a resource server.");
  }
}
