/** One call of one operation: the context plus who calls, and what the audit trail will say of it. */
import { ServiceError } from "../errors/service-error.ts";
import type { Db } from "../store/schema.ts";
import { recordEvent, SERVER_ITSELF } from "./audit/record.ts";
import type { Proof } from "./auth/progress.ts";
import type { Context } from "./context.ts";
import type { AdvancedSecurity, UserPool } from "./pools/pool.ts";
import { recordAuthEvent, recordSignInAfter } from "./risk/record-auth-event.ts";
import type { AccessTokenClaims } from "./tokens/claims.ts";
import type { User } from "./users/user.ts";

export type Principal = {
  readonly arn: string;
  readonly accessKeyId: string;
  /** The region that was signed for; it reaches the pools whose id begins with it. */
  readonly region: string;
};

/** What is learnt of a call on its way, for its rows in the trail and in the history of its user. Never a secret. */
export type About = {
  userPoolId?: string;
  clientId?: string;
  /** The user that the call is about. */
  sub?: string;
  /** The user who calls, proved by a token. */
  callerSub?: string;
  /** How the pool watches what its users do. */
  advancedSecurity?: AdvancedSecurity;
  /** What a sign-in has proved so far. */
  proofs?: readonly Proof[];
  /** Whether the call gives the tokens of a sign-in. */
  tokensIssued?: boolean;
  /** What threat protection found. */
  risk?: { isCompromised?: boolean; isBlocked?: boolean };
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
  /** Whether it is a request of hosted login or OAuth, which CloudTrail takes for events of the service. */
  readonly isHosted?: boolean;
};

export type Call = Context & {
  readonly facts: CallFacts;
  readonly about: About;
  readonly principal?: Principal;
  /** Reads outside a transaction. */
  readonly db: Db;
  /**
   * The change that this call is for, in one transaction with its audit row. Only the given handle may be used inside;
   * no network and no hashing. A ServiceError that the work throws undoes everything; one that it returns is thrown
   * after the commit, so that what was counted stays counted.
   */
  change<T>(work: (trx: Db) => Promise<T | ServiceError>): Promise<T>;
  /** What a template fixes beside the properties; no request of AWS's has a field for it. */
  readonly fixed?: Fixed;
  /** Whether the audit row of this call is committed, and the sign-in that it ends in. */
  readonly trail: { written: boolean; signInWritten: boolean };
  /** What the app passes along; known once the input is checked. */
  readonly passedOn: {
    /** For the pool's functions (ClientMetadata). */
    clientMetadata?: Readonly<Record<string, string>>;
    /** Where the user is for whom a server signs (ContextData). */
    userAddress?: string;
  };
};

/** `Metadata.Poolhouse` of a template's resource. */
export type Fixed = {
  readonly id?: string;
  readonly extensions?: Readonly<Record<string, unknown>>;
};

/** Calls another of our operations as the same administrator, with all its checks and an audit row of its own. */
export type Invoke = (given: {
  readonly service: "cognito-idp" | "poolhouse";
  readonly operation: string;
  readonly input: object;
  readonly fixed?: Fixed;
}) => Promise<Record<string, unknown>>;

export type AdminCall = Call & { readonly principal: Principal; readonly invoke: Invoke };

/** A call by the holder of a valid access token, already checked for revocation. */
export type UserCall = Call & {
  readonly pool: UserPool;
  readonly user: User;
  readonly claims: AccessTokenClaims;
  /** What the sign-in proved, of whoever is signed in to the pages and has no token. */
  readonly proved?: readonly Proof[];
};

/** The call of a client or of a signer, whose row in the trail is still to come. */
export function makeCall(
  context: Context,
  facts: CallFacts,
  by: { principal?: Principal; fixed?: Fixed } = {},
): Call {
  const about: About = { more: {}, requestParameters: {} };
  const trail = { written: false, signInWritten: false };
  const call: Call = {
    ...context,
    facts,
    about,
    trail,
    passedOn: {},
    ...by,
    db: context.store.db,
    change: (work) => change(call, work),
  };
  return call;
}

/** The call of the server itself, which nobody asked for: what it changes has its row in the trail like every other change. */
export function makeOwnCall(
  context: Context,
  facts: Pick<CallFacts, "service" | "operation" | "requestId">,
): Call {
  const own = { readOnly: false, sourceIp: SERVER_ITSELF, userAgent: SERVER_ITSELF };
  return makeCall(context, { ...facts, ...own });
}

async function change<T>(call: Call, work: (trx: Db) => Promise<T | ServiceError>): Promise<T> {
  const result = await call.store.transaction(async (trx) => {
    const value = await work(trx);
    const error = value instanceof ServiceError ? value : undefined;
    if (!call.trail.written) await recordOutcome(trx, call, error);
    else if (!call.trail.signInWritten) await recordSignInAfter(trx, call);
    return value;
  });
  call.trail.written = true;
  call.trail.signInWritten ||= call.about.tokensIssued === true;
  if (result instanceof ServiceError) throw result;
  return result;
}

/**
 * Writes the audit row that is due at the end of a call: refusals, and successes unless they only read. A stranger who is
 * refused without having named a pool of ours leaves none: such rows could be had by the million for nothing.
 */
export async function closeCall(
  call: Call,
  error?: { code: string; message: string },
): Promise<void> {
  const { principal, about, facts, trail } = call;
  const isStranger = principal === undefined && about.userPoolId === undefined;
  if (trail.written || (error ? isStranger : facts.readOnly)) return;
  await call.store.transaction((trx) => recordOutcome(trx, call, error));
  call.trail.written = true;
}

async function recordOutcome(
  trx: Db,
  call: Call,
  error?: { code: string; message: string },
): Promise<void> {
  await recordEvent(trx, call, error);
  await recordAuthEvent(trx, call, error);
}
