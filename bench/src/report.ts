/** The results as Markdown. */
import { cpus, totalmem } from "node:os";
import type { Engine, OperationResult } from "./experiments.ts";
import type { FlatnessResult } from "./flatness.ts";
import { type LatencyResult, latencyTitle } from "./latency.ts";
import { hashesAtOnce } from "./limits.ts";
import { median, type Plan, ratios } from "./rounds.ts";
import type { StartResult } from "./starts.ts";
import { clients } from "./works.ts";

export type Results = {
  readonly plan: Plan;
  readonly sizes: { readonly small: number; readonly large: number };
  readonly peerVersion: string;
  readonly postgresVersion: string;
  readonly operations: readonly OperationResult[];
  readonly latency: readonly LatencyResult[];
  /** Absent where some operations alone were measured. */
  readonly more?: More;
};

type More = {
  readonly flatness: readonly FlatnessResult[];
  readonly starts: readonly StartResult[];
  /** Resident MB of the servers with many users, after the rounds. */
  readonly loadedMb: Readonly<Record<Engine, number>>;
};

const engineNames: Readonly<Record<Engine, string>> = { sqlite: "SQLite", postgres: "PostgreSQL" };

/** The whole report, headings included. */
export function report(results: Results): string {
  return [
    about(results),
    ...(results.operations.length > 0 ? operationTables(results) : []),
    ...(results.latency.length > 0 ? [`### ${latencyTitle}`, latencyTable(results)] : []),
    ...(results.more ? moreTables(results.sizes, results.more) : []),
  ].join("\n\n");
}

function operationTables(results: Results): string[] {
  return [
    "### Operations a second, and what arithmetic allows",
    operationsTable(results),
    "### Beside cognito-local",
    peerTable(results),
  ];
}

function moreTables(sizes: Results["sizes"], more: More): string[] {
  return [
    `### ${count(sizes.small)} users and ${count(sizes.large)} users`,
    flatnessTable(sizes, more),
    "### Start and memory",
    startsTable(sizes, more),
  ];
}

function about({ plan, sizes, peerVersion, postgresVersion }: Results): string {
  const { node, sqlite } = process.versions;
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${cpu?.model ?? "unknown"}, ${memory} GB, ${process.platform}.`,
    `Node ${node}, SQLite ${sqlite}, PostgreSQL ${postgresVersion}, cognito-local ${peerVersion}.`,
    `Medians of ${plan.rounds} × ${plan.seconds} s, the lowest and the highest ratio in brackets;`,
    `${clients} clients, ${count(sizes.small)} users, ${hashesAtOnce} password hash${hashesAtOnce === 1 ? "" : "es"} at once.`,
  ].join("\n");
}

function operationsTable({ operations }: Results): string {
  const header = [
    "Operation",
    "Limit",
    "Limit/s",
    "SQLite/s",
    "of limit",
    "PostgreSQL/s",
    "of limit",
    "Aim",
  ];
  return table(
    header,
    operations.map(({ title, limit, aim, limits, rates }) => [
      title,
      limit,
      [...new Set([limits.sqlite, limits.postgres])].map(rate).join(" / "),
      rate(rates.sqlite),
      percent(ratios(rates.sqlite, limits.sqlite)),
      rate(rates.postgres),
      percent(ratios(rates.postgres, limits.postgres)),
      `${aim * 100} %`,
    ]),
  );
}

function peerTable({ operations }: Results): string {
  const header = ["Operation", "Poolhouse/s", "cognito-local/s", "Ratio", "What it leaves out"];
  return table(
    header,
    operations.map(({ title, rates, peer }) => [
      title,
      rate(rates.sqlite),
      ...("lacks" in peer
        ? ["refused", "–", `it has no ${peer.lacks}`]
        : [
            rate(peer.rates),
            `${median(ratios(rates.sqlite, peer.rates)).toFixed(2)} ×`,
            peer.leavesOut,
          ]),
    ]),
  );
}

function latencyTable({ latency }: Results): string {
  const header = [
    "Engine",
    "Idle, p50",
    "p99",
    `${clients} clients signing in, p50`,
    "p99",
    "Sign-ins/s meanwhile",
    "p99 to p99",
    "Aim",
  ];
  return table(
    header,
    latency.map(({ engine, idle, busy, signIns }) => [
      engineNames[engine],
      ms(idle.map(({ p50 }) => p50)),
      ms(idle.map(({ p99 }) => p99)),
      ms(busy.map(({ p50 }) => p50)),
      ms(busy.map(({ p99 }) => p99)),
      rate(signIns),
      times(
        ratios(
          busy.map(({ p99 }) => p99),
          idle.map(({ p99 }) => p99),
        ),
      ),
      "≤ 3 ×",
    ]),
  );
}

function flatnessTable(sizes: Results["sizes"], { flatness }: More): string {
  const header = [
    "Operation",
    "Engine",
    `${count(sizes.small)} users/s`,
    `${count(sizes.large)} users/s`,
    "Ratio",
  ];
  return table(
    header,
    flatness.map(({ title, engine, few, many }) => [
      title,
      engineNames[engine],
      rate(few),
      rate(many),
      percent(ratios(many, few)),
    ]),
  );
}

function startsTable(sizes: Results["sizes"], { starts, loadedMb }: More): string {
  return table(
    ["Server", "Ready after", "At rest", `After the rounds, ${count(sizes.large)} users`],
    starts.map(({ title, engine, readyMs, atRestMb }) => [
      title,
      `${Math.round(median(readyMs))} ms`,
      `${Math.round(atRestMb)} MB`,
      engine ? `${Math.round(loadedMb[engine])} MB` : "–",
    ]),
  );
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function rate(values: readonly number[]): string {
  const value = median(values);
  return value < 100 ? value.toFixed(1) : count(value);
}

function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function percent(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const show = (value: number) => Math.round(value * 100);
  return `${show(median(values))} % (${show(low)}–${show(high)})`;
}

function times(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return `${median(values).toFixed(1)} × (${low.toFixed(1)}–${high.toFixed(1)})`;
}

function ms(values: readonly number[]): string {
  return `${median(values).toFixed(1)} ms`;
}
