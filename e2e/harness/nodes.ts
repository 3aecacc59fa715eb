/** `poolhouse serve` as it runs behind a proxy: plain HTTP on loopback, one process or several over one database. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import {
  demo,
  freePort,
  launch,
  launcher,
  makeFolder,
  type Running,
  readEnvFile,
} from "./server.ts";

const run = promisify(execFile);

/** What `poolhouse keys init` made: the settings that the nodes of one installation share. */
export type Installation = Readonly<Record<string, string>>;

export type Node = Running & {
  readonly url: string;
  readonly port: number;
  readonly dataDir: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** An SDK client that signs as root where the operation asks for it, and tries once. */
  readonly client: CognitoIdentityProviderClient;
  /** Runs a command of the product against it. */
  command(...args: readonly string[]): Promise<string>;
  /** The status of its health page. */
  health(): Promise<number>;
};

export type NodeOptions = {
  /** SQLite in the data directory when absent. */
  readonly databaseUrl?: string | undefined;
  readonly smtpUrl?: string | undefined;
  /** Another's, to start again on; fresh ones when absent. */
  readonly dataDir?: string;
  readonly port?: number;
  /** More settings. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Makes the keys of an installation with the product's own command. */
export async function makeInstallation(): Promise<Installation> {
  const folder = await makeFolder();
  const env = { POOLHOUSE_MASTER_KEY_FILE: join(folder, "keys/master.key"), HOME: folder };
  await run(process.execPath, [launcher, "keys", "init"], { env });
  return readEnvFile(join(folder, "keys/root-keys.env"));
}

/** Starts one process and waits until it is ready. */
export async function startNode(
  installation: Installation,
  options: NodeOptions = {},
): Promise<Node> {
  const dataDir = options.dataDir ?? (await makeFolder());
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const running = await launch(["serve"], {
    ...installation,
    HOME: dataDir,
    POOLHOUSE_DATA_DIR: dataDir,
    POOLHOUSE_LISTEN: url,
    POOLHOUSE_PUBLIC_URL: publicUrl,
    POOLHOUSE_PROFILE: "compat",
    // One user asks for as much here as dozens would.
    POOLHOUSE_RATE_LIMITS: "off",
    ...(options.databaseUrl ? { POOLHOUSE_DATABASE_URL: options.databaseUrl } : {}),
    ...(options.smtpUrl ? { POOLHOUSE_SMTP_URL: options.smtpUrl } : {}),
    ...options.env,
  });
  const keys = {
    accessKeyId: installation["POOLHOUSE_ROOT_ACCESS_KEY_ID"] ?? "",
    secretAccessKey: installation["POOLHOUSE_ROOT_SECRET_ACCESS_KEY"] ?? "",
  };
  return {
    ...running,
    url,
    port,
    dataDir,
    keys,
    client: new CognitoIdentityProviderClient({
      region: demo.region,
      endpoint: url,
      credentials: keys,
      maxAttempts: 1,
    }),
    async command(...args) {
      const env = {
        HOME: dataDir,
        AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      };
      return (await run(process.execPath, [launcher, ...args], { env })).stdout;
    },
    async health() {
      return (await fetch(`${url}/_poolhouse/health`)).status;
    },
  };
}

/** Where the proxy in front answers; tokens carry it, whichever node made them. */
export const publicUrl = "https://auth.example.com";

const DEADLINE_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Asks again and again until it holds, for what tells nobody when it comes. */
export async function eventually(holds: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`in vain waited for: ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}
