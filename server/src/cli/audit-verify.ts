import { openData } from "../app/open-data.ts";
import { readDataConfig } from "../config.ts";
import { digestKeys } from "../domain/audit/chain.ts";
import { findOldestUnsealed } from "../domain/audit/seal.ts";
import { type TrailFault, verifyTrail } from "../domain/audit/verify.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { callOperation } from "./signed-client.ts";

type Place = { Sequence: number; Hash: string };
type Verified = {
  Through: Place;
  AtEnd: boolean;
  Fault?: { Sequence: number; EventId?: string; Reason: string };
  /** Epoch seconds. */
  OldestUnsealedTime?: number;
  PublicKey: string;
};

type VerifyOptions = { expect?: Place; offline?: boolean; json?: boolean };

/** Checks the trail and prints where it ends; one that is broken is a CommandError that names the first row. */
export async function verify({ expect, offline, json }: VerifyOptions): Promise<void> {
  const result = await (offline ? verifyHere(expect) : askServer(expect));
  if (json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  if (result.Fault) throw new CommandError(describeFault(result.Fault));
  if (!json) process.stdout.write(describeVerified(result));
}

/** One part after the other, each answered in good time. */
async function askServer(expected: Place | undefined): Promise<Verified> {
  let after = 0;
  for (;;) {
    const result = await callOperation<Verified>("PoolhouseService.VerifyAuditTrail", {
      AfterSequence: after,
      ...(expected === undefined ? {} : { Expected: expected }),
    });
    if (result.Fault || result.AtEnd) return result;
    after = result.Through.Sequence;
  }
}

/** A server that was taken over cannot answer for itself. */
async function verifyHere(expected: Place | undefined): Promise<Verified> {
  const { store, vault } = await openData(readDataConfig());
  try {
    const { publicKey } = digestKeys(vault);
    const report = await verifyTrail(store, {
      publicKey,
      ...(expected ? { expected: { seq: expected.Sequence, hash: expected.Hash } } : {}),
    });
    const oldest = await findOldestUnsealed(store.db);
    return {
      Through: { Sequence: report.through.seq, Hash: report.through.hash },
      AtEnd: report.atEnd,
      PublicKey: publicKey.export({ format: "pem", type: "spki" }).toString(),
      ...(report.fault ? { Fault: faultOf(report.fault) } : {}),
      ...(oldest ? { OldestUnsealedTime: oldest.at_ms / 1000 } : {}),
    };
  } finally {
    await store.close();
  }
}

function faultOf({ seq, eventId, why }: TrailFault): NonNullable<Verified["Fault"]> {
  return { Sequence: seq, Reason: why, ...(eventId === undefined ? {} : { EventId: eventId }) };
}

/** A place as `verify` prints it, for commander. */
export function readPlace(given: string): Place {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(given) ?? [];
  if (sequence !== undefined && hash !== undefined) {
    return { Sequence: Number(sequence), Hash: hash };
  }
  throw new CommandError(
    "--expect takes a place as poolhouse audit verify prints it: SEQUENCE:HASH",
    exitCodes.usage,
  );
}

function describeFault({ Sequence, EventId, Reason }: NonNullable<Verified["Fault"]>): string {
  const event = EventId === undefined ? "" : ` (event ${EventId})`;
  return `the audit trail is broken at row ${Sequence}${event}: ${Reason}`;
}

function describeVerified({ Through, OldestUnsealedTime }: Verified): string {
  const waiting =
    OldestUnsealedTime === undefined
      ? ""
      : `Events since ${new Date(OldestUnsealedTime * 1000).toISOString()} wait to be sealed.\n`;
  return `The audit trail is whole: ${Through.Sequence} rows are as they were sealed.
${waiting}Note its end somewhere else, so that a later check also misses rows taken from the end:
  poolhouse audit verify --expect ${Through.Sequence}:${Through.Hash}
`;
}
