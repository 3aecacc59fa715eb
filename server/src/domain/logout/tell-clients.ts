/** The worker that tells clients of logouts: each at least once, again and again for an hour where one does not answer. */
import {
  claimLogoutNotices,
  deleteLogoutNotice,
  failLogoutNotice,
  hasDueLogoutNotices,
  type LogoutNoticeRow,
  postponeLogoutNotice,
} from "../../store/logout-notices.ts";
import { recordEvent } from "../audit/record.ts";
import { makeOwnCall } from "../call.ts";
import { findClient } from "../clients/client.ts";
import type { Context } from "../context.ts";
import { type LeasedWork, startLeasedWork } from "../leased-work.ts";
import { findPool } from "../pools/pool.ts";
import { retryDelayMs } from "../retry-delay.ts";
import { Unreachable } from "./back-channel.ts";
import { makeLogoutToken } from "./logout-token.ts";

const everyMs = 2_000;
const leaseMs = 60_000;
const batchSize = 10;
/** Longer than any attempt takes. A node that dies holds back what it had claimed for so long. */
const claimMs = 60_000;
const maxAttempts = 10;

/** Starts the worker; one node at a time does the work. */
export function startTellingClients(context: Context): LeasedWork {
  return startLeasedWork(context, {
    name: "logout-notices",
    everyMs,
    leaseMs,
    isDue: () => hasDueLogoutNotices(context.store.db, context.clock.now()),
    async run() {
      while ((await tellClients(context)) > 0);
    },
  });
}

/** Tells the clients that are due, each once, and answers how many there were. */
export async function tellClients(context: Context): Promise<number> {
  const nowMs = context.clock.now();
  const claim = { nowMs, retryAtMs: nowMs + claimMs, limit: batchSize };
  const rows = await claimLogoutNotices(context.store.db, claim);
  await Promise.all(rows.map((row) => tell(context, row)));
  return rows.length;
}

async function tell(context: Context, row: LogoutNoticeRow): Promise<void> {
  const { db } = context.store;
  const pool = await findPool(db, row.user_pool_id);
  const client = await findClient(db, row.client_id);
  const uri = client?.userPoolId === pool?.id ? client?.extensions.backChannelLogoutUri : undefined;
  if (pool && uri !== undefined) {
    try {
      // More claims than attempts: whoever claimed it before never got as far as saying that it failed.
      if (row.attempts > maxAttempts) throw new Unreachable("it was tried too often");
      const whom = { clientId: row.client_id, sub: row.sub, sid: row.login_session_id };
      const logoutToken = await makeLogoutToken(context, { pool, ...whom });
      await context.backChannel.tell({ uri, logoutToken });
    } catch (error) {
      return await tryLater(context, row, error);
    }
  }
  // Told, or nobody is left who wants to be.
  await deleteLogoutNotice(db, row.id);
}

async function tryLater(context: Context, row: LogoutNoticeRow, error: unknown): Promise<void> {
  const inVain = error instanceof Unreachable || row.attempts >= maxAttempts;
  const { id, user_pool_id: userPoolId, client_id: clientId, attempts } = row;
  const about = { notice: id, userPoolId, clientId, attempts, err: error };
  if (inVain) {
    context.log.error(about, "a client could not be told of a logout and was given up");
    return await giveUp(context, row);
  }
  context.log.warn(about, "a client could not be told of a logout and will be told again");
  const nextAttemptAtMs = context.clock.now() + retryDelayMs(attempts);
  await postponeLogoutNotice(context.store.db, { id, nextAttemptAtMs });
}

async function giveUp(context: Context, row: LogoutNoticeRow): Promise<void> {
  const call = makeOwnCall(context, {
    service: "poolhouse",
    operation: "BackChannelLogout",
    requestId: row.id,
  });
  call.about.userPoolId = row.user_pool_id;
  call.about.clientId = row.client_id;
  call.about.sub = row.sub;
  call.about.more["attempts"] = row.attempts;
  await context.store.transaction(async (trx) => {
    await failLogoutNotice(trx, { id: row.id, nowMs: context.clock.now() });
    await recordEvent(trx, call, {
      code: "ClientNotTold",
      message: "The client could not be told of a logout.",
    });
  });
}
