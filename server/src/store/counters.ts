import { sql } from "kysely";
import type { Db } from "./schema.ts";
import { statement } from "./statement.ts";

export type Count = { allowed: boolean; count: number; resetAtMs: number };

const find = statement<{ name: string }>()((db, { name }) =>
  db.selectFrom("counters").select(["count", "until_ms"]).where("name", "=", name),
);

/** How much is counted in the window that is on; nought when none is. */
export async function readCount(
  db: Db,
  { name, nowMs }: { name: string; nowMs: number },
): Promise<number> {
  const counter = (await find(db, { name })).rows[0];
  return counter && counter.until_ms > nowMs ? counter.count : 0;
}

/**
 * Counts one use in a window that starts at the first one. Of any number at once exactly `limit` are allowed;
 * those refused are not counted and write nothing.
 */
export async function countUp(
  db: Db,
  options: { name: string; limit: number; windowMs: number; nowMs: number },
): Promise<Count> {
  const { name, limit, windowMs, nowMs } = options;
  const over = sql<boolean>`counters.until_ms <= cast(${nowMs} as bigint)`;
  const counted =
    limit < 1
      ? undefined
      : await db
          .insertInto("counters")
          .values({ name, count: 1, until_ms: nowMs + windowMs })
          .onConflict((conflict) =>
            conflict
              .column("name")
              .doUpdateSet({
                count: sql<number>`case when ${over} then 1 else counters.count + 1 end`,
                until_ms: sql<number>`case when ${over} then excluded.until_ms else counters.until_ms end`,
              })
              .where((eb) =>
                eb.or([eb("counters.count", "<", limit), eb("counters.until_ms", "<=", nowMs)]),
              ),
          )
          .returning(["count", "until_ms"])
          .executeTakeFirst();
  if (counted) {
    return { allowed: true, count: counted.count, resetAtMs: counted.until_ms };
  }
  const current = await db
    .selectFrom("counters")
    .select("until_ms")
    .where("name", "=", name)
    .executeTakeFirst();
  return { allowed: false, count: limit, resetAtMs: current?.until_ms ?? nowMs };
}
