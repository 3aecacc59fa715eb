/** One call of one operation: the context plus who calls, and what the audit trail will say of it. */
import type { Db } from "../store/store.ts";
import { recordEvent } from "./audit/record.ts";
import type { Context } from "./context.ts";
import type { UserPool } from "./pools/pool.ts";
import type { AccessTokenClaims } from "./tokens/claims.ts";
import type { User } from "./users/user.ts";

export type Principal = {
  readonly arn: string;
  readonly accessKeyId: string;
};

/** What is learnt of a call on its way, for its audit row. Never a secret. */
export type About = {
  userPoolId?: string;
  clientId?: string;
  sub?: string;
  /** Further facts, such as the challenge asked or the factor passed. */
  more: Record<string, string | number | boolean>;
  requestParameters: Record<string, unknown>;
};

export type CallFacts = {
  readonly service: string;
  readonly operation: string;
  readonly readOnly: boolean;
  readonly requestId: string;
  readonly sourceIp: string;
  readonly userAgent: string;
};

export type Call = Context & {
  readonly facts: CallFacts;
  readonly about: About;
  readonly principal?: Principal;
  /** Reads outside a transaction. */
  readonly db: Db;
  /**
   * The change that this call is for, in one transaction with its audit row. Only the given handle may be used inside;
   * no network and no hashing.
   */
  change<T>(work: (trx: Db) => Promise<T>): Promise<T>;
  /** Whether the audit row of this call is committed. */
  readonly trail: { written: boolean };
};

export type AdminCall = Call & { readonly principal: Principal };

/** A call by the holder of a valid access token, already checked for revocation. */
export type UserCall = Call & {
  readonly pool: UserPool;
  readonly user: User;
  readonly claims: AccessTokenClaims;
};

export function makeCall(context: Context, facts: CallFacts, principal?: Principal): Call {
  const about: About = { more: {}, requestParameters: {} };
  const trail = { written: false };
  const call: Call = {
    ...context,
    facts,
    about,
    trail,
    ...(principal ? { principal } : {}),
    db: context.store.db,
    async change(work) {
      const result = await context.store.transaction(async (trx) => {
        const value = await work(trx);
        if (!trail.written) await recordEvent(trx, call);
        return value;
      });
      trail.written = true;
      return result;
    },
  };
  return call;
}

/** Writes the audit row that is due at the end of a call: refusals always, successes unless they only read. */
export async function closeCall(
  call: Call,
  error?: { code: string; message: string },
): Promise<void> {
  if (!error && (call.facts.readOnly || call.trail.written)) return;
  await call.store.transaction((trx) => recordEvent(trx, call, error));
  call.trail.written = true;
}
