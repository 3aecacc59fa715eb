import { sql } from "kysely";
import { changeOne, deleteAll } from "./atomic.ts";
import type { Db } from "./schema.ts";

type Lease = { name: string; holder: string };
type LeaseTerm = Lease & { nowMs: number; durationMs: number };

/** Takes the lease if it is free, over, or already the holder's own; of several at once exactly one gets it. */
export async function acquireLease(db: Db, lease: LeaseTerm): Promise<boolean> {
  const { name, holder, nowMs, durationMs } = lease;
  const row = await db
    .insertInto("leases")
    .values({ name, holder, until_ms: nowMs + durationMs })
    .onConflict((conflict) =>
      conflict
        .column("name")
        .doUpdateSet({ holder, until_ms: nowMs + durationMs })
        .where((eb) =>
          eb.or([eb("leases.until_ms", "<=", nowMs), eb("leases.holder", "=", holder)]),
        ),
    )
    .returning(sql<number>`1`.as("held"))
    .executeTakeFirst();
  return row !== undefined;
}

/** Prolongs a lease that is still held; false when it ran out or went to another. */
export async function renewLease(db: Db, lease: LeaseTerm): Promise<boolean> {
  const { name, holder, nowMs, durationMs } = lease;
  return await changeOne(
    db
      .updateTable("leases")
      .set({ until_ms: nowMs + durationMs })
      .where("name", "=", name)
      .where("holder", "=", holder)
      .where("until_ms", ">", nowMs),
  );
}

/** Gives a lease back; nothing happens when another holds it. */
export async function releaseLease(db: Db, { name, holder }: Lease): Promise<void> {
  await deleteAll(db.deleteFrom("leases").where("name", "=", name).where("holder", "=", holder));
}
