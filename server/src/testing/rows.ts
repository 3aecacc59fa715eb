/** Rows for tests of the store: whole by default, changed where a test says so. */
import type { NewRow } from "../store/schema.ts";

export const poolId = "us-east-1_Store0001";

export function userRow(given: Partial<NewRow<"users">> & { id: string }): NewRow<"users"> {
  return {
    user_pool_id: poolId,
    username: given.id,
    username_key: given.username ?? given.id,
    status: "CONFIRMED",
    enabled: 1,
    attributes: "{}",
    created_at_ms: 1_000,
    modified_at_ms: 1_000,
    ...given,
  };
}

export function codeRow(given: Partial<NewRow<"codes">> & { user_id: string }): NewRow<"codes"> {
  return {
    user_pool_id: poolId,
    purpose: "confirm-sign-up",
    mac: "right",
    attempts: 0,
    created_at_ms: 1_000,
    expires_at_ms: 100_000,
    ...given,
  };
}

export function challengeRow(
  given: Partial<NewRow<"challenges">> & { handle_hash: string },
): NewRow<"challenges"> {
  return {
    user_pool_id: poolId,
    client_id: "client",
    username: "ada",
    name: "PASSWORD_VERIFIER",
    state: "sealed",
    created_at_ms: 1_000,
    expires_at_ms: 100_000,
    ...given,
  };
}

export function logoutNoticeRow(
  given: Partial<NewRow<"logout_notices">> & { id: string },
): NewRow<"logout_notices"> {
  return {
    user_pool_id: poolId,
    client_id: "client",
    sub: "ada",
    login_session_id: "sso1",
    attempts: 0,
    next_attempt_at_ms: 1_000,
    created_at_ms: 1_000,
    ...given,
  };
}

export function tokenFamilyRow(
  given: Partial<NewRow<"token_families">> & { id: string },
): NewRow<"token_families"> {
  return {
    user_pool_id: poolId,
    client_id: "client",
    user_id: "ada",
    auth_time_ms: 1_000,
    scope: "aws.cognito.signin.user.admin",
    expires_at_ms: 100_000,
    created_at_ms: 1_000,
    ...given,
  };
}

export function refreshTokenRow(
  given: Partial<NewRow<"refresh_tokens">> & { token_hash: string },
): NewRow<"refresh_tokens"> {
  return {
    family_id: "family",
    user_pool_id: poolId,
    user_id: "ada",
    issued_at_ms: 1_000,
    expires_at_ms: 100_000,
    ...given,
  };
}

export function outboxRow(given: Partial<NewRow<"outbox">> & { id: string }): NewRow<"outbox"> {
  return {
    user_pool_id: poolId,
    body: "sealed",
    attempts: 0,
    next_attempt_at_ms: 1_000,
    created_at_ms: 1_000,
    ...given,
  };
}

export function passkeyRow(
  given: Partial<NewRow<"passkeys">> & { credential_id: string },
): NewRow<"passkeys"> {
  return {
    user_pool_id: poolId,
    user_id: "ada",
    public_key: "key",
    sign_count: 0,
    relying_party_id: "localhost",
    friendly_name: "Passkey",
    transports: "[]",
    user_verified: 1,
    backup_eligible: 0,
    created_at_ms: 1_000,
    ...given,
  };
}
