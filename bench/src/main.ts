/** `npm run bench`: measures, prints the tables and writes them into README.md, which also tells of the options. */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { measureOperations } from "./experiments.ts";
import { measureFlatness } from "./flatness.ts";
import { type Installations, install, restarted } from "./installations.ts";
import { latencyTitle, measureLatency } from "./latency.ts";
import { peerVersion } from "./peer.ts";
import { demoProgram } from "./poolhouse.ts";
import { start, stopAll } from "./processes.ts";
import { type Results, report } from "./report.ts";
import { measureStarts, type StartResult } from "./starts.ts";

const readme = new URL("../README.md", import.meta.url);
const [begin, end] = ["<!-- results: begin -->", "<!-- results: end -->"];

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    users: { type: "string" },
    only: { type: "string" },
    profile: { type: "string" },
  },
});
const plan = options.quick ? { rounds: 1, seconds: 0.3 } : { rounds: 5, seconds: 1 };
const sizes = { small: 1_000, large: Number(options.users ?? (options.quick ? 5_000 : 100_000)) };
/** Some operations alone are looked at by whoever works on them. */
const isPart = options.only !== undefined || options.profile !== undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => void stopAll().finally(() => process.exit(130)));
}
try {
  const text = report(await measure());
  process.stdout.write(`\n${text}\n`);
  if (!options.quick && !isPart) writeIntoReadme(text);
} finally {
  await stopAll();
}

async function measure(): Promise<Results> {
  tell("sets up four installations, two bare routes, PostgreSQL and cognito-local");
  const installations = await install({ sizes, profileFolder: options.profile });
  tell("measures operations");
  const operations = await measureOperations(installations, plan, options.only ?? "");
  const latency = latencyTitle.includes(options.only ?? "")
    ? await measureLatency(installations, plan)
    : [];
  const about = { plan, sizes, peerVersion: peerVersion(), operations, latency };
  const { postgresVersion } = installations;
  if (isPart) return { ...about, postgresVersion };
  tell("measures few and many users");
  const sqlite = await restarted(installations.sqlite);
  const postgres = await restarted(installations.postgres);
  const flatness = await measureFlatness({ sqlite, postgres }, plan);
  const loadedMb = {
    sqlite: sqlite.large.pool.running.memory(),
    postgres: postgres.large.pool.running.memory(),
  };
  tell("measures starts");
  for (const { pool } of [sqlite.small, postgres.small, installations.peer]) {
    await pool.running.stop();
  }
  const starts = await startsOf(installations);
  return { ...about, postgresVersion, more: { flatness, starts, loadedMb } };
}

/** Of servers of which none may run. */
async function startsOf({ sqlite, postgres, peer }: Installations): Promise<StartResult[]> {
  const demo = await demoProgram();
  // The first start makes the data directory.
  await (await start(demo)).stop();
  const programs = [
    ["Poolhouse serve, SQLite", sqlite.small.pool.program, "sqlite"],
    ["Poolhouse serve, PostgreSQL", postgres.small.pool.program, "postgres"],
    ["Poolhouse dev, the demo's stack", demo, undefined],
    ["cognito-local", peer.pool.program, undefined],
  ] as const;
  const results: StartResult[] = [];
  for (const [title, program, engine] of programs) {
    results.push({ title, engine, ...(await measureStarts(program, plan.rounds)) });
  }
  return results;
}

function writeIntoReadme(text: string): void {
  const [before, rest] = readFileSync(readme, "utf8").split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error("README.md has no place for it");
  writeFileSync(readme, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}

function tell(what: string): void {
  process.stderr.write(`bench: ${what}\n`);
}
