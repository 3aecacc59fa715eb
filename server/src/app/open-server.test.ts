import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { type RequestOptions, request as requestHttps } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Fastify from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Environment } from "../config/reading.ts";
import { readServerConfig } from "../config.ts";
import type { Log } from "../domain/context.ts";
import { systemRandom } from "../lib/random.ts";
import { closeListeners } from "./listeners.ts";
import { makeMasterKeys } from "./master-keys.ts";
import { openServer, type Server } from "./open-server.ts";
import { makeRootKeys } from "./root-keys.ts";

let folder: string;
let dataDir: string;
let logged: { about: object; message: string }[];
const servers: Server[] = [];
const note = (about: object, message: string) => void logged.push({ about, message });
const log: Log = { info: note, warn: note, error: note };

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "server-"));
  dataDir = join(folder, "data");
  logged = [];
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
  rmSync(folder, { recursive: true });
});

async function start(environment: Environment = {}, mode: "dev" | "serve" = "dev") {
  const config = readServerConfig(mode, {
    POOLHOUSE_DATA_DIR: dataDir,
    POOLHOUSE_LISTEN: "127.0.0.1:0",
    ...environment,
  });
  const server = await openServer(config, log);
  servers.push(server);
  await server.listen();
  return server;
}

async function stop(server: Server): Promise<void> {
  servers.splice(servers.indexOf(server), 1);
  await server.stop();
}

type Answer = { status: number; body: string };

function ask(url: string, options: RequestOptions = {}): Promise<Answer> {
  const ca = readFileSync(join(dataDir, "ca.pem"));
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    request(url, { ca, agent: false, ...options }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response) });
    })
      .once("error", reject)
      .end();
  });
}

/** What production needs to start behind a proxy. */
async function production(): Promise<Environment> {
  const masterKeyFile = join(folder, "keys", "master.key");
  await makeMasterKeys(masterKeyFile, systemRandom);
  const { accessKeyId, secretAccessKey } = makeRootKeys(systemRandom);
  return {
    POOLHOUSE_MASTER_KEY_FILE: masterKeyFile,
    POOLHOUSE_ROOT_ACCESS_KEY_ID: accessKeyId,
    POOLHOUSE_ROOT_SECRET_ACCESS_KEY: secretAccessKey,
  };
}

const listPools = (server: Server) =>
  server.call<{ UserPools: object[] }>("AWSCognitoIdentityProviderService.ListUserPools", {
    MaxResults: 10,
  });

test("a first start in development makes everything, each file for its owner alone", async () => {
  const server = await start();
  const modeOf = (name: string) => statSync(join(dataDir, name)).mode & 0o777;
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
  const secrets = ["master.key", "credentials.env", "ca-key.pem", "tls.pem", "poolhouse.db"];
  expect(secrets.map(modeOf)).toEqual(secrets.map(() => 0o600));
  expect(await ask(`${server.publicUrl}/_poolhouse/health`)).toEqual({
    status: 200,
    body: '{"status":"ok"}',
  });
});

test("the next start finds the same account, the same keys and the clock where it was", async () => {
  const first = await start();
  await first.development?.clock.advance(86_400_000);
  const credentials = readFileSync(join(dataDir, "credentials.env"), "utf8");
  await stop(first);
  const second = await start({ POOLHOUSE_PUBLIC_URL: first.publicUrl });
  expect(second.context.settings.accountId).toBe(first.context.settings.accountId);
  expect(readFileSync(join(dataDir, "credentials.env"), "utf8")).toBe(credentials);
  expect(Math.round((second.context.clock.now() - Date.now()) / 3_600_000)).toBe(24);
});

test("its own calls before it listens are checked like any other, and told as no request", async () => {
  const config = readServerConfig("dev", {
    POOLHOUSE_DATA_DIR: dataDir,
    POOLHOUSE_LISTEN: "[::1]:0",
  });
  const server = await openServer(config, log);
  servers.push(server);
  expect(await listPools(server)).toEqual({ UserPools: [] });
  const refused = server.call("AWSCognitoIdentityProviderService.DescribeUserPool", {
    UserPoolId: "us-east-1_Nowhere00",
  });
  await expect(refused).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  expect(logged).toEqual([]);
});

test("a request leaves its line in the log", async () => {
  const server = await start();
  await ask(`${server.publicUrl}/_poolhouse/inbox?to=a@example.com`);
  expect(logged).toMatchObject([
    { message: "request", about: { method: "GET", route: "/_poolhouse/inbox", status: 200 } },
  ]);
  expect(JSON.stringify(logged)).not.toContain("a@example.com");
});

test("a request in flight is answered before the server ends, and a later one is not taken", async () => {
  const server = await start({ POOLHOUSE_HTTP_LISTEN: "127.0.0.1:0" });
  const port = Number(new URL(server.plainUrl ?? "").port);
  const socket = connect(port, "127.0.0.1");
  const answer = text(socket);
  await new Promise<void>((resolve) =>
    socket.write(
      `POST / HTTP/1.1\r\nhost: localhost:${port}\r\nx-amz-target: AWSCognitoIdentityProviderService.SignUp\r\ncontent-length: 2\r\n\r\n{`,
      () => resolve(),
    ),
  );
  // Its answer shows that the first half is with the server, which took connections in their order.
  await ask(`http://localhost:${port}/_poolhouse/health`);
  const stopped = stop(server);
  const isTaken = () =>
    ask(`http://localhost:${port}/`).then(
      () => true,
      () => false,
    );
  while (await isTaken());
  socket.write("}");
  expect(await answer).toMatch(/^HTTP\/1\.1 400 .*InvalidParameterException/s);
  await stopped;
});

