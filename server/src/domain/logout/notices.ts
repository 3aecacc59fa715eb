/**
 * Which clients are to be told that a user's sign-in is over. Noted in the transaction that ends it, so that none is
 * forgotten; told afterwards (tell-clients.ts).
 */
import { insertLogoutNotices } from "../../store/logout-notices.ts";
import type { Db } from "../../store/schema.ts";
import {
  findTokenFamily,
  type HostedSignIn,
  pageHostedSignIns,
} from "../../store/token-families.ts";
import { findUserPoolClient } from "../../store/user-pool-clients.ts";
import type { Call } from "../call.ts";
import { clientFromRow } from "../clients/client.ts";

export type Ended = {
  readonly userPoolId: string;
  readonly userId: string;
  /** The sessions of browsers that end. */
  readonly sessionIds: readonly string[];
  /** Whether all sign-ins end that were made through a browser, be its session over by now. */
  readonly everywhere?: boolean;
  /** The sign-in that asks for it and goes on. */
  readonly keepFamilyId?: string | undefined;
};

/** Notes every client to tell; it has to be asked before the sign-ins are ended. */
export async function noteLogouts(trx: Db, call: Call, ended: Ended): Promise<void> {
  const { userPoolId, userId, sessionIds, everywhere = false, keepFamilyId } = ended;
  if (sessionIds.length === 0 && !everywhere) return;
  const signIns = await pageHostedSignIns(trx, { userPoolId, userId, sessionIds, everywhere });
  const wanting = await clientsToTell(trx, signIns);
  if (wanting.size === 0) return;
  const kept = keepFamilyId === undefined ? undefined : await findTokenFamily(trx, keepFamilyId);
  const nowMs = call.clock.now();
  const told = signIns.filter(
    ({ clientId, loginSessionId }) =>
      wanting.has(clientId) &&
      !(kept?.client_id === clientId && kept.login_session_id === loginSessionId),
  );
  await insertLogoutNotices(
    trx,
    told.map(({ clientId, loginSessionId }) => ({
      id: call.random.uuid(),
      user_pool_id: userPoolId,
      client_id: clientId,
      sub: userId,
      login_session_id: loginSessionId,
      attempts: 0,
      next_attempt_at_ms: nowMs,
      created_at_ms: nowMs,
    })),
  );
}

/** Those that have an address for it. */
async function clientsToTell(
  trx: Db,
  signIns: readonly HostedSignIn[],
): Promise<ReadonlySet<string>> {
  const wanting = new Set<string>();
  for (const clientId of new Set(signIns.map((each) => each.clientId))) {
    const row = await findUserPoolClient(trx, clientId);
    const uri = row && clientFromRow(row).extensions.backChannelLogoutUri;
    if (uri !== undefined) wanting.add(clientId);
  }
  return wanting;
}
