import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readCredentials } from "../app/credentials.ts";
import { openServer, type Server } from "../app/open-server.ts";
import { readServerConfig } from "../config.ts";
import type { Log } from "../domain/context.ts";
import { callOperation } from "./signed-client.ts";

const log: Log = { info() {}, warn() {}, error() {} };
let dataDir: string;
let server: Server;

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "client-"));
  vi.stubEnv("POOLHOUSE_DATA_DIR", dataDir);
  const environment = { POOLHOUSE_DATA_DIR: dataDir, POOLHOUSE_LISTEN: "127.0.0.1:0" };
  server = await openServer(readServerConfig("dev", environment), log);
  await server.listen();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await server.stop();
  rmSync(dataDir, { recursive: true });
});

/** Speaks of another server than the data directory's. */
async function useAws(more: Record<string, string> = {}): Promise<void> {
  const access = await readCredentials(dataDir);
  const variables = {
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: access?.url,
    AWS_ACCESS_KEY_ID: access?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: access?.secretAccessKey,
    AWS_SESSION_TOKEN: "",
    AWS_CA_BUNDLE: access?.caFile,
    ...more,
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

const describeStack = () => callOperation("PoolhouseService.DescribeStack", { StackName: "none" });
const listPools = () =>
  callOperation("AWSCognitoIdentityProviderService.ListUserPools", { MaxResults: 1 });

test("a data directory is enough to reach its server, whatever service is called", async () => {
  expect(await listPools()).toEqual({ UserPools: [] });
  await expect(describeStack()).rejects.toThrow("Stack with id none does not exist");
});

test("AWS's variables reach a server elsewhere", async () => {
  await useAws();
  vi.stubEnv("POOLHOUSE_DATA_DIR", join(dataDir, "none"));
  expect(await listPools()).toEqual({ UserPools: [] });
});

test("where nothing names a server, the ways to name one are told", async () => {
  vi.stubEnv("POOLHOUSE_DATA_DIR", join(dataDir, "none"));
  await expect(listPools()).rejects.toThrow("no server is known here");
});

test("a refused key is named, its secret is not", async () => {
  const secret = "not-the-secret-of-this-server-at-all";
  await useAws({ AWS_SECRET_ACCESS_KEY: secret });
  const refused = listPools();
  await expect(refused).rejects.toThrow(/SignatureException: .* \(signed with the key AKIA\w+\)$/s);
  await expect(refused).rejects.not.toThrow(secret);
});

test("a certificate that nothing vouches for is said to be that", async () => {
  await useAws({ AWS_CA_BUNDLE: "" });
  await expect(listPools()).rejects.toThrow(
    /certificate of https:\S+ is not trusted \(\w+\): name its authority with NODE_EXTRA_CA_CERTS$/,
  );
});

test("a server that does not run is said to be that", async () => {
  await useAws({ AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: "https://127.0.0.1:1" });
  await expect(listPools()).rejects.toThrow("no server answers at https://127.0.0.1:1");
});

test("something else that answers is not taken for a Poolhouse", async () => {
  const other = createServer((_request, response) => response.writeHead(502).end("<html>"));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const address = other.address();
  const port = typeof address === "object" && address ? address.port : 0;
  await useAws({ AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: `http://127.0.0.1:${port}` });
  await expect(listPools()).rejects.toThrow("answered 502, and not as a Poolhouse does");
  other.close();
});