test("a server whose database fails to open ends cleanly, and so does one that never listened", async () => {
  const config = readServerConfig("dev", { POOLHOUSE_DATA_DIR: dataDir });
  const server = await openServer(config, log);
  await server.stop();
  const elsewhere = { ...config, databaseUrl: "postgres://nobody@127.0.0.1:1/none" };
  await expect(openServer(elsewhere, log)).rejects.toThrow("not available");
});

test("production has nothing of development, whatever is asked for", async () => {
  const server = await start(await production(), "serve");
  const url = server.publicUrl;
  for (const path of ["inbox", "inbox?to=a@example.com", "clock", "dev.json", "ui/index.html"]) {
    expect((await ask(`${url}/_poolhouse/${path}`)).status).toBe(404);
  }
  for (const path of ["/demo/", "/demo/config.json", "/inbox"]) {
    expect((await ask(`${url}${path}`)).status).toBe(404);
  }
  expect((await ask(`${url}/_poolhouse/clock`, { method: "POST" })).status).toBeGreaterThan(399);
  expect(server.development).toBeUndefined();
  expect(() => statSync(join(dataDir, "credentials.env"))).toThrow("ENOENT");
  expect(() => statSync(join(dataDir, "master.key"))).toThrow("ENOENT");
});

test("production listens behind a proxy in plain HTTP or on a unix socket, and believes the proxy", async () => {
  const path = join(folder, "p.sock");
  await start(
    {
      ...(await production()),
      POOLHOUSE_LISTEN: `unix:${path}`,
      POOLHOUSE_PUBLIC_URL: "https://auth.example.com",
    },
    "serve",
  );
  const answer = await new Promise<number>((resolve, reject) => {
    requestHttp(
      { socketPath: path, path: "/nothing", headers: { "x-forwarded-for": "203.0.113.7" } },
      (response) => {
        response.resume();
        response.once("end", () => resolve(response.statusCode ?? 0));
      },
    )
      .once("error", reject)
      .end();
  });
  expect(answer).toBe(404);
  expect(logged).toMatchObject([{ about: { sourceIp: "203.0.113.7" } }]);
});

test("a database is refused under another master key or account than it was made with", async () => {
  await stop(await start({ POOLHOUSE_ACCOUNT_ID: "111111111111" }));
  await expect(start({ POOLHOUSE_ACCOUNT_ID: "222222222222" })).rejects.toThrow("111111111111");
  rmSync(join(dataDir, "master.key"));
  await expect(start()).rejects.toThrow("POOLHOUSE_MASTER_KEY_FILE is not the file");
});

test("a damaged master-key file is named and not quoted", async () => {
  await stop(await start());
  const file = join(dataDir, "master.key");
  const damaged = readFileSync(file, "utf8").replace(/^key /m, "kye ");
  writeFileSync(file, damaged);
  const refused = start();
  await expect(refused).rejects.toThrow(`${file} cannot be used: line`);
  const [, secret = "none"] = /^kye (\S+)/m.exec(damaged) ?? [];
  await expect(refused).rejects.not.toThrow(secret);
});

test("the plain listener of development answers this machine's own names alone", async () => {
  const { plainUrl } = await start({ POOLHOUSE_HTTP_LISTEN: "127.0.0.1:0" });
  const url = `${plainUrl}/_poolhouse/health`;
  expect((await ask(url)).status).toBe(200);
  expect((await ask(url, { headers: { host: "rebound.example" } })).status).toBe(421);
});

test("a certificate that is given is the one that is shown, and one that does not fit is refused", async () => {
  const made = await start();
  await stop(made);
  const { certificate, key } = splitPem(readFileSync(join(dataDir, "tls.pem"), "utf8"));
  const [cert, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  writeFileSync(cert, certificate);
  writeFileSync(keyFile, key, { mode: 0o600 });
  const settings = {
    ...(await production()),
    POOLHOUSE_DATA_DIR: join(folder, "other"),
    POOLHOUSE_TLS_CERT_FILE: cert,
    POOLHOUSE_TLS_KEY_FILE: keyFile,
  };
  const server = await start(settings, "serve");
  expect((await ask(`${server.publicUrl}/_poolhouse/health`)).status).toBe(200);
  expect(() => statSync(join(folder, "other", "ca.pem"))).toThrow("ENOENT");
  const other = { ...settings, POOLHOUSE_TLS_KEY_FILE: join(dataDir, "ca-key.pem") };
  await expect(start(other, "serve")).rejects.toThrow("cannot be used");
});

test("requests that do not end in time are cut off, and the end is not held up", async () => {
  const app = Fastify();
  const reached = Promise.withResolvers<void>();
  app.get("/", () => {
    reached.resolve();
    return new Promise(() => undefined);
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  const socket = connect(typeof address === "object" && address ? address.port : 0, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
  const answer = text(socket);
  await reached.promise;
  await closeListeners([{ app }], log, 1);
  expect(await answer).toBe("");
  expect(logged).toMatchObject([{ message: expect.stringContaining("cut off") }]);
});

function splitPem(pem: string) {
  const [key = "", certificate = ""] = pem.split(/(?=-----BEGIN CERTIFICATE)/);
  return { key, certificate };
}
