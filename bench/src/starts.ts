/** How long a start takes, and what a server weighs. */
import { setTimeout as pause } from "node:timers/promises";
import type { Engine } from "./experiments.ts";
import { type Program, start } from "./processes.ts";
import { median } from "./rounds.ts";

export type Starts = {
  readonly readyMs: readonly number[];
  /** Resident MB when it has been idle for a moment. */
  readonly atRestMb: number;
};

export type StartResult = Starts & { readonly title: string; readonly engine: Engine | undefined };

const REST_MS = 1_000;

/** Starts a program so many times, its data being there already; nothing of it may run. */
export async function measureStarts(program: Program, times: number): Promise<Starts> {
  const readyMs: number[] = [];
  const atRest: number[] = [];
  for (let time = 0; time < times; time++) {
    const running = await start(program);
    readyMs.push(running.readyMs);
    await pause(REST_MS);
    atRest.push(running.memory());
    await running.stop();
  }
  return { readyMs, atRestMb: median(atRest) };
}
