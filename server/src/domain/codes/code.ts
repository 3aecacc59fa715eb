/** One-time codes that prove possession of an address: six digits, stored as a MAC, a new one voids the old. */
import { codeMismatch, expiredCode } from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { makeDigits } from "../../lib/ids.ts";
import { checkAndTakeCode, checkCode, findCode, putCode } from "../../store/codes.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { Context } from "../context.ts";
import type { ContactAttribute, UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";

/** What a code is for; one of one purpose never serves another. */
export type CodePurpose = "confirm-sign-up" | "reset-password" | `verify-${ContactAttribute}`;

/** Where a code goes, and so what it proves. */
export type CodeTarget = { readonly attribute: ContactAttribute; readonly destination: string };

const digits = 6;
const hourMs = 3_600_000;
/** AWS's lifetimes ("Quotas in Amazon Cognito"); the hardened profile keeps ASVS 6.5.5: ten minutes. */
const lifetimesMs = {
  compat: { "confirm-sign-up": 24 * hourMs, "reset-password": hourMs, verify: 24 * hourMs },
  hardened: { "confirm-sign-up": hourMs / 6, "reset-password": hourMs / 6, verify: hourMs / 6 },
} as const;
/** Wrong guesses that one code survives; the limit per hour of attempt-limits.ts usually speaks first. */
const maxAttempts = 20;

/** How long a code of this purpose is good in this pool. */
export function codeLifetimeMs(pool: UserPool, purpose: CodePurpose): number {
  const lifetimes = lifetimesMs[pool.extensions.profile];
  return purpose === "confirm-sign-up" || purpose === "reset-password"
    ? lifetimes[purpose]
    : lifetimes.verify;
}

/** Draws a code; it is only ever sent, storeCode keeps what recognises it. */
export function drawCode(context: Pick<Context, "random">): string {
  return makeDigits(context.random, digits);
}

type CodeOwner = { readonly pool: UserPool; readonly user: Pick<User, "id"> };

/** Stores a drawn code; one that the user had for the same purpose is void from now on. */
export async function storeCode(
  trx: Db,
  call: Call,
  given: CodeOwner & { purpose: CodePurpose; code: string; target: CodeTarget },
): Promise<void> {
  const { pool, user, purpose, code, target } = given;
  const nowMs = call.clock.now();
  await putCode(trx, {
    user_pool_id: pool.id,
    user_id: user.id,
    purpose,
    mac: macOf(call, given, code),
    target: call.vault.seal(targetPlace(given), JSON.stringify(target)),
    attempts: 0,
    created_at_ms: nowMs,
    expires_at_ms: nowMs + codeLifetimeMs(pool, purpose),
  });
}

/**
 * Takes the code if it is right, once; else answers the refusal, which the caller returns from its transaction so that
 * the counted guess is committed.
 */
export async function takeCode(
  trx: Db,
  call: Call,
  given: CodeOwner & { purpose: CodePurpose; code: string },
): Promise<CodeTarget | ServiceError> {
  const check = await checkAndTakeCode(trx, lookAt(call, given));
  if (check.outcome === "mismatch") return codeMismatch();
  if (check.outcome !== "taken" || check.code.target === null) return expiredCode();
  return openTarget(call, given, check.code.target);
}

/**
 * Throws the same refusal without taking a code that is right: for work that is done only for who has it, and before the
 * transaction that takes it. Counted at once.
 */
export async function requireRightCode(
  call: Call,
  given: CodeOwner & { purpose: CodePurpose; code: string },
): Promise<void> {
  const { outcome } = await checkCode(call.db, lookAt(call, given));
  if (outcome === "mismatch") throw codeMismatch();
  if (outcome !== "right") throw expiredCode();
}

function lookAt(call: Call, given: CodeKey & { code: string }) {
  return {
    userPoolId: given.pool.id,
    userId: given.user.id,
    purpose: given.purpose,
    mac: macOf(call, given, given.code),
    maxAttempts,
    nowMs: call.clock.now(),
  };
}

type CodeKey = CodeOwner & { readonly purpose: CodePurpose };

/** Where the user's code for this purpose went, while it is good. */
export async function findCodeTarget(
  db: Db,
  call: Call,
  key: CodeKey,
): Promise<CodeTarget | undefined> {
  const { pool, user, purpose } = key;
  const row = await findCode(db, { userPoolId: pool.id, userId: user.id, purpose });
  if (!row?.target || row.expires_at_ms <= call.clock.now()) return undefined;
  return openTarget(call, key, row.target);
}

function openTarget(context: Pick<Context, "vault">, key: CodeKey, sealed: string): CodeTarget {
  const target = context.vault.open(targetPlace(key), sealed).toString("utf8");
  // Sealed by storeCode.
  return JSON.parse(target) as CodeTarget;
}

function macOf(
  context: Pick<Context, "vault">,
  { pool, user, purpose }: CodeKey,
  code: string,
): string {
  return context.vault.macCode({ purpose, user: `${pool.id}/${user.id}` }, code);
}

function targetPlace({ pool, user, purpose }: CodeKey) {
  return { table: "codes", column: "target", row: `${pool.id}/${user.id}/${purpose}` };
}
