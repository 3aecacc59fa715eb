import type { Db, NewRow, Row } from "./schema.ts";
import { hasEffect, statement } from "./statement.ts";

export type AuditEventRow = Row<"audit_events">;
export type AuditDigestRow = Row<"audit_digests">;

type NewEvent = { id: string; at_ms: number; user_pool_id: string | null; event: string };

const insert = statement<NewEvent>()((db, { id, at_ms, user_pool_id, event }) =>
  db.insertInto("audit_events").values({ id, at_ms, user_pool_id, event }),
);

type Place = { id: string; seq: number; hash: string };

const seal = statement<Place>()((db, { id, seq, hash }) =>
  db.updateTable("audit_events").set({ seq, hash }).where("id", "=", id).where("seq", "is", null),
);

/** Appends an event, in the transaction of the change it tells of; the sealer chains it later. */
export async function insertAuditEvent(db: Db, event: NewEvent): Promise<void> {
  await insert(db, event);
}

/** Events that no sealer has chained yet, oldest first. */
export async function pageUnsealedAuditEvents(db: Db, limit: number): Promise<AuditEventRow[]> {
  return await db
    .selectFrom("audit_events")
    .selectAll()
    .where("seq", "is", null)
    .orderBy("at_ms")
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** Gives an event its place in the chain; false when it has one. */
export async function sealAuditEvent(db: Db, place: Place): Promise<boolean> {
  return hasEffect(await seal(db, place));
}

/** The chain from after a place on, in order. */
export async function pageSealedAuditEvents(
  db: Db,
  { after, limit }: { after: number; limit: number },
): Promise<AuditEventRow[]> {
  return await db
    .selectFrom("audit_events")
    .selectAll()
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(limit)
    .execute();
}

/** The end of the chain. */
export async function findLastSealedAuditEvent(db: Db): Promise<AuditEventRow | undefined> {
  return await db
    .selectFrom("audit_events")
    .selectAll()
    .where("seq", "is not", null)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** The newest sealed events of a pool, newest first. */
export async function listNewestAuditEvents(
  db: Db,
  { userPoolId, limit }: { userPoolId: string; limit: number },
): Promise<AuditEventRow[]> {
  return await db
    .selectFrom("audit_events")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .where("seq", "is not", null)
    .orderBy("at_ms", "desc")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
}

/** Stores the signed digest of the chain up to a place. */
export async function insertAuditDigest(db: Db, digest: NewRow<"audit_digests">): Promise<void> {
  await db.insertInto("audit_digests").values(digest).execute();
}

/** The digest of the furthest place. */
export async function findLastAuditDigest(db: Db): Promise<AuditDigestRow | undefined> {
  return await db
    .selectFrom("audit_digests")
    .selectAll()
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
}

/** The digests from after a place on, in order. */
export async function pageAuditDigests(
  db: Db,
  { after, limit }: { after: number; limit: number },
): Promise<AuditDigestRow[]> {
  return await db
    .selectFrom("audit_digests")
    .selectAll()
    .where("seq", ">", after)
    .orderBy("seq")
    .limit(limit)
    .execute();
}
