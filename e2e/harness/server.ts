/** Starts the product as its users do, in a data directory of its own, and talks to it over TLS with its CA. */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { inject } from "vitest";
import { type Postgres, startPostgres } from "./postgres.ts";
import { requestJson } from "./request.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** What the development servers of a vitest project keep their data in. */
    readonly engine: "sqlite" | "postgres";
  }
}

export const root = fileURLToPath(new URL("../..", import.meta.url));
export const launcher = join(root, "server/bin/poolhouse.js");
export const demoStack = join(root, "demo/stack.yaml");

/** The fixed ids of demo/stack.yaml. */
export const demo = {
  region: "us-east-1",
  userPoolId: "us-east-1_Poolhouse",
  webClientId: "poolhousedemoweb0000000001",
  serverClientId: "poolhousedemoserver0000001",
  strictUserPoolId: "us-east-1_PoolhouseStrict",
};

export type InboxMessage = {
  id: string;
  to: string;
  channel: string;
  subject: string | null;
  body: string;
  code: string | null;
  link: string | null;
  at: string;
};

/** The product as a process of its own. */
export type Running = {
  readonly pid: number;
  /** What it printed so far. */
  readonly output: () => string;
  /** Ends it gently, waits and answers its exit code; its data stays until the harness is closed. */
  stop(): Promise<number>;
  /** Ends it as a crash would. */
  kill(): Promise<void>;
};

export type Server = Running & {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  /** The CA's certificate, as a file and as PEM. */
  readonly caFile: string;
  readonly ca: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The environment that `poolhouse env` would give, for child processes. */
  readonly env: Readonly<Record<string, string>>;
  /** An SDK client that signs as root where the operation asks for it. */
  client(): CognitoIdentityProviderClient;
  /** The newest message to an address, waited for; `after` is the id of one that is known. */
  message(to: string, after?: string): Promise<InboxMessage>;
  /** Moves the server's clock forward. */
  advance(seconds: number): Promise<void>;
};

export type StartOptions = {
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Another server's, to start again on; a fresh one when absent. */
  readonly dataDir?: string;
  readonly port?: number;
};

const children = new Set<ChildProcess>();
const folders = new Set<string>();
/** By the data directory of their server. */
const databases = new Map<string, Postgres>();

/**
 * Starts `poolhouse dev` with the demo's stack, unless told otherwise, and waits until it says that it is ready. Its data
 * is in what the vitest project says: SQLite, or a PostgreSQL of its own.
 */
export async function startServer(options: StartOptions = {}): Promise<Server> {
  const dataDir = options.dataDir ?? (await makeFolder());
  const port = options.port ?? (await freePort());
  const url = `https://localhost:${port}`;
  const running = await launch(options.command ?? ["dev", "--stack", demoStack], {
    HOME: dataDir,
    POOLHOUSE_DATA_DIR: dataDir,
    POOLHOUSE_LISTEN: `127.0.0.1:${port}`,
    POOLHOUSE_PUBLIC_URL: url,
    ...(await databaseOf(dataDir)),
    ...options.env,
  });
  const caFile = join(dataDir, "ca.pem");
  const ca = readFileSync(caFile, "utf8");
  const env = readEnvFile(join(dataDir, "credentials.env"));
  const keys = {
    accessKeyId: env["AWS_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: env["AWS_SECRET_ACCESS_KEY"] ?? "",
  };
  return {
    ...running,
    url,
    port,
    dataDir,
    caFile,
    ca,
    keys,
    env,
    client: () => sdkClient({ url, keys }),
    message: (to, after) => nextMessage({ url, ca }, to, after),
    async advance(advanceSeconds) {
      await requestJson(`${url}/_poolhouse/clock`, {
        ca,
        method: "POST",
        body: { advanceSeconds },
      });
    },
  };
}

async function databaseOf(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (inject("engine") === "sqlite") return {};
  const postgres = databases.get(dataDir) ?? (await startPostgres());
  databases.set(dataDir, postgres);
  return { POOLHOUSE_DATABASE_URL: postgres.url };
}

/** Starts a command of the product with these settings alone, and waits until it says that it is ready. */
export async function launch(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Running> {
  const child = spawn(process.execPath, [launcher, ...command], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], ...env },
  });
  children.add(child);
  const output = await untilReady(child);
  return {
    pid: child.pid ?? 0,
    output,
    stop: () => end(child, "SIGTERM"),
    async kill() {
      await end(child, "SIGKILL");
    },
  };
}

/** An empty folder that goes with the harness. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "poolhouse-e2e-"));
  folders.add(folder);
  return folder;
}

/** An SDK client; the caller's process trusts the CA (harness/trust.ts). */
export function sdkClient(given: {
  url: string;
  keys: { accessKeyId: string; secretAccessKey: string };
}): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    region: demo.region,
    endpoint: given.url,
    credentials: given.keys,
  });
}

/** Ends whatever still runs and removes what it left; for `afterAll`. */
export async function stopAll(): Promise<void> {
  for (const child of children) await end(child, "SIGKILL");
  children.clear();
  for (const postgres of databases.values()) await postgres.stop();
  databases.clear();
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  folders.clear();
}

async function untilReady(child: ChildProcess): Promise<() => string> {
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) =>
      reject(new Error(`it ended with ${code ?? signal}: ${lines.join("\n")}`)),
    );
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        lines.push(line);
        if (/ready in \d+ ms/i.test(line)) resolve();
      });
    }
  });
  return () => lines.join("\n");
}

function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return Promise.resolve(child.exitCode ?? 1);
  }
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code ?? 1));
    child.kill(signal);
  });
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

/** The variables of a shell file of `export NAME='value'` lines. */
export function readEnvFile(file: string): Record<string, string> {
  return Object.fromEntries(
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line) => {
        const [, name = "", value = ""] = /^(?:export )?([A-Z_0-9]+)=(.*)$/.exec(line) ?? [];
        return name === "" ? [] : [[name, value.replace(/^'(.*)'$/, "$1")] as const];
      }),
  );
}

async function nextMessage(
  { url, ca }: { url: string; ca: string },
  to: string,
  after?: string,
): Promise<InboxMessage> {
  const query = new URLSearchParams({ to, wait: "20", ...(after === undefined ? {} : { after }) });
  const messages = await requestJson<InboxMessage[]>(`${url}/_poolhouse/inbox?${query}`, { ca });
  const [newest] = messages;
  if (!newest) throw new Error(`nothing was sent to ${to}`);
  return newest;
}
