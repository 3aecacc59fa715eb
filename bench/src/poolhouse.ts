/** Poolhouse as it runs in production: `poolhouse serve` of the built server, over TLS, with its defaults. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Target } from "./http-client.ts";
import { makePool, type Pool } from "./pools.ts";
import { freePort, type Program, type Running, start, temporaryFolder } from "./processes.ts";
import type { RootKeys } from "./sigv4.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const launcher = join(root, "server/bin/poolhouse.js");

/** An installation: its data, its keys, and a pool with one client and a few users made through the API. */
export type Poolhouse = Pool & {
  readonly target: Target;
  /** The certificate authority's own certificate. */
  readonly caFile: string;
  readonly keys: RootKeys;
  readonly dataDir: string;
  /** SQLite in the data directory when absent. */
  readonly databaseUrl: string | undefined;
  /** Where functions of its pools may be, each a module. */
  readonly functionsDir: string;
  readonly program: Program;
  readonly running: Running;
};

export type Options = {
  readonly databaseUrl?: string | undefined;
  readonly users: number;
  /** Where Node writes a CPU profile of the server at its end. */
  readonly profileFolder?: string | undefined;
};

/** Sets up an installation in folders of its own and leaves its server running. */
export async function createPoolhouse(options: Options): Promise<Poolhouse> {
  const folder = await temporaryFolder("server");
  const dataDir = join(folder, "data");
  const functionsDir = join(folder, "functions");
  for (const each of [dataDir, functionsDir]) await mkdir(each, { mode: 0o700 });
  const port = await freePort();
  const keys = {
    accessKeyId: "AKIABENCHBENCHBENCH0",
    secretAccessKey: randomBytes(30).toString("base64"),
  };
  const masterKeyFile = join(folder, "master.key");
  const node = process.execPath;
  const env = { HOME: folder, POOLHOUSE_MASTER_KEY_FILE: masterKeyFile };
  const init = spawnSync(node, [launcher, "keys", "init"], { env, encoding: "utf8" });
  if (init.status !== 0) throw new Error(`poolhouse keys init failed: ${init.stderr}`);
  const { databaseUrl, profileFolder } = options;
  const profile = profileFolder ? ["--cpu-prof", `--cpu-prof-dir=${profileFolder}`] : [];
  const program: Program = {
    command: node,
    args: [...profile, launcher, "serve"],
    cwd: folder,
    env: {
      ...env,
      POOLHOUSE_DATA_DIR: dataDir,
      POOLHOUSE_LISTEN: `127.0.0.1:${port}`,
      // Some dozens of users ask for as much here as thousands would.
      POOLHOUSE_RATE_LIMITS: "off",
      POOLHOUSE_ROOT_ACCESS_KEY_ID: keys.accessKeyId,
      POOLHOUSE_ROOT_SECRET_ACCESS_KEY: keys.secretAccessKey,
      POOLHOUSE_FUNCTIONS_DIR: functionsDir,
      ...(databaseUrl ? { POOLHOUSE_DATABASE_URL: databaseUrl } : {}),
    },
    ready: /ready in \d+ ms/,
  };
  const running = await start(program);
  const caFile = join(dataDir, "ca.pem");
  const target = { port, tls: { ca: readFileSync(caFile, "utf8") } };
  const place = { target, caFile, keys, dataDir, databaseUrl, functionsDir, program, running };
  const made = await makePool(place, {
    client: {
      ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 10 },
    },
    users: options.users,
  });
  return { ...place, ...made };
}

/** `poolhouse dev` with the demo's stack, as `npm start` runs it, in a data directory of its own. */
export async function demoProgram(): Promise<Program> {
  const folder = await temporaryFolder("dev");
  return {
    command: process.execPath,
    args: [launcher, "dev", "--stack", join(root, "demo/stack.yaml")],
    cwd: folder,
    env: {
      HOME: folder,
      POOLHOUSE_DATA_DIR: join(folder, "data"),
      POOLHOUSE_LISTEN: `127.0.0.1:${await freePort()}`,
    },
    ready: /ready in \d+ ms/,
  };
}
