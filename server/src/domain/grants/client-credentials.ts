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
 * The token of a client that has proved itself. Its scopes are those of the pool's resource servers: the standard ones
 * are about users. Throws `invalid_scope` where one is asked for that the client has not, or where it has none.
 */
export async function grantToClient(
  call: Call,
  { pool, client }: ClientInPool,
  { scopes, ...asked }: AskedForClient,
): Promise<TokenPair> {
  const allowed = await machineScopes(call.db, { pool, client });
  const granted = scopes === undefined ? allowed : [...new Set(scopes)];
  if (granted.length === 0 || !granted.every((each) => allowed.includes(each))) {
    throw oauthError("invalid_scope");
  }
  return issueClientToken(call, { pool, client, scopes: granted, ...asked });
}

/** The scopes that a client has for itself, as far as the pool's resource servers still have them. */
export async function machineScopes(
  db: Db,
  { pool, client }: ClientInPool,
): Promise<readonly string[]> {
  const { allowedScopes = [] } = client.settings.oauth;
  const custom = (await customScopesOf(db, pool.id)).map(({ name }) => name);
  return allowedScopes.filter((each) => custom.includes(each));
}
