/** Resource servers of a pool: the APIs that its access tokens open, each with scopes of its own. */
import { resourceServerNotFound } from "../../errors/cognito-idp.ts";
import {
  findResourceServer,
  pageResourceServers,
  type ResourceServerRow,
} from "../../store/resource-servers.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";

export type Scope = { readonly name: string; readonly description: string };

export type ResourceServer = {
  readonly userPoolId: string;
  readonly identifier: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

/** AWS's quota. */
export const maxResourceServersPerPool = 25;

export function resourceServerFromRow(row: ResourceServerRow): ResourceServer {
  return {
    userPoolId: row.user_pool_id,
    identifier: row.identifier,
    name: row.name,
    // Written by this program alone.
    scopes: JSON.parse(row.scopes) as Scope[],
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

/** The resource server of this pool that a call names; throws AWS's refusal for an unknown one. */
export async function loadResourceServer(
  call: Call,
  pool: UserPool,
  identifier: string,
): Promise<ResourceServer> {
  const row = await findResourceServer(call.db, { userPoolId: pool.id, identifier });
  if (!row) throw resourceServerNotFound(identifier);
  return resourceServerFromRow(row);
}

/** All resource servers of a pool, by identifier. */
export async function listResourceServers(
  db: Db,
  userPoolId: string,
): Promise<readonly ResourceServer[]> {
  const rows = await pageResourceServers(db, { userPoolId, limit: maxResourceServersPerPool });
  return rows.map(resourceServerFromRow);
}

/** The scopes that exist in a pool beside the standard ones, as tokens name them: `identifier/scope`. */
export async function customScopesOf(db: Db, userPoolId: string): Promise<readonly Scope[]> {
  const servers = await listResourceServers(db, userPoolId);
  return servers.flatMap(({ identifier, scopes }) =>
    scopes.map(({ name, description }) => ({ name: `${identifier}/${name}`, description })),
  );
}
