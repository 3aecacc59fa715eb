/** Who may call a route, decided as API Gateway's Cognito authorizer decides, with revocation counting at once. */
import type { Call } from "../domain/call.ts";
import { groupsOf } from "../domain/groups/group.ts";
import type { TokenUse } from "../domain/keys/create.ts";
import { findTokenHolder } from "../domain/tokens/holder.ts";
import { accessDenied, incomingTokenExpired, unauthorized } from "../errors/gateway.ts";
import type { Authorizer, Caller } from "./rest-api.ts";

/** The caller whom this Authorization header proves; throws API Gateway's refusal otherwise. */
export async function authorize(
  call: Call,
  authorizer: Authorizer,
  header: string | undefined,
): Promise<Caller> {
  const { userPoolIds, requiredScopes, requiredGroup } = authorizer;
  const uses: TokenUse[] = requiredScopes ? ["access"] : ["id", "access"];
  const caller = await findTokenHolder(call, tokenOf(header), { uses, userPoolIds });
  if (caller === "expired") throw incomingTokenExpired();
  if (typeof caller === "string") throw unauthorized();
  if (requiredScopes && !holdsScope(caller, requiredScopes)) throw unauthorized();
  if (requiredGroup !== undefined && !(await isInGroup(call, caller, requiredGroup))) {
    throw accessDenied();
  }
  return caller;
}

/** The token with or without `Bearer`: Amplify's GraphQL client sends it bare, most others do not. */
function tokenOf(header = ""): string {
  return /^Bearer +(.*)$/i.exec(header)?.[1] ?? header;
}

function holdsScope({ claims }: Caller, wanted: readonly string[]): boolean {
  const scopes = claims.token_use === "access" ? claims.scope.split(" ") : [];
  return scopes.some((scope) => wanted.includes(scope));
}

/**
 * A token names the groups of its sign-in or refresh, which is all that API Gateway sees. Whoever was taken out of the
 * group since is refused too; whoever was put in needs a new token, as on AWS.
 */
async function isInGroup(call: Call, { pool, user, claims }: Caller, name: string) {
  if (!claims["cognito:groups"]?.includes(name)) return false;
  const groups = await groupsOf(call.db, pool, user);
  return groups.some((group) => group.name === name);
}
