/** What the tokens of a user say; times in epoch seconds (AWS, "Understanding the access token", "… the ID token"). */
import { hash } from "node:crypto";
import type { UserPoolClient } from "../clients/client.ts";
import type { Context } from "../context.ts";
import { isHardenedFor } from "../grants/profile.ts";
import { type Group, rolesOf } from "../groups/group.ts";
import { issuerOf, type UserPool } from "../pools/pool.ts";
import type { GroupOverride, TokenEdits } from "../triggers/pre-token-generation.ts";
import { readableAttributes } from "../users/attributes.ts";
import type { User } from "../users/user.ts";
import { editAccessClaims, editIdClaims } from "./edit-claims.ts";
import { selectByScope } from "./scopes.ts";
import { asStandardClaims, withFlags } from "./standard-claims.ts";

export type AccessTokenClaims = {
  readonly iss: string;
  readonly sub: string;
  readonly client_id: string;
  readonly token_use: "access";
  readonly scope: string;
  readonly auth_time: number;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  /** The family; absent where the client has token revocation switched off. */
  readonly origin_jti?: string;
  readonly event_id: string;
  readonly username: string;
  /** The device that the sign-in is bound to. */
  readonly device_key?: string;
  /** Only of tokens that the OAuth endpoints gave. */
  readonly version?: 2;
  /** The resource that it is for (RFC 8707). */
  readonly aud?: string;
  /** The key that must prove every use of it (RFC 9449 §6). */
  readonly cnf?: { readonly jkt: string };
  readonly "cognito:groups"?: readonly string[];
};

/** What the access token of a client says that stands for no user. */
export type ClientTokenClaims = Pick<
  AccessTokenClaims,
  "iss" | "client_id" | "token_use" | "scope" | "auth_time" | "iat" | "exp" | "jti" | "aud" | "cnf"
> & {
  /** The client. */
  readonly sub: string;
  readonly version: 2;
};

export type IdTokenClaims = {
  readonly iss: string;
  readonly sub: string;
  /** The client. */
  readonly aud: string;
  readonly token_use: "id";
  readonly auth_time: number;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly origin_jti?: string;
  readonly "cognito:username": string;
  readonly "cognito:groups"?: readonly string[];
  readonly email?: string;
};

/** What the tokens of one sign-in share. */
export type SignInFamily = {
  readonly id: string;
  readonly authTimeMs: number;
  readonly scope: string;
  /** Null where it is bound to no device. */
  readonly deviceKey: string | null;
  /** Of a grant by the OAuth endpoints; absent for sign-ins by the API. */
  readonly grant?: GrantFacts;
};

/** What the tokens of an OAuth grant say beside those of the API. */
export type GrantFacts = {
  readonly loginSessionId: string;
  readonly resource: string | null;
  readonly dpopJkt: string | null;
  /** Of the authorization request; not repeated by a refresh (OpenID Connect Core §12.2). */
  readonly nonce?: string;
};

/** Whose tokens, from which sign-in. */
export type TokenSubject = {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly user: User;
  /** By precedence. */
  readonly groups: readonly Group[];
  readonly family: SignInFamily;
  /** What the pool's function changes. */
  readonly edits?: TokenEdits | undefined;
};

type Issued = { readonly iat: number; readonly exp: number };

/** What both kinds say alike. */
function sharedClaims(context: Context, subject: TokenSubject, { iat, exp }: Issued) {
  const { pool, client, user, family } = subject;
  const groups = groupClaims(subject);
  return {
    sub: user.id,
    ...(groups.names.length > 0 ? { "cognito:groups": groups.names } : {}),
    iss: issuerOf(pool, context.settings.publicUrl),
    ...(client.settings.enableTokenRevocation ? { origin_jti: family.id } : {}),
    event_id: context.random.uuid(),
    auth_time: Math.floor(family.authTimeMs / 1000),
    iat,
    exp,
    jti: context.random.uuid(),
  };
}

export function accessTokenClaims(context: Context, subject: TokenSubject, issued: Issued): object {
  const { client, edits, family } = subject;
  const claims: AccessTokenClaims = {
    ...sharedClaims(context, subject, issued),
    client_id: client.id,
    token_use: "access",
    scope: family.scope,
    ...(family.deviceKey === null ? {} : { device_key: family.deviceKey }),
    ...grantClaims(family.grant),
    username: subject.user.username,
  };
  return edits ? editAccessClaims(claims, edits, client.id) : claims;
}

function grantClaims(grant: GrantFacts | undefined) {
  if (!grant) return {};
  const { resource, dpopJkt } = grant;
  return {
    version: 2,
    ...(resource === null ? {} : { aud: resource }),
    ...(dpopJkt === null ? {} : { cnf: { jkt: dpopJkt } }),
  } as const;
}

/** The claims of the ID token beside an access token. */
export function idTokenClaims(
  context: Context,
  subject: TokenSubject,
  issued: Issued & { accessToken: string },
): object {
  const { client, user, edits, family } = subject;
  const claims = {
    ...attributeClaims(subject),
    ...sharedClaims(context, subject, issued),
    ...roleClaims(subject),
    "cognito:username": user.username,
    aud: client.id,
    token_use: "id",
    ...(family.grant ? { at_hash: atHash(issued.accessToken) } : {}),
    ...(family.grant?.nonce === undefined ? {} : { nonce: family.grant.nonce }),
  };
  return { ...(edits ? editIdClaims(claims, edits) : claims), ...sessionClaim(subject) };
}

/** By which a client that is told of logouts knows which of its sessions is meant (Back-Channel Logout §2.1). */
function sessionClaim({ client, family }: TokenSubject): { sid?: string } {
  const isTold = client.extensions.backChannelLogoutUri !== undefined;
  return isTold && family.grant ? { sid: family.grant.loginSessionId } : {};
}

/** The left half of the access token's SHA-256 (OpenID Connect Core §3.1.3.6). */
function atHash(accessToken: string): string {
  return hash("sha256", accessToken, "buffer").subarray(0, 16).toString("base64url");
}

/**
 * Custom attributes are strings in every token, numbers too; the two verified flags are booleans. In the hardened profile
 * the OAuth endpoints give all standard ones the standard's types.
 */
function attributeClaims({ pool, client, user, family }: TokenSubject): Record<string, unknown> {
  const attributes = readableAttributes(client, user.attributes);
  if (!family.grant) return withFlags(attributes);
  const opened = selectByScope(attributes, family.scope);
  return isHardenedFor(pool, client) ? asStandardClaims(opened) : withFlags(opened);
}

/** The groups as the tokens name them: the function's, where it has its own. */
function groupClaims({ groups, edits }: TokenSubject): GroupOverride {
  return edits?.groups ?? { names: groups.map(({ name }) => name), ...rolesOf(groups) };
}

function roleClaims(subject: TokenSubject): Record<string, unknown> {
  const { roles, preferredRole } = groupClaims(subject);
  return {
    ...(roles.length > 0 ? { "cognito:roles": roles } : {}),
    ...(preferredRole === undefined ? {} : { "cognito:preferred_role": preferredRole }),
  };
}
