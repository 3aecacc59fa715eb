/**
 * Authorization requests that clients push (RFC 9126). The reference that stands for one must come back in a browser
 * within a minute; then it is good for the hour that a user may take to sign in, and for one answer.
 */
import { hash } from "node:crypto";
import { oauthError } from "../../errors/oauth.ts";
import {
  findPushedRequest as findRow,
  insertPushedRequest,
  prolongPushedRequest,
  takePushedRequest,
} from "../../store/pushed-requests.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";

/** Within which a browser must come with it. */
export const pushedRequestSeconds = 60;

const signInMs = 3_600_000;
const prefix = "urn:ietf:params:oauth:request_uri:";

export type PushedRequest = {
  readonly handleHash: string;
  readonly parameters: ReadonlyMap<string, string>;
};

/** Keeps the parameters of a request; answers the `request_uri` that stands for them. */
export async function pushRequest(
  call: Call,
  { pool, client }: ClientInPool,
  parameters: ReadonlyMap<string, string>,
): Promise<string> {
  const handle = call.random.bytes(32).toString("base64url");
  const nowMs = call.clock.now();
  await insertPushedRequest(call.db, {
    handle_hash: hashOf(handle),
    user_pool_id: pool.id,
    client_id: client.id,
    parameters: JSON.stringify(Object.fromEntries(parameters)),
    created_at_ms: nowMs,
    expires_at_ms: nowMs + pushedRequestSeconds * 1000,
  });
  return `${prefix}${handle}`;
}

/** Whether a `request_uri` is in the form of ours; no other is ever looked up. */
export function isPushed(requestUri: string): boolean {
  return requestUri.startsWith(prefix);
}

/** The request that a browser comes with; throws `invalid_request_uri` where it is over, answered or another client's. */
export async function loadPushedRequest(
  call: Call,
  { pool, client }: ClientInPool,
  requestUri: string,
): Promise<PushedRequest> {
  const handleHash = hashOf(requestUri.slice(prefix.length));
  const row = await findRow(call.db, handleHash);
  const nowMs = call.clock.now();
  const isOurs = row?.user_pool_id === pool.id && row.client_id === client.id;
  if (!isOurs || row.expires_at_ms <= nowMs) throw invalidRequestUri();
  const untilMs = row.created_at_ms + signInMs;
  const isKept = row.expires_at_ms === untilMs;
  if (!isKept && !(await prolongPushedRequest(call.db, { handleHash, untilMs, nowMs }))) {
    throw invalidRequestUri();
  }
  // Written by pushRequest.
  const parameters = JSON.parse(row.parameters) as Record<string, string>;
  return { handleHash, parameters: new Map(Object.entries(parameters)) };
}

/** Uses a request up, with the answer that it gets; throws where it had one. */
export async function usePushedRequest(
  db: Db,
  call: Call,
  { handleHash }: Pick<PushedRequest, "handleHash">,
): Promise<void> {
  const taken = await takePushedRequest(db, { handleHash, nowMs: call.clock.now() });
  if (!taken) throw invalidRequestUri();
}

/** It is shown on a page: whose request it was is not known, or no more. */
function invalidRequestUri() {
  return oauthError("invalid_request_uri");
}

function hashOf(handle: string): string {
  return hash("sha256", handle, "base64url");
}
