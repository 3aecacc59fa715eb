import { digestKeys } from "../../domain/audit/chain.ts";
import { findOldestUnsealed } from "../../domain/audit/seal.ts";
import { type TrailFault, verifyTrail } from "../../domain/audit/verify.ts";
import { present } from "../../lib/present.ts";
import { integer, required, string, structure } from "../../protocol/checks.ts";
import type { PoolhouseOperation } from "./operation.ts";

type Place = { Sequence: number; Hash: string };

export type VerifyAuditTrailInput = {
  /** Where an earlier call stopped. */
  AfterSequence?: number;
  MaxResults?: number;
  /** A place that was noted outside of the database. */
  Expected?: Place;
};

export type VerifyAuditTrailOutput = {
  /** How far the chain was followed and found whole. */
  Through: Place;
  /** False where there is more to check, or a fault. */
  AtEnd: boolean;
  Fault?: { Sequence: number; EventId?: string; Reason: string };
  /** Since when an event waits to be sealed; usually about a second at most. */
  OldestUnsealedTime?: Date;
  /** Verifies digests without this server, as PEM. */
  PublicKey: string;
};

const maxRows = 20_000;
const Sequence = integer({ min: 0 });
const PlaceType = structure<Place>({
  Sequence: required(Sequence),
  Hash: required(string({ pattern: "[0-9a-f]{64}" })),
});

/** Checks the audit trail, part by part; names the first row that is not as it was sealed. */
export const VerifyAuditTrail: PoolhouseOperation<VerifyAuditTrailInput, VerifyAuditTrailOutput> = {
  caller: "iam",
  readOnly: true,
  input: {
    AfterSequence: Sequence,
    MaxResults: integer({ min: 1, max: maxRows }),
    Expected: PlaceType,
  },
  async handle(call, input) {
    const { publicKey } = digestKeys(call.vault);
    const { Expected } = input;
    const report = await verifyTrail(call.store, {
      publicKey,
      limit: input.MaxResults ?? maxRows,
      ...present({
        after: input.AfterSequence,
        expected: Expected && { seq: Expected.Sequence, hash: Expected.Hash },
      }),
    });
    const oldest = await findOldestUnsealed(call.db);
    return {
      Through: { Sequence: report.through.seq, Hash: report.through.hash },
      AtEnd: report.atEnd,
      PublicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
      ...(report.fault ? { Fault: toWireFault(report.fault) } : {}),
      ...(oldest ? { OldestUnsealedTime: new Date(oldest.at_ms) } : {}),
    };
  },
};

function toWireFault({ seq, eventId, why }: TrailFault) {
  return { Sequence: seq, Reason: why, ...(eventId === undefined ? {} : { EventId: eventId }) };
}
