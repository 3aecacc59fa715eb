/**
 * Challenges that are put to nobody in particular: pages that anybody may fetch offer one each. Nothing is stored of them.
 * A challenge is a MAC over what it is for, which the page brings back, and only one that was signed leaves a trace, so
 * that it counts once.
 */
import { createHmac, hash } from "node:crypto";
import type { Db } from "../../store/schema.ts";
import { takeId } from "../../store/used-ids.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";

const lifetimeMs = 15 * 60_000;
const handleForm = /^(\d{13,15})\.[\w-]{22}$/;

/** For whom a challenge is: a browser at the pages of a client. */
type Asked = ClientInPool & { readonly browserHash: string };

/** A challenge, and the handle by which it is known again; the handle is no secret. */
export function drawOpenChallenge(call: Call, asked: Asked): { challenge: string; handle: string } {
  const untilMs = call.clock.now() + lifetimeMs;
  const handle = `${untilMs}.${call.random.bytes(16).toString("base64url")}`;
  return { handle, challenge: challengeOf(call, asked, handle) };
}

export type OpenChallenge = {
  readonly challenge: string;
  /** Takes it, in the transaction that counts its signature; false when another request was faster. */
  take(trx: Db): Promise<boolean>;
};

/** The challenge of a handle; undefined where it is over. One that was made up gives a challenge that nobody can know. */
export function findOpenChallenge(
  call: Call,
  asked: Asked,
  handle: string,
): OpenChallenge | undefined {
  const untilMs = Number(handleForm.exec(handle)?.[1] ?? 0);
  const nowMs = call.clock.now();
  if (untilMs <= nowMs || untilMs > nowMs + lifetimeMs) return undefined;
  const challenge = challengeOf(call, asked, handle);
  const idHash = hash("sha256", `passkey-challenge/${challenge}`, "base64url");
  return {
    challenge,
    take: (trx) => takeId(trx, { userPoolId: asked.pool.id, idHash, untilMs }),
  };
}

function challengeOf(call: Call, { pool, client, browserHash }: Asked, handle: string): string {
  const key = call.vault.derive(`passkey challenges of ${pool.id}`);
  const text = JSON.stringify([client.id, browserHash, handle]);
  return createHmac("sha256", key).update(text).digest("base64url");
}
