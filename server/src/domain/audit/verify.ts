/** Checking the trail: whether anybody changed, took out, moved or added a row after it was sealed. */
import type { KeyObject } from "node:crypto";
import {
  type AuditDigestRow,
  type AuditEventRow,
  findLastAuditDigest,
  pageAuditDigests,
  pageSealedAuditEvents,
} from "../../store/audit-events.ts";
import type { Store } from "../../store/store.ts";
import { type ChainPlace, chainHash, chainStart, isDigestSigned, placeOf } from "./chain.ts";

export type TrailFault = {
  /** The first row that is not as it was. */
  readonly seq: number;
  readonly eventId?: string;
  readonly why: string;
};

export type TrailReport = {
  /** How far the chain was followed and found whole. */
  readonly through: ChainPlace;
  /** Whether that is its end. */
  readonly atEnd: boolean;
  readonly fault?: TrailFault;
};

export type TrailCheck = {
  readonly publicKey: KeyObject;
  /** Where an earlier check stopped. */
  readonly after?: number;
  /** How many rows to check at most. */
  readonly limit?: number;
  /** A place that was noted outside the database: what it cannot show by itself is that its newest rows are missing. */
  readonly expected?: ChainPlace;
};

const pageRows = 500;

/** Follows the chain and compares it with what the digests signed; names the first row that is not as it was. */
export async function verifyTrail(store: Store, check: TrailCheck): Promise<TrailReport> {
  const limit = check.limit ?? Number.POSITIVE_INFINITY;
  let place = await startingPlace(store, check.after ?? 0);
  if ("why" in place) return { through: chainStart, atEnd: false, fault: place };
  let signedThrough = place.seq;
  for (let checked = 0; checked < limit; checked += pageRows) {
    const page = await readPage(store, place.seq);
    const followed = followPage(page, { ...check, place, signedThrough });
    place = followed.through;
    signedThrough = followed.signedThrough;
    if (followed.fault) return { through: place, atEnd: false, fault: followed.fault };
    if (page.rows.length < pageRows) {
      const fault = faultAtEnd(page.lastDigest, place, check);
      return { through: place, atEnd: !fault, ...(fault ? { fault } : {}) };
    }
  }
  return { through: place, atEnd: false };
}

type Page = {
  readonly rows: readonly AuditEventRow[];
  readonly digests: readonly AuditDigestRow[];
  readonly lastDigest: AuditDigestRow | undefined;
};

/** In one transaction, since a sealer may be adding rows and their digest. */
function readPage(store: Store, after: number): Promise<Page> {
  return store.transaction(async (trx) => ({
    rows: await pageSealedAuditEvents(trx, { after, limit: pageRows }),
    // At most one for a row.
    digests: await pageAuditDigests(trx, { after, limit: pageRows }),
    lastDigest: await findLastAuditDigest(trx),
  }));
}

async function startingPlace(store: Store, after: number): Promise<ChainPlace | TrailFault> {
  if (after === 0) return chainStart;
  const [row] = await pageSealedAuditEvents(store.db, { after: after - 1, limit: 1 });
  return row?.seq === after ? placeOf(row) : missing(after);
}

type Signing = Pick<TrailCheck, "publicKey"> & {
  readonly place: ChainPlace;
  /** Up to where the digests before were found good. */
  readonly signedThrough: number;
};
type Following = Signing & Pick<TrailCheck, "expected">;
type Followed = {
  readonly through: ChainPlace;
  readonly signedThrough: number;
  readonly fault?: TrailFault;
};

function followPage(page: Page, given: Following): Followed {
  const digests = new Map(page.digests.map((digest) => [digest.seq, digest]));
  let { place: through, signedThrough } = given;
  for (const row of page.rows) {
    const place = placeOf(row);
    const digest = digests.get(place.seq);
    const fault =
      faultOfRow(row, through) ??
      (digest && faultOfDigest(digest, { ...given, place, signedThrough })) ??
      faultOfExpected(place, given.expected);
    if (fault) return { through, signedThrough, fault };
    if (digest) signedThrough = digest.seq;
    through = place;
  }
  return { through, signedThrough };
}

function faultOfRow(row: AuditEventRow, before: ChainPlace): TrailFault | undefined {
  const { seq, hash } = placeOf(row);
  if (seq !== before.seq + 1) return missing(before.seq + 1);
  if (chainHash(before.hash, { ...row, seq }) === hash) return undefined;
  return { seq, eventId: row.id, why: "the row is not the one that was sealed here" };
}

function faultOfDigest(digest: AuditDigestRow, given: Signing): TrailFault | undefined {
  const { place, publicKey, signedThrough } = given;
  if (!isDigestSigned(publicKey, digest)) {
    return { seq: digest.seq, why: "the digest of this place is forged" };
  }
  if (digest.hash === place.hash) return undefined;
  const first = Math.min(signedThrough + 1, digest.seq);
  const which = first === digest.seq ? `row ${first}` : `one of the rows ${first} to ${digest.seq}`;
  return { seq: first, why: `${which} was rewritten, with all hashes that follow from it` };
}

function faultOfExpected(
  place: ChainPlace,
  expected: ChainPlace | undefined,
): TrailFault | undefined {
  if (place.seq !== expected?.seq || place.hash === expected.hash) return undefined;
  return { seq: place.seq, why: "the hash of this place is not the expected one" };
}

/** The chain must end where the last digest says, or somebody cut it off or added to it. */
function faultAtEnd(
  digest: AuditDigestRow | undefined,
  place: ChainPlace,
  { publicKey, expected }: TrailCheck,
): TrailFault | undefined {
  const furthest = Math.max(digest?.seq ?? 0, expected?.seq ?? 0);
  if (furthest > place.seq) return missing(place.seq + 1);
  const signedThrough = digest?.seq ?? 0;
  if (signedThrough < place.seq) {
    return { seq: signedThrough + 1, why: "no digest signs the chain from this row on" };
  }
  return digest && faultOfDigest(digest, { publicKey, place, signedThrough });
}

function missing(seq: number): TrailFault {
  return { seq, why: "the row is missing" };
}
