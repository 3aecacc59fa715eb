import { placeOf } from "../../domain/audit/chain.ts";
import { readTrail } from "../../domain/audit/read.ts";
import { integer } from "../../protocol/checks.ts";
import { UserPoolIdType } from "../cognito-idp/shapes.ts";
import type { PoolhouseOperation } from "./operation.ts";

export type ListAuditEventsInput = {
  /** Of every pool when absent. */
  UserPoolId?: string;
  /** The newest events when absent. */
  AfterSequence?: number;
  MaxResults?: number;
};

export type ListAuditEventsOutput = {
  /** `Event` is shaped as CloudTrail shapes it. */
  Events: { Sequence: number; Hash: string; Event: unknown }[];
  /** To go on after, also where nothing was found: the trail was looked through up to here. */
  LastSequence: number;
};

/** A row has 16 KB at most, and an answer has to be read by clients. */
const maxResults = 500;

/** The audit trail as far as it is sealed, oldest first. */
export const ListAuditEvents: PoolhouseOperation<ListAuditEventsInput, ListAuditEventsOutput> = {
  caller: "iam",
  readOnly: true,
  input: {
    // A deleted pool's trail stays, so the pool need not exist.
    UserPoolId: UserPoolIdType,
    AfterSequence: integer({ min: 0 }),
    MaxResults: integer({ min: 1, max: maxResults }),
  },
  async handle(call, input) {
    const { rows, through } = await readTrail(call.db, {
      userPoolId: input.UserPoolId,
      after: input.AfterSequence,
      limit: input.MaxResults ?? 100,
    });
    const events = rows.map((row) => {
      const { seq, hash } = placeOf(row);
      return { Sequence: seq, Hash: hash, Event: JSON.parse(row.event) as unknown };
    });
    return { Events: events, LastSequence: through };
  },
};
