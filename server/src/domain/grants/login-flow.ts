/** Where sign-ins in the hosted pages stand, sealed. */
import {
  findLoginFlow as findRow,
  insertLoginFlow as insertRow,
  takeLoginFlow as takeRow,
} from "../../store/login-flows.ts";
import type { Call } from "../call.ts";

export type KeptFlow = {
  readonly userPoolId: string;
  readonly clientId: string;
  readonly browserHash: string;
  readonly state: string;
};

/** Keeps a flow for as long as it may take. */
export async function insertLoginFlow(
  call: Call,
  flow: KeptFlow & { handleHash: string; lifetimeMs: number },
): Promise<void> {
  const nowMs = call.clock.now();
  await insertRow(call.db, {
    handle_hash: flow.handleHash,
    user_pool_id: flow.userPoolId,
    client_id: flow.clientId,
    user_id: null,
    browser_hash: flow.browserHash,
    state: call.vault.seal(placeOf(flow.handleHash), flow.state),
    created_at_ms: nowMs,
    expires_at_ms: nowMs + flow.lifetimeMs,
  });
}

/** The flow, unless it is over. */
export async function findLoginFlow(call: Call, handleHash: string): Promise<KeptFlow | undefined> {
  const row = await findRow(call.db, handleHash);
  if (!row || row.expires_at_ms <= call.clock.now()) return undefined;
  return {
    userPoolId: row.user_pool_id,
    clientId: row.client_id,
    browserHash: row.browser_hash,
    state: call.vault.open(placeOf(handleHash), row.state).toString("utf8"),
  };
}

/** Takes a flow; true for exactly one of several callers. */
export async function takeLoginFlow(call: Call, handleHash: string): Promise<boolean> {
  const row = await takeRow(call.db, handleHash);
  return row !== undefined && row.expires_at_ms > call.clock.now();
}

function placeOf(handleHash: string) {
  return { table: "login_flows", column: "state", row: handleHash };
}
