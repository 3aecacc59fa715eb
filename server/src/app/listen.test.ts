import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listenAt, withFreePort } from "./listen.ts";

let folder: string;
const apps: FastifyInstance[] = [];
function app(): FastifyInstance {
  const made = Fastify();
  made.get("/", async () => "here");
  apps.push(made);
  return made;
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "listen-"));
});
afterEach(async () => {
  for (const each of apps.splice(0)) await each.close();
  rmSync(folder, { recursive: true });
});

const get = (socketPath: string): Promise<string> =>
  new Promise((resolve, reject) => {
    request({ socketPath, path: "/" }, (response) => resolve(text(response)))
      .once("error", reject)
      .end();
  });

test("a port of 0 becomes one that is free, any other stays", async () => {
  const { port } = await withFreePort({ host: "127.0.0.1", port: 0 });
  expect(port).toBeGreaterThan(0);
  expect(await withFreePort({ host: "127.0.0.1", port: 4 })).toEqual({
    host: "127.0.0.1",
    port: 4,
  });
});

test("a port that is taken is named, with the way out", async () => {
  const at = { kind: "http", ...(await withFreePort({ host: "127.0.0.1", port: 0 })) } as const;
  await listenAt(app(), at, "POOLHOUSE_LISTEN");
  await expect(listenAt(app(), at, "POOLHOUSE_LISTEN")).rejects.toThrow(
    `127.0.0.1:${at.port} is taken by another program: stop that one, or choose another with POOLHOUSE_LISTEN=127.0.0.1:PORT`,
  );
});

test("an address of another machine is a mistake in the setting", async () => {
  const at = { kind: "http", host: "192.0.2.1", port: 8443 } as const;
  await expect(listenAt(app(), at, "POOLHOUSE_LISTEN")).rejects.toThrow(
    "POOLHOUSE_LISTEN is 192.0.2.1:8443: this machine has no such address",
  );
});

test("a unix socket answers, open to the group and not to everybody", async () => {
  const path = join(folder, "p.sock");
  await listenAt(app(), { kind: "unix", path }, "POOLHOUSE_LISTEN");
  expect(await get(path)).toBe("here");
  expect(statSync(path).mode & 0o777).toBe(0o660);
});

test("a socket that a killed process left is replaced, one in use is not", async () => {
  const path = join(folder, "p.sock");
  const leave = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  expect(() => execFileSync(process.execPath, ["-e", leave])).toThrow();
  await listenAt(app(), { kind: "unix", path }, "POOLHOUSE_LISTEN");
  await expect(listenAt(app(), { kind: "unix", path }, "POOLHOUSE_LISTEN")).rejects.toThrow(
    "is taken by another program",
  );
  expect(await get(path)).toBe("here");
});

test("a file that is no socket is never removed", async () => {
  const path = join(folder, "file");
  writeFileSync(path, "precious");
  await expect(listenAt(app(), { kind: "unix", path }, "POOLHOUSE_LISTEN")).rejects.toThrow();
  expect(statSync(path).size).toBe(8);
});

test("a socket in a folder that is not there is a mistake in the setting", async () => {
  const path = join(folder, "none", "p.sock");
  await expect(listenAt(app(), { kind: "unix", path }, "POOLHOUSE_LISTEN")).rejects.toThrow(
    `POOLHOUSE_LISTEN is ${path}:`,
  );
});
