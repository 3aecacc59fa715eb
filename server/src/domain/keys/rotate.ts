/**
 * Rotation of a pool's signing keys: next → active → retired → gone. A key signs only after everybody who verifies had
 * time to see it in the JWKS, and stays there until the last token that it signed has expired.
 */
import type { Db } from "../../store/schema.ts";
import {
  deleteDroppableSigningKeys,
  insertSigningKey,
  listSigningKeys,
  type SigningKeyRow,
  updateSigningKey,
} from "../../store/signing-keys.ts";
import type { Call } from "../call.ts";
import { loadPool, type UserPool } from "../pools/pool.ts";
import { newSigningKeys, type TokenUse } from "./create.ts";
import { KEY_RING_AGE_MS } from "./key-ring.ts";

/** How long a verifier may go on with the JWKS that it has. */
export const JWKS_MAX_AGE_SECONDS = 300;

/** By how much the clocks of two nodes may differ. */
const clockSkewMs = 60_000;
const publishedFirstMs = JWKS_MAX_AGE_SECONDS * 1000 + KEY_RING_AGE_MS + clockSkewMs;
/** AWS's limit for ID and access tokens. */
const longestTokenLifetimeMs = 86_400_000;
/** Other nodes may sign with a key until they see that it is retired. */
const retiredForMs = longestTokenLifetimeMs + KEY_RING_AGE_MS + clockSkewMs;

const uses: readonly TokenUse[] = ["id", "access"];

/** A signing key as administrators see it. */
export type SigningKeyState = {
  readonly kid: string;
  readonly tokenUse: string;
  readonly state: string;
  readonly createdAtMs: number;
};

/**
 * Publishes the keys that will sign next, and answers all keys of the pool. They become active by themselves. Where some
 * are waiting already nothing is added, so that a call may be repeated.
 */
export async function rotateSigningKeys(
  call: Call,
  pool: UserPool,
): Promise<readonly SigningKeyState[]> {
  const before = await listSigningKeys(call.db, pool.id);
  const allWait = uses.every((use) => before.some((each) => isKey(each, use, "next")));
  const keys = allWait ? [] : await newSigningKeys(call, pool.id, "next");
  return call.change(async (trx) => {
    await loadPool(call, pool.id, trx);
    const present = await listSigningKeys(trx, pool.id);
    for (const key of keys) {
      // Both of two rotations at once touch this row, so the second one starts again and sees the first one's key.
      await touch(trx, present, key.token_use);
      const waits = present.some((each) => isKey(each, key.token_use, "next"));
      // The wait counts from here: making the keys took a while.
      if (!waits) await insertSigningKey(trx, { ...key, created_at_ms: call.clock.now() });
    }
    return statesOf(trx, pool.id);
  });
}

/**
 * For compromised keys: new ones sign at once and all old ones are gone, and with them every token that they signed.
 * Other nodes follow within KEY_RING_AGE_MS; verifiers elsewhere believe the old keys for as long as they keep the JWKS.
 */
export async function replaceSigningKeys(
  call: Call,
  pool: UserPool,
): Promise<readonly SigningKeyState[]> {
  const keys = await newSigningKeys(call, pool.id);
  const states = await call.change(async (trx) => {
    await loadPool(call, pool.id, trx);
    const nowMs = call.clock.now();
    for (const { kid } of await listSigningKeys(trx, pool.id)) {
      const set = { state: "retired", drop_at_ms: nowMs };
      await updateSigningKey(trx, kid, { set });
    }
    await deleteDroppableSigningKeys(trx, { userPoolId: pool.id, nowMs });
    for (const key of keys) await insertSigningKey(trx, key);
    return statesOf(trx, pool.id);
  });
  call.keyRing.forget(pool.id);
  return states;
}

/** Activates the next keys of a pool that were published for long enough, and removes those that no token needs. */
export async function advanceSigningKeys(
  trx: Db,
  { userPoolId, nowMs }: { userPoolId: string; nowMs: number },
): Promise<void> {
  const present = await listSigningKeys(trx, userPoolId);
  for (const use of uses) {
    const next = present.find((key) => isKey(key, use, "next"));
    if (next && next.created_at_ms <= readySinceMs(nowMs)) {
      await activate(trx, {
        active: present.find((key) => isKey(key, use, "active")),
        next,
        nowMs,
      });
    }
  }
  await deleteDroppableSigningKeys(trx, { userPoolId, nowMs });
}

/** Next keys created by then have been published for long enough to sign. */
export function readySinceMs(nowMs: number): number {
  return nowMs - publishedFirstMs;
}

async function activate(
  trx: Db,
  given: { active: SigningKeyRow | undefined; next: SigningKeyRow; nowMs: number },
): Promise<void> {
  const { active, next, nowMs } = given;
  const retire = { state: "retired", drop_at_ms: nowMs + retiredForMs };
  const moved =
    (!active ||
      (await updateSigningKey(trx, active.kid, { set: retire, where: { state: "active" } }))) &&
    (await updateSigningKey(trx, next.kid, {
      set: { state: "active" },
      where: { state: "next" },
    }));
  if (!moved) throw new Error(`the signing keys of ${next.user_pool_id} changed meanwhile`);
}

async function touch(trx: Db, present: readonly SigningKeyRow[], use: string): Promise<void> {
  const active = present.find((key) => isKey(key, use, "active"));
  if (active) await updateSigningKey(trx, active.kid, { set: { state: "active" } });
}

function isKey(key: SigningKeyRow, use: string, state: string): boolean {
  return key.token_use === use && key.state === state;
}

async function statesOf(trx: Db, userPoolId: string): Promise<SigningKeyState[]> {
  const rows = await listSigningKeys(trx, userPoolId);
  return rows.map((row) => ({
    kid: row.kid,
    tokenUse: row.token_use,
    state: row.state,
    createdAtMs: row.created_at_ms,
  }));
}
