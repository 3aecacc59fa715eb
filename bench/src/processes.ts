/** The processes under measurement: started here, watched here, and ended here whatever happens. */
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

export type Program = {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The line, of either output, with which it says that it takes requests. */
  readonly ready: RegExp;
  readonly stopBy?: NodeJS.Signals;
  /** Whom it runs as, if not as ourselves. */
  readonly identity?: { readonly uid: number; readonly gid: number };
};

export type Running = {
  /** From the moment of its start to the line that says it is ready. */
  readonly readyMs: number;
  /** What it had said by then. */
  readonly said: string;
  /** Resident memory in MB. */
  memory(): number;
  stop(): Promise<void>;
};

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;
/** Starts are measured to this precision. */
const LOOK_EVERY_MS = 2;

const running = new Set<() => Promise<void>>();
const folders = new Set<string>();
process.once("exit", removeFolders);

/** A folder that is gone at the end. */
export async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `poolhouse-bench-${name}-`));
  folders.add(folder);
  return folder;
}

/** Starts a program and resolves when it is ready; rejects with what it said if it ends before. */
export async function start(program: Program): Promise<Running> {
  const { command, args, cwd, env, identity = {} } = program;
  // A file and no pipe: nobody has to read it, and a program that logs never waits for us.
  const log = join(await temporaryFolder("log"), "output");
  const output = openSync(log, "w");
  const startedAt = performance.now();
  const child = spawn(command, args, {
    cwd,
    env: { PATH: "/usr/bin:/bin", ...env },
    stdio: ["ignore", output, output],
    ...identity,
  });
  closeSync(output);
  const stop = () => ended(child, program.stopBy ?? "SIGTERM").finally(() => running.delete(stop));
  running.add(stop);
  const said = await untilReady(child, { log, ready: program.ready });
  return {
    readyMs: performance.now() - startedAt,
    said,
    memory: () => residentMegabytes(child.pid ?? 0),
    stop,
  };
}

/** Ends whatever still runs. */
export async function stopAll(): Promise<void> {
  // The youngest first: servers before their database.
  for (const stop of [...running].reverse()) await stop();
  removeFolders();
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

async function untilReady(
  child: ChildProcess,
  { log, ready }: { log: string; ready: RegExp },
): Promise<string> {
  let failure: Error | undefined;
  child.once("error", (error) => {
    failure = error;
  });
  const until = performance.now() + READY_WITHIN_MS;
  let seenBytes = 0;
  while (performance.now() < until) {
    const bytes = statSync(log).size;
    const said = bytes === seenBytes ? "" : readFileSync(log, "utf8");
    if (ready.test(said)) return said;
    seenBytes = bytes;
    if (failure) throw failure;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`${child.spawnargs.join(" ")} did not start:\n${readFileSync(log, "utf8")}`);
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
    return Promise.resolve();
  }
  return new Promise((resolve) => {
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    child.once("exit", () => {
      clearTimeout(late);
      resolve();
    });
    child.kill(signal);
  });
}

function residentMegabytes(pid: number): number {
  const file = `/proc/${pid}/status`;
  if (!existsSync(file)) return Number.NaN;
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(file, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

function removeFolders(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folders.clear();
}
