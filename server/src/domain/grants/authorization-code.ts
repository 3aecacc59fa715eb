/**
 * Authorization codes (RFC 6749 §4.1): good for five minutes and once, for the client, the redirect URI and the PKCE
 * verifier that they were asked for with. One that comes back ends what it gave.
 */
import { hash } from "node:crypto";
import { oauthError } from "../../errors/oauth.ts";
import { constantTimeEqual } from "../../lib/constant-time.ts";
import {
  type AuthorizationCodeRow,
  findAuthorizationCode,
  insertAuthorizationCode,
  redeemAuthorizationCode,
} from "../../store/authorization-codes.ts";
import type { Db } from "../../store/schema.ts";
import { revokeTokenFamily } from "../../store/token-families.ts";
import type { Proof } from "../auth/progress.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import { type IssuedTokens, prepareFamily } from "../tokens/issue.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import { requireWhole } from "./whole-grant.ts";

const CODE_MS = 300_000;

/** What a user granted, and what the token endpoint must be shown for it. */
export type Granted = {
  readonly redirectUri: string;
  /** Whether the request named it: then the token request must too (RFC 6749 §4.1.3). */
  readonly redirectUriGiven: boolean;
  /** Separated by spaces. */
  readonly scope: string;
  readonly authTimeMs: number;
  readonly proved: readonly Proof[];
  readonly loginSessionId: string;
  readonly nonce?: string | undefined;
  /** S256. */
  readonly codeChallenge?: string | undefined;
  readonly resource?: string | undefined;
  /** The key that the code is bound to (RFC 9449 §10). */
  readonly dpopJkt?: string | undefined;
};

/** Draws a code, which is good once `store` is committed. */
export function prepareCode(
  call: Call,
  { pool, client, user, granted }: ClientInPool & { user: User; granted: Granted },
): { code: string; store(trx: Db): Promise<void> } {
  const code = call.random.bytes(32).toString("base64url");
  const nowMs = call.clock.now();
  return {
    code,
    async store(trx) {
      await insertAuthorizationCode(trx, {
        code_hash: hashOf(code),
        user_pool_id: pool.id,
        client_id: client.id,
        user_id: user.id,
        granted: JSON.stringify(granted),
        created_at_ms: nowMs,
        expires_at_ms: nowMs + CODE_MS,
      });
    },
  };
}

/** What a token request shows for a code. */
export type ShownForCode = {
  readonly code: string;
  readonly redirectUri: string | undefined;
  readonly codeVerifier: string | undefined;
  /** The key that the request proved to hold. */
  readonly dpopJkt?: string | undefined;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
};

/** The tokens for a code, and the scope that they have. */
export async function redeemCode(
  call: Call,
  { pool, client }: ClientInPool,
  shown: ShownForCode,
): Promise<{ tokens: IssuedTokens; scope: string }> {
  const row = await findAuthorizationCode(call.db, hashOf(shown.code));
  if (row?.client_id !== client.id || row.user_pool_id !== pool.id) throw invalidGrant();
  call.about.sub = row.user_id;
  // Written by prepareCode.
  const granted = JSON.parse(row.granted) as Granted;
  // Before anything of it is used: whoever cannot show what belongs to the code ends nobody's tokens with it.
  requireShown(granted, shown);
  if (row.redeemed_at_ms !== null) await endReused(call, row);
  if (row.expires_at_ms <= call.clock.now()) throw invalidGrant();
  const user = await findUserBySub(call.db, pool, row.user_id);
  if (!user) throw invalidGrant();
  await requireWhole(call.db, pool, { user, granted });
  const { authTimeMs, scope, nonce, loginSessionId, proved, resource = null } = granted;
  const family = await prepareFamily(call, {
    ...{ pool, client, user, proved, clientMetadata: shown.clientMetadata },
    triggerSource: "TokenGeneration_HostedAuth",
    grant: {
      ...{ authTimeMs, scope, loginSessionId, resource },
      dpopJkt: shown.dpopJkt ?? null,
      ...(nonce === undefined ? {} : { nonce }),
    },
  });
  await call.change(async (trx) => {
    const taken = await redeemAuthorizationCode(trx, {
      codeHash: row.code_hash,
      familyId: family.id,
      nowMs: call.clock.now(),
    });
    if (!taken) return refuseReuse(trx, call, row);
    const current = await findUserBySub(trx, pool, user.id);
    if (!current) throw invalidGrant();
    await requireWhole(trx, pool, { user: current, granted });
    await family.store(trx);
    return undefined;
  });
  return { tokens: family.tokens, scope: family.scope };
}

/** Refuses a request that does not show what the code was asked for with; in constant time for what is secret. */
function requireShown(granted: Granted, shown: ShownForCode): void {
  const { redirectUri, redirectUriGiven, codeChallenge, dpopJkt } = granted;
  const sameUri =
    shown.redirectUri === redirectUri || (shown.redirectUri === undefined && !redirectUriGiven);
  if (!sameUri || !verifies(codeChallenge, shown.codeVerifier)) throw invalidGrant();
  if (dpopJkt !== undefined && dpopJkt !== shown.dpopJkt) throw invalidGrant();
}

/** RFC 7636 §4.6; a verifier without a challenge is refused as well (RFC 9700 §2.1.1). */
function verifies(challenge: string | undefined, verifier: string | undefined): boolean {
  if (challenge === undefined || verifier === undefined) return challenge === verifier;
  if (!/^[\w.~-]{43,128}$/.test(verifier)) return false;
  return constantTimeEqual(hash("sha256", verifier, "base64url"), challenge);
}

/** A code that comes back was copied, so what it gave ends (RFC 6749 §4.1.2). */
async function endReused(call: Call, row: AuthorizationCodeRow): Promise<never> {
  return call.change((trx) => refuseReuse(trx, call, row)) as Promise<never>;
}

async function refuseReuse(trx: Db, call: Call, { code_hash }: AuthorizationCodeRow) {
  const now = await findAuthorizationCode(trx, code_hash);
  if (now?.family_id) await revokeTokenFamily(trx, { id: now.family_id, nowMs: call.clock.now() });
  call.about.more["reuse"] = true;
  return invalidGrant();
}

function invalidGrant() {
  return oauthError("invalid_grant");
}

function hashOf(code: string): string {
  return hash("sha256", code, "base64url");
}
