import {
  type AuditEventRow,
  findLastSealedAuditEvent,
  listNewestAuditEvents,
  pageSealedAuditEvents,
} from "../../store/audit-events.ts";
import type { Db } from "../../store/schema.ts";

export type TrailPage = {
  /** In the order of the chain. */
  readonly rows: readonly AuditEventRow[];
  /** The place up to which the trail was looked through; the next page goes on after it. */
  readonly through: number;
};

type Asked = {
  readonly userPoolId?: string | undefined;
  /** Only what is sealed after this place; without it the newest of what is sealed. */
  readonly after?: number | undefined;
  readonly limit: number;
};

const pageRows = 500;
/** Looked through for one page at most: events of one pool may be few among many. */
const maxRows = 5_000;

/** Sealed rows of the trail, of one pool or all; a row shows up here about a second after it happened. */
export async function readTrail(db: Db, asked: Asked): Promise<TrailPage> {
  const { userPoolId, after, limit } = asked;
  if (after !== undefined) return readAfter(db, { ...asked, after });
  // Read first: what is sealed from now on is for the next page.
  const through = (await findLastSealedAuditEvent(db))?.seq ?? 0;
  if (userPoolId === undefined) {
    return readAfter(db, { ...asked, after: Math.max(0, through - limit) });
  }
  const newest = await listNewestAuditEvents(db, { userPoolId, limit });
  const rows = newest.filter(({ seq }) => Number(seq) <= through);
  return { rows: rows.sort((one, other) => Number(one.seq) - Number(other.seq)), through };
}

async function readAfter(db: Db, asked: Asked & { after: number }): Promise<TrailPage> {
  const { userPoolId, limit } = asked;
  const rows: AuditEventRow[] = [];
  let through = asked.after;
  for (let looked = 0; looked < maxRows; looked += pageRows) {
    const page = await pageSealedAuditEvents(db, { after: through, limit: pageRows });
    for (const row of page) {
      through = row.seq ?? through;
      if (userPoolId === undefined || row.user_pool_id === userPoolId) rows.push(row);
      if (rows.length === limit) return { rows, through };
    }
    if (page.length < pageRows) break;
  }
  return { rows, through };
}
