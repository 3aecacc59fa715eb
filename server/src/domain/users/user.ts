/** Users of a pool. */
import type { UserRow } from "../../store/users.ts";
import { factorsFromColumn, type UserFactors } from "../mfa/factors.ts";

export type UserStatus =
  | "UNCONFIRMED"
  | "CONFIRMED"
  | "FORCE_CHANGE_PASSWORD"
  | "RESET_REQUIRED"
  | "EXTERNAL_PROVIDER";

export type User = {
  readonly userPoolId: string;
  /** The `sub`. */
  readonly id: string;
  /** As given at creation; the `sub` itself where e-mail or phone number is the user name. */
  readonly username: string;
  readonly status: UserStatus;
  readonly enabled: boolean;
  /** All but `sub`; `*_verified` are "true" or "false". */
  readonly attributes: Readonly<Record<string, string>>;
  readonly passwordHash: string | null;
  readonly srpSalt: string | null;
  /** Sealed. */
  readonly srpVerifier: string | null;
  readonly temporaryPasswordExpiresAtMs: number | null;
  readonly factors: UserFactors;
  /** Tokens issued before this moment are dead: the user signed out everywhere. */
  readonly tokensValidFromMs: number;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

export function userFromRow(row: UserRow): User {
  return {
    userPoolId: row.user_pool_id,
    id: row.id,
    username: row.username,
    // Written by this program from the same types.
    status: row.status as UserStatus,
    enabled: row.enabled !== 0,
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    passwordHash: row.password_hash,
    srpSalt: row.srp_salt,
    srpVerifier: row.srp_verifier,
    temporaryPasswordExpiresAtMs: row.temporary_password_expires_at_ms,
    factors: factorsFromColumn(row.factors),
    tokensValidFromMs: row.tokens_valid_from_ms,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

/** The attributes as AWS lists them, `sub` first. */
export function listedAttributes(user: User): { Name: string; Value: string }[] {
  return [
    { Name: "sub", Value: user.id },
    ...Object.entries(user.attributes).map(([Name, Value]) => ({ Name, Value })),
  ];
}
