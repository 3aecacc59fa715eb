/** What a new passkey must sign, once: bound to the pool, the client, the user and the sign-in that asked for it. */
import { hash } from "node:crypto";
import { webAuthnChallengeNotFound, webAuthnClientMismatch } from "../../errors/cognito-idp.ts";
import { findChallenge, insertChallenge, takeChallenge } from "../../store/challenges.ts";
import type { Db } from "../../store/schema.ts";
import type { UserCall } from "../call.ts";

/** Beside the names of AWS's challenges in the same table; no answer to a challenge of AWS's finds it. */
const name = "WEB_AUTHN_REGISTRATION";

type State = { readonly originJti: string | undefined };

/** Keeps a challenge until the user comes back with the passkey, or its time is over. */
export async function storeRegistrationChallenge(
  trx: Db,
  call: UserCall,
  given: { challenge: string; lifetimeMs: number },
): Promise<void> {
  const handleHash = hashOf(given.challenge);
  const nowMs = call.clock.now();
  const state: State = { originJti: call.claims.origin_jti };
  await insertChallenge(trx, {
    handle_hash: handleHash,
    user_pool_id: call.pool.id,
    client_id: call.claims.client_id,
    user_id: call.user.id,
    username: call.user.username,
    name,
    state: call.vault.seal(placeOf(handleHash), JSON.stringify(state)),
    created_at_ms: nowMs,
    expires_at_ms: nowMs + given.lifetimeMs,
  });
}

/** Throws AWS's refusal unless this challenge is open for the caller. */
export async function requireRegistrationChallenge(
  call: UserCall,
  challenge: string,
): Promise<void> {
  const row = await findChallenge(call.db, { handleHash: hashOf(challenge) });
  const isOpen =
    row?.name === name &&
    row.user_pool_id === call.pool.id &&
    row.user_id === call.user.id &&
    row.expires_at_ms > call.clock.now();
  if (!isOpen) throw webAuthnChallengeNotFound();
  if (row.client_id !== call.claims.client_id) throw webAuthnClientMismatch();
  // Sealed by storeRegistrationChallenge.
  const sealed = call.vault.open(placeOf(row.handle_hash), row.state).toString("utf8");
  const { originJti } = JSON.parse(sealed) as State;
  if (originJti !== call.claims.origin_jti) throw webAuthnChallengeNotFound();
}

/** Takes a challenge that was open; throws when another call was faster or its time is over. */
export async function takeRegistrationChallenge(
  trx: Db,
  call: UserCall,
  challenge: string,
): Promise<void> {
  const key = { handleHash: hashOf(challenge) };
  const taken = await takeChallenge(trx, { key, nowMs: call.clock.now() });
  if (!taken) throw webAuthnChallengeNotFound();
}

function hashOf(challenge: string): string {
  return hash("sha256", challenge, "base64url");
}

function placeOf(handleHash: string) {
  return { table: "challenges", column: "state", row: handleHash };
}
