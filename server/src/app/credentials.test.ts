import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemRandom } from "../lib/random.ts";
import { readVariables } from "../lib/shell.ts";
import { credentialsFile, publishCredentials, readCredentials } from "./credentials.ts";
import { makeRootKeys } from "./root-keys.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "it's data-"));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const facts = () => ({
  publicUrl: "https://localhost:8443",
  region: "eu-west-1",
  caFile: join(dataDir, "ca.pem"),
  rootKeys: undefined,
});
const publish = (more: object = {}) =>
  publishCredentials(dataDir, { ...facts(), ...more }, systemRandom);
const mode = () => statSync(credentialsFile(dataDir)).mode & 0o777;

test("root keys have AWS's form and are never the same", () => {
  const [one, other] = [makeRootKeys(systemRandom), makeRootKeys(systemRandom)];
  expect(one.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(one.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  expect(one.accessKeyId).not.toBe(other.accessKeyId);
  expect(one.secretAccessKey).not.toBe(other.secretAccessKey);
});

test("the first start writes keys and the way to the server, for the owner alone", async () => {
  const keys = await publish();
  expect(mode()).toBe(0o600);
  const text = readFileSync(credentialsFile(dataDir), "utf8");
  expect(Object.fromEntries(readVariables(text))).toEqual({
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: "https://localhost:8443",
    AWS_ENDPOINT_URL_COGNITO_IDENTITY: "https://localhost:8443",
    AWS_CA_BUNDLE: join(dataDir, "ca.pem"),
    NODE_EXTRA_CA_CERTS: join(dataDir, "ca.pem"),
  });
});

test("later starts keep the keys and follow the settings", async () => {
  const keys = await publish();
  expect(await publish({ publicUrl: "https://localhost:9443" })).toEqual(keys);
  expect(await readCredentials(dataDir)).toMatchObject({ ...keys, url: "https://localhost:9443" });
});

test("keys of the settings win, now and later", async () => {
  await publish();
  const rootKeys = { accessKeyId: "AKIAPOOLHOUSETEST000", secretAccessKey: "x".repeat(40) };
  expect(await publish({ rootKeys })).toEqual(rootKeys);
  expect(await publish()).toEqual(rootKeys);
});

test("starts at the same moment end up with the same keys", async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => publish()));
  expect(new Set(all.map(({ secretAccessKey }) => secretAccessKey)).size).toBe(1);
  expect(await readCredentials(dataDir)).toMatchObject(all[0] ?? {});
});

test("a file that others may read is closed again", async () => {
  await publish();
  chmodSync(credentialsFile(dataDir), 0o644);
  await publish();
  expect(mode()).toBe(0o600);
});

test("a file without keys gets new ones", async () => {
  writeFileSync(credentialsFile(dataDir), "AWS_ACCESS_KEY_ID=only\n");
  expect(await readCredentials(dataDir)).toBeUndefined();
  expect(await readCredentials(join(dataDir, "none"))).toBeUndefined();
  expect((await publish()).accessKeyId).toMatch(/^AKIA/);
});
