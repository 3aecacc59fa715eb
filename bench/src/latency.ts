/** What password sign-ins that take all they can get cost those who want something small meanwhile. */
import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "./experiments.ts";
import { connectionTo } from "./http-client.ts";
import type { Installations, PoolhouseSite } from "./installations.ts";
import { median, type Plan, type Work } from "./rounds.ts";
import { eachUser, getUserWork, passwordWork } from "./works.ts";

export const latencyTitle = "GetUser while passwords are hashed";

/** One value a round; times in ms. */
export type LatencyResult = {
  readonly engine: Engine;
  readonly idle: readonly Times[];
  readonly busy: readonly Times[];
  /** Sign-ins a second meanwhile. */
  readonly signIns: readonly number[];
};

/** The middle answer, and the one that 99 of 100 are faster than. */
export type Times = { readonly p50: number; readonly p99: number };

/** Who wants something small: few, and in no hurry, so that they themselves keep nobody waiting. */
const PROBES = 4;
const PAUSE_MS = 10;
/** A round of a second would have three answers beyond its p99. */
const LONGER = 4;

/** Measures how long GetUser takes while nothing else happens, and while 16 clients sign in by password. */
export async function measureLatency(
  { sqlite, postgres }: Pick<Installations, Engine>,
  plan: Plan,
): Promise<LatencyResult[]> {
  const sites = [
    ["sqlite", sqlite.small],
    ["postgres", postgres.small],
  ] as const;
  const results: LatencyResult[] = [];
  for (const [engine, site] of sites) results.push(await measureEngine(engine, site, plan));
  return results;
}

export async function measureEngine(
  engine: Engine,
  site: PoolhouseSite,
  plan: Plan,
): Promise<LatencyResult> {
  const connections = Array.from({ length: PROBES }, () => connectionTo(site.pool.target));
  const probes = connections.map((each) => getUserWork(each, site.accessTokens));
  const signIns = await eachUser(site, passwordWork);
  const seconds = plan.seconds * LONGER;
  const idle: Times[] = [];
  const busy: Times[] = [];
  const rates: number[] = [];
  // The first round warms the code and does not count.
  for (let round = 0; round <= plan.rounds; round++) {
    const quiet = await timesOf(probes, seconds);
    const background = keepBusy(signIns);
    const loud = await timesOf(probes, seconds);
    const rate = await background.end();
    if (round === 0) continue;
    idle.push(quiet);
    busy.push(loud);
    rates.push(rate);
  }
  for (const each of connections) each.close();
  return { engine, idle, busy, signIns: rates };
}

/** Every probe does its work again and again, with a pause after each answer. */
async function timesOf(probes: readonly Work[], seconds: number): Promise<Times> {
  const until = performance.now() + seconds * 1000;
  const times: number[] = [];
  const repeat = async (work: Work) => {
    while (performance.now() < until) {
      const from = performance.now();
      await work();
      times.push(performance.now() - from);
      await pause(PAUSE_MS);
    }
  };
  await Promise.all(probes.map(repeat));
  times.sort((a, b) => a - b);
  return { p50: median(times), p99: times[Math.floor(times.length * 0.99)] ?? Number.NaN };
}

/** Clients that go on until they are told to end; `end` answers how many works a second they did. */
function keepBusy(works: readonly Work[]): { end(): Promise<number> } {
  const from = performance.now();
  let isOver = false;
  let done = 0;
  const repeat = async (work: Work) => {
    while (!isOver) {
      await work();
      done++;
    }
  };
  const all = Promise.all(works.map(repeat));
  return {
    async end() {
      isOver = true;
      await all;
      return (done * 1000) / (performance.now() - from);
    },
  };
}
