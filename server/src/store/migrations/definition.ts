import { type RawBuilder, sql } from "kysely";

/** How a column is written: its type, then `null` if it may be, or a default. */
type Column =
  | "text"
  | "text null"
  | "integer"
  | "integer null"
  | "bigint"
  | "bigint null"
  | "bigint default 0";

/** One statement that can run again after a crash without harm. */
export type Step = (dialect: { text: string }) => RawBuilder<unknown>;

/** A named change of the schema; its steps are frozen once released. */
export type Migration = { name: string; steps: readonly Step[] };

/** Creates a table unless it is there. */
export function table(
  name: string,
  columns: Readonly<Record<string, Column>>,
  primaryKey: readonly string[],
): Step {
  return ({ text }) => {
    const lines = Object.entries(columns).map(([column, kind]) => {
      const [type, ...rest] = kind.split(" ");
      const suffix = rest[0] === "null" ? "" : ` not null ${rest.join(" ")}`;
      return `${quote(column)} ${type === "text" ? text : type}${suffix}`;
    });
    return sql.raw(
      `create table if not exists ${quote(name)} (${lines.join(", ")}, primary key (${list(primaryKey)}))`,
    );
  };
}

/** Creates an index, named after its table and columns, unless it is there. */
export function index(
  on: string,
  columns: readonly string[],
  kind: "unique" | "plain" = "plain",
): Step {
  const name = [on, "by", ...columns].join("_");
  const create = kind === "unique" ? "create unique index" : "create index";
  return () => sql.raw(`${create} if not exists ${quote(name)} on ${quote(on)} (${list(columns)})`);
}

function list(names: readonly string[]): string {
  return names.map(quote).join(", ");
}

/** `groups` is a keyword of both engines. */
function quote(name: string): string {
  return `"${name}"`;
}
