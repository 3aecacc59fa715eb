import type { Compilable, CompiledQuery, QueryResult } from "kysely";
import type { Db } from "./schema.ts";

type Given = Readonly<Record<string, string | number | null>>;

/** Stands in the built statement where a value of the call goes. */
class Slot {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) });

/**
 * A statement that is built and compiled once for each open database; both take longer than SQLite takes to run it, so
 * this is for what every request does. While it is built its values are not there yet: `build` may only place them.
 */
export function statement<Values extends Given>() {
  return <Row>(
    build: (db: Db, values: Values) => Compilable<Row>,
  ): ((db: Db, values: Values) => Promise<QueryResult<Row>>) => {
    // A transaction has the adapter of its database.
    const compiled = new WeakMap<object, CompiledQuery<Row>>();
    return async (db, values) => {
      const { adapter } = db.getExecutor();
      const known = compiled.get(adapter) ?? build(db, slots as Values).compile();
      compiled.set(adapter, known);
      const parameters = known.parameters.map((value) =>
        value instanceof Slot ? values[value.name] : value,
      );
      return await db.executeQuery({ ...known, parameters });
    };
  };
}

/** Whether a statement inserted, changed or deleted anything. */
export function hasEffect({ numAffectedRows }: QueryResult<unknown>): boolean {
  return (numAffectedRows ?? 0n) > 0n;
}
