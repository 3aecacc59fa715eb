/** The scopes of a request: those of the client, as far as the pool still has them. */
import type { Call } from "../domain/call.ts";
import type { UserPoolClient } from "../domain/clients/client.ts";
import { isHardenedFor } from "../domain/grants/profile.ts";
import type { UserPool } from "../domain/pools/pool.ts";
import { customScopesOf } from "../domain/resource-servers/resource-server.ts";
import { standardScopes } from "../domain/tokens/scopes.ts";
import { oauthError } from "../errors/oauth.ts";

const maxCharacters = 4096;
const scopeForm = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

/** The scopes that are asked for, or all that the client has; refused as a whole where one of them is not to be had. */
export async function requireScopes(
  call: Call,
  { pool, client, scope }: { pool: UserPool; client: UserPoolClient; scope: string | undefined },
): Promise<readonly string[]> {
  const allowed = await grantableScopes(call, { pool, client });
  if (scope === undefined) return allowed;
  const asked = new Set(scope.split(" ").filter((each) => each !== ""));
  const isFine =
    scope.length <= maxCharacters &&
    asked.size > 0 &&
    [...asked].every((each) => scopeForm.test(each) && allowed.includes(each));
  // Cognito's authorization endpoint says it so.
  if (!isFine && !isHardenedFor(pool, client)) throw oauthError("invalid_request", "invalid_scope");
  if (!isFine) throw oauthError("invalid_scope");
  return [...asked];
}

/** What a client may be granted now: a scope whose resource server has lost it is granted no more. */
export async function grantableScopes(
  call: Call,
  { pool, client }: { pool: UserPool; client: UserPoolClient },
): Promise<readonly string[]> {
  const { allowedScopes = [] } = client.settings.oauth;
  const known: readonly string[] = standardScopes;
  if (allowedScopes.every((each) => known.includes(each))) return allowedScopes;
  const custom = (await customScopesOf(call.db, pool.id)).map(({ name }) => name);
  return allowedScopes.filter((each) => known.includes(each) || custom.includes(each));
}
