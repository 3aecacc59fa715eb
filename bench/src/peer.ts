/** cognito-local from npm, started as its users start it; over plain HTTP, which is what it speaks by default. */

import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { call } from "./calls.ts";
import { connectionTo, type Target } from "./http-client.ts";
import { password } from "./pools.ts";
import { freePort, type Program, type Running, start, temporaryFolder } from "./processes.ts";

const peerFolder = join(
  fileURLToPath(new URL("../peer/", import.meta.url)),
  "node_modules/cognito-local",
);

export type Peer = {
  readonly target: Target;
  /** The same again on data of its own: what is stopped amid its writing may leave a file that it cannot read. */
  readonly program: Program;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly users: readonly { readonly email: string }[];
  readonly running: Running;
};

/** The version that was installed. */
export function peerVersion(): string {
  const manifest = readFileSync(join(peerFolder, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** Sets the peer up with as many users, made through its API and then copied in its file, and leaves it running. */
export async function createPeer(given: { users: number; loaded: number }): Promise<Peer> {
  const folder = await temporaryFolder("peer");
  const port = await freePort();
  const program: Program = {
    command: process.execPath,
    args: [join(peerFolder, "lib/bin/start.js")],
    cwd: folder,
    env: { HOME: folder, HOST: "127.0.0.1", PORT: String(port) },
    ready: /Cognito Local running/,
  };
  const target = { port };
  const first = await start(program);
  const connection = connectionTo(target);
  const made = await makePool(
    (operation, input) => call(connection, operation, input),
    given.users,
  );
  connection.close();
  await first.stop();
  copyUsers(join(folder, ".cognito/db", `${made.userPoolId}.json`), given.loaded);
  const untouched = await temporaryFolder("peer");
  await cp(folder, untouched, { recursive: true });
  const running = await start(program);
  return { target, program: { ...program, cwd: untouched }, ...made, running };
}

type Call = (operation: string, input: object) => Promise<Record<string, unknown>>;

async function makePool(call: Call, users: number) {
  const { UserPool } = (await call("CreateUserPool", {
    PoolName: "bench",
    UsernameAttributes: ["email"],
  })) as { UserPool: { Id: string } };
  const UserPoolId = UserPool.Id;
  const { UserPoolClient } = (await call("CreateUserPoolClient", {
    UserPoolId,
    ClientName: "bench",
  })) as { UserPoolClient: { ClientId: string } };
  const made: { email: string }[] = [];
  for (let n = 0; n < users; n++) {
    const email = `user-${n}@example.com`;
    await call("AdminCreateUser", {
      UserPoolId,
      Username: email,
      MessageAction: "SUPPRESS",
      UserAttributes: [
        { Name: "email", Value: email },
        { Name: "email_verified", Value: "true" },
        { Name: "given_name", Value: "Ada" },
        { Name: "family_name", Value: "Lovelace" },
      ],
    });
    await call("AdminSetUserPassword", {
      UserPoolId,
      Username: email,
      Password: password,
      Permanent: true,
    });
    made.push({ email });
  }
  return { userPoolId: UserPoolId, clientId: UserPoolClient.ClientId, users: made };
}

/** The peer keeps a pool with its users as one JSON document. */
function copyUsers(file: string, upTo: number): void {
  const pool = JSON.parse(readFileSync(file, "utf8")) as { Users: Record<string, object> };
  const [template] = Object.values(pool.Users) as { Username: string; Attributes: object }[];
  if (!template) throw new Error(`no user in ${file}; there are ${readdirSync(join(file, ".."))}`);
  const text = JSON.stringify(template);
  for (let n = Object.keys(pool.Users).length; n < upTo; n++) {
    const sub = randomUUID();
    const copy = text.replaceAll(template.Username, sub).replaceAll("user-0@", `loaded-${n}@`);
    pool.Users[sub] = JSON.parse(copy) as object;
  }
  writeFileSync(file, JSON.stringify(pool));
}
