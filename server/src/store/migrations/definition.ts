import { sql } from "kysely";
import type { Db } from "../schema.ts";

/** How a column is written: its type, then `null` if it may be, or a default. */
type Column =
  | "text"
  | "text null"
  | "integer"
  | "integer null"
  | "bigint"
  | "bigint null"
  | "bigint default 0";

type Dialect = { readonly text: string; readonly engine: "sqlite" | "postgres" };

/** One statement that can run again after a crash without harm. */
export type Step = (dialect: Dialect) => { execute(db: Db): Promise<unknown> };

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

/** Adds a column, which may be null, unless it is there. */
export function column(to: string, name: string, kind: Extract<Column, `${string} null`>): Step {
  return ({ text, engine }) => {
    const [type] = kind.split(" ");
    const definition = `${quote(name)} ${type === "text" ? text : type}`;
    const add = `alter table ${quote(to)} add column`;
    if (engine === "postgres") return sql.raw(`${add} if not exists ${definition}`);
    return {
      async execute(db) {
        const { rows } = await sql`
          select 1 from pragma_table_info(${to}) where name = ${name}`.execute(db);
        if (rows.length === 0) await sql.raw(`${add} ${definition}`).execute(db);
      },
    };
  };
}

function list(names: readonly string[]): string {
  return names.map(quote).join(", ");
}

/** `groups` is a keyword of both engines. */
function quote(name: string): string {
  return `"${name}"`;
}
