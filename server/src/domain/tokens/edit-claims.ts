/** What a pool's function may change in tokens, and what it may not (AWS, "Pre token generation Lambda trigger"). */
import type { ClaimEdits, TokenEdits } from "../triggers/pre-token-generation.ts";
import { userAdminScope } from "./scopes.ts";

/** These say who signed in, when and through what; edits of them are ignored. */
const unchangeable = new Set([
  "acr",
  "amr",
  "at_hash",
  "aud",
  "auth_time",
  "azp",
  "client_id",
  // The key that a token is bound to; AWS has no such claim.
  "cnf",
  "cognito:username",
  "device_key",
  "event_id",
  "exp",
  "iat",
  "identities",
  "iss",
  "jti",
  "nbf",
  "nonce",
  "origin_jti",
  "sub",
  "token_use",
  "username",
  "version",
]);
/** Without the groups there are no roles of theirs. */
const roleClaims = ["cognito:roles", "cognito:preferred_role"];

type Claims = Readonly<Record<string, unknown>>;

/** The claims of an ID token as edited. */
export function editIdClaims(claims: Claims, edits: TokenEdits): Claims {
  return edit(claims, edits.id);
}

/** The claims of an access token as edited; an `aud` can only be the client. */
export function editAccessClaims(claims: Claims, { access }: TokenEdits, clientId: string): Claims {
  // Scopes have edits of their own, with rules of their own.
  const { scope: _scope, aud, ...add } = access.add;
  const edited = edit(claims, {
    add,
    suppress: access.suppress.filter((name) => name !== "scope"),
  });
  const hasAud = aud === clientId && !access.suppress.includes("aud");
  return {
    ...edited,
    ...(hasAud ? { aud } : {}),
    scope: editScope(String(claims["scope"]), access),
  };
}

function edit(claims: Claims, { add, suppress }: ClaimEdits): Claims {
  const added = Object.entries(add).filter(([name]) => mayAdd(name));
  const edited = Object.entries({ ...claims, ...Object.fromEntries(added) });
  const gone = new Set(suppress.filter((name) => !unchangeable.has(name)));
  if (gone.has("cognito:groups")) for (const name of roleClaims) gone.add(name);
  // A claim that is added and suppressed is suppressed.
  return Object.fromEntries(edited.filter(([name]) => !gone.has(name)));
}

function mayAdd(name: string): boolean {
  return !unchangeable.has(name) && !name.startsWith("cognito:");
}

/** The form of a scope in RFC 6749 §3.3; whatever else would be read as another scope. */
const scopeForm = /^[\x21\x23-\x5B\x5D-\x7E]{1,256}$/;

/** What opens the user's own account, only a sign-in gives. */
function editScope(
  scope: string,
  edits: { scopesToAdd: readonly string[]; scopesToSuppress: readonly string[] },
): string {
  const added = edits.scopesToAdd.filter((each) => scopeForm.test(each) && each !== userAdminScope);
  const scopes = new Set([...scope.split(" "), ...added]);
  for (const each of edits.scopesToSuppress) scopes.delete(each);
  return [...scopes].join(" ");
}
