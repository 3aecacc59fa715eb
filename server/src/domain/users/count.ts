import type { Db } from "../../store/schema.ts";
import { countUsersByStatus as countRows } from "../../store/users.ts";
import type { UserPool } from "../pools/pool.ts";

/** How many users of this pool are in each status; a status that nobody is in is left out. */
export async function countUsersByStatus(
  db: Db,
  pool: UserPool,
): Promise<Readonly<Record<string, number>>> {
  const rows = await countRows(db, pool.id);
  return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}
