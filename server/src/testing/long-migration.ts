import type { RawBuilder } from "kysely";
import { MIGRATIONS } from "../store/migrate.ts";
import { index, type Migration, type Step, table } from "../store/migrations/definition.ts";

/** The program's migrations and one more, of several steps, that does something else in the middle. */
export function migrationsWithLongOne(
  inTheMiddle: () => Promise<void>,
  thereafter: readonly Step[] = [],
): readonly Migration[] {
  const steps = [
    table("long_first", { id: "text", at_ms: "bigint" }, ["id"]),
    index("long_first", ["at_ms"]),
    () => ({ execute: inTheMiddle }) as unknown as RawBuilder<unknown>,
    ...thereafter,
    table("long_second", { id: "text", note: "text null" }, ["id"]),
    index("long_second", ["note", "id"], "unique"),
  ];
  return [...MIGRATIONS, { name: "9999-long", steps }];
}
