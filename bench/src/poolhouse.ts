/** Poolhouse as it runs in production: `poolhouse serve` of the built server, over TLS, with its defaults. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Connection, connectionTo, hostOf, type Target } from "./http-client.ts";
import { freePort, type Program, type Running, start, temporaryFolder } from "./processes.ts";
import { type RootKeys, sign } from "./sigv4.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const launcher = join(root, "server/bin/poolhouse.js");
const targetPrefix = "AWSCognitoIdentityProviderService";

export const password = "Xk7#mQ2v-Lw9!pTz4";

export type BenchUser = { readonly email: string; readonly sub: string };

/** An installation: its data, its keys, and a pool with one client and a few users made through the API. */
export type Poolhouse = {
  readonly target: Target;
  /** The certificate authority's own certificate. */
  readonly caFile: string;
  readonly keys: RootKeys;
  readonly dataDir: string;
  /** SQLite in the data directory when absent. */
  readonly databaseUrl: string | undefined;
  readonly program: Program;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly users: readonly BenchUser[];
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
  await mkdir(dataDir, { mode: 0o700 });
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
      ...(databaseUrl ? { POOLHOUSE_DATABASE_URL: databaseUrl } : {}),
    },
    ready: /ready in \d+ ms/,
  };
  const running = await start(program);
  const caFile = join(dataDir, "ca.pem");
  const target = { port, tls: { ca: readFileSync(caFile, "utf8") } };
  const connection = connectionTo(target);
  const made = await makePool(async (operation, input) => {
    const { headers, body } = signed({ target, keys }, operation, input);
    return read(operation, await connection.post(headers, body));
  }, options.users);
  connection.close();
  return { target, caFile, keys, dataDir, databaseUrl, program, running, ...made };
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

type Call = (operation: string, input: object) => Promise<Record<string, unknown>>;

async function makePool(call: Call, users: number) {
  const { UserPool } = (await call("CreateUserPool", {
    PoolName: "bench",
    UsernameAttributes: ["email"],
    AutoVerifiedAttributes: ["email"],
  })) as { UserPool: { Id: string } };
  const { UserPoolClient } = (await call("CreateUserPoolClient", {
    UserPoolId: UserPool.Id,
    ClientName: "bench",
    ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"],
    RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 10 },
  })) as { UserPoolClient: { ClientId: string } };
  const made: BenchUser[] = [];
  for (let n = 0; n < users; n++) {
    const email = `user-${n}@example.com`;
    const { User } = (await call("AdminCreateUser", {
      UserPoolId: UserPool.Id,
      Username: email,
      MessageAction: "SUPPRESS",
      TemporaryPassword: password,
      UserAttributes: [
        { Name: "email", Value: email },
        { Name: "email_verified", Value: "true" },
        { Name: "given_name", Value: "Ada" },
        { Name: "family_name", Value: "Lovelace" },
      ],
    })) as { User: { Username: string } };
    await call("AdminSetUserPassword", {
      UserPoolId: UserPool.Id,
      Username: email,
      Password: password,
      Permanent: true,
    });
    // Where an e-mail address is the name to sign in with, the user name is the sub.
    made.push({ email, sub: User.Username });
  }
  return { userPoolId: UserPool.Id, clientId: UserPoolClient.ClientId, users: made };
}

/** Calls a public or a token operation; rejects with whatever is no success. */
export async function call(connection: Connection, operation: string, input: object) {
  const headers = {
    "content-type": "application/x-amz-json-1.1",
    "x-amz-target": `${targetPrefix}.${operation}`,
  };
  return read(operation, await connection.post(headers, JSON.stringify(input)));
}

/** A signed request. It may be sent more than once: each server checks every signature anew. */
export type Signed = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** An administrator's request, signed now; good for the quarter of an hour that AWS allows. */
export function signed(
  { target, keys }: Pick<Poolhouse, "target" | "keys">,
  operation: string,
  input: object,
): Signed {
  const body = JSON.stringify(input);
  const host = hostOf(target);
  return { headers: sign(keys, { host, target: `${targetPrefix}.${operation}`, body }), body };
}

function read(operation: string, { status, body }: { status: number; body: string }) {
  if (status !== 200) throw new Error(`${operation} answered ${status}: ${body}`);
  return JSON.parse(body) as Record<string, unknown>;
}
