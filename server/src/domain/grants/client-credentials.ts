/** What a client gets for itself, without a user (RFC 6749 §4.4). */
import { oauthError } from "../../errors/oauth.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import { customScopesOf } from "../resource-servers/resource-server.ts";
import { issueClientToken } from "../tokens/client-token.ts";
import type { TokenPair } from "../tokens/issue.ts";

export type AskedForClient = {
  /** All that the client has when absent. */
  readonly scopes?: readonly string[] | undefined;
  /** The resource that the token is for (RFC 8707). */
  readonly resource?: string | undefined;
  /** The key that the request proved to hold (RFC 9449). */
  readonly dpopJkt?: string | undefined;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
};

/**
 * The token of a client that has proved itself. Throws `invalid_scope` where a scope is asked for that the client has not,
 * or where it has none.
 */
export async function grantToClient(
  call: Call,
  { pool, client }: ClientInPool,
  { scopes: wanted, ...asked }: AskedForClient,
): Promise<TokenPair> {
  const scopes = await scopesForClient(call.db, { pool, client }, wanted);
  if (!scopes) throw oauthError("invalid_scope");
  return issueClientToken(call, { pool, client, scopes, ...asked });
}

/** The scopes that are asked for, or all that the client has for itself; undefined where one is not to be had, or none. */
export async function scopesForClient(
  db: Db,
  of: ClientInPool,
  asked: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  const allowed = await machineScopes(db, of);
  const scopes = asked === undefined ? allowed : [...new Set(asked)];
  const isFine = scopes.length > 0 && scopes.every((each) => allowed.includes(each));
  return isFine ? scopes : undefined;
}

/**
 * The scopes that a client has for itself, as far as the pool's resource servers still have them: the standard ones are
 * about users.
 */
export async function machineScopes(
  db: Db,
  { pool, client }: ClientInPool,
): Promise<readonly string[]> {
  const { allowedScopes = [] } = client.settings.oauth;
  const custom = (await customScopesOf(db, pool.id)).map(({ name }) => name);
  return allowedScopes.filter((each) => custom.includes(each));
}
