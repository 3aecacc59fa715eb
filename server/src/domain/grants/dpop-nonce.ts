/**
 * The nonces of DPoP proofs (RFC 9449 §8, §9): a proof with one was made lately, whatever the clock of the client says.
 * They are not stored: each is an HMAC of its pool and its time, the same on every node.
 */
import { createHmac } from "node:crypto";
import { constantTimeEqual } from "../../lib/constant-time.ts";
import type { Context } from "../context.ts";
import type { UserPool } from "../pools/pool.ts";

/** Each is given out for as long, and is good for as long again. */
const windowMs = 5 * 60_000;

type At = Pick<Context, "vault" | "clock">;

/** The nonce that proofs for this pool are to have now. */
export function dpopNonce(context: At, pool: UserPool): string {
  return nonceOf(context, pool, windowNow(context));
}

/** Whether a nonce is one of this pool's that are good now. */
export function isDpopNonce(context: At, pool: UserPool, nonce: string): boolean {
  const now = windowNow(context);
  const good = [now, now - 1].map((window) => nonceOf(context, pool, window));
  return good.map((each) => constantTimeEqual(each, nonce)).includes(true);
}

function windowNow({ clock }: At): number {
  return Math.floor(clock.now() / windowMs);
}

function nonceOf({ vault }: At, { id }: UserPool, window: number): string {
  const key = vault.derive("nonces of DPoP proofs");
  return createHmac("sha256", key)
    .update(JSON.stringify([id, window]))
    .digest("base64url");
}
