/** What the tokens of a user say; times in epoch seconds (AWS, "Understanding the access token", "… the ID token"). */
import type { UserPoolClient } from "../clients/client.ts";
import type { Context } from "../context.ts";
import type { Group } from "../groups/group.ts";
import { issuerOf, type UserPool } from "../pools/pool.ts";
import { readableAttributes } from "../users/attributes.ts";
import type { User } from "../users/user.ts";

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
  readonly "cognito:groups"?: readonly string[];
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

/** The scope of every token that the API issues; the token operations ask for it. */
export const userAdminScope = "aws.cognito.signin.user.admin";

/** Whose tokens, from which sign-in. */
export type TokenSubject = {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  readonly user: User;
  /** By precedence. */
  readonly groups: readonly Group[];
  readonly family: { readonly id: string; readonly authTimeMs: number; readonly scope: string };
};

type Issued = { readonly iat: number; readonly exp: number };

/** What both kinds say alike. */
function sharedClaims(context: Context, subject: TokenSubject, { iat, exp }: Issued) {
  const { pool, client, user, groups, family } = subject;
  return {
    sub: user.id,
    ...(groups.length > 0 ? { "cognito:groups": groups.map(({ name }) => name) } : {}),
    iss: issuerOf(pool, context.settings.publicUrl),
    ...(client.settings.enableTokenRevocation ? { origin_jti: family.id } : {}),
    event_id: context.random.uuid(),
    auth_time: Math.floor(family.authTimeMs / 1000),
    iat,
    exp,
    jti: context.random.uuid(),
  };
}

export function accessTokenClaims(
  context: Context,
  subject: TokenSubject,
  issued: Issued,
): AccessTokenClaims {
  return {
    ...sharedClaims(context, subject, issued),
    client_id: subject.client.id,
    token_use: "access",
    scope: subject.family.scope,
    username: subject.user.username,
  };
}

export function idTokenClaims(context: Context, subject: TokenSubject, issued: Issued): object {
  const { client, user, groups } = subject;
  return {
    ...attributeClaims(readableAttributes(client, user.attributes)),
    ...sharedClaims(context, subject, issued),
    ...roleClaims(groups),
    "cognito:username": user.username,
    aud: client.id,
    token_use: "id",
  };
}

/** Custom attributes are strings in every token, numbers too; the two verified flags are booleans. */
function attributeClaims(attributes: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      name === "email_verified" || name === "phone_number_verified" ? value === "true" : value,
    ]),
  );
}

/**
 * `cognito:roles` are the roles of all groups; the preferred one is that of the lowest precedence, and left out when
 * groups tie for it with different roles (AWS, "Adding groups to a user pool").
 */
function roleClaims(groups: readonly Group[]): Record<string, unknown> {
  const withRole = groups.filter(({ roleArn }) => roleArn !== undefined);
  if (withRole.length === 0) return {};
  const roles = [...new Set(withRole.map(({ roleArn }) => roleArn))];
  const lowest = Math.min(...withRole.map(({ precedence }) => precedence ?? Infinity));
  const preferred = new Set(
    withRole
      .filter(({ precedence }) => (precedence ?? Infinity) === lowest)
      .map(({ roleArn }) => roleArn),
  );
  return {
    "cognito:roles": roles,
    ...(preferred.size === 1 ? { "cognito:preferred_role": [...preferred][0] } : {}),
  };
}
