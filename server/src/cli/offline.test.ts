/** The commands that work on a server's data without it. */
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { makeMasterKeys, readMasterKeys } from "../app/master-keys.ts";
import { openData } from "../app/open-data.ts";
import { startSealer } from "../domain/audit/seal.ts";
import { systemRandom } from "../lib/random.ts";
import { insertAuditEvent } from "../store/audit-events.ts";
import { migrate } from "../store/migrate.ts";
import { openStore, type Store } from "../store/store.ts";
import { insertUserPoolClient } from "../store/user-pool-clients.ts";
import { testApp } from "../testing/app.ts";
import { run } from "./run.ts";

let dataDir: string;
let masterKeyFile: string;
let printed: string[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "poolhouse-offline-"));
  masterKeyFile = join(dataDir, "master.key");
  await makeMasterKeys(masterKeyFile, systemRandom);
  const store = await openStore({
    sqliteFile: join(dataDir, "poolhouse.db"),
    onError: () => undefined,
    random: systemRandom,
  });
  await migrate(store, { nowMs: () => Date.now(), holder: "test" });
  await store.close();
  printed = [];
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, "write").mockImplementation((text) => printed.push(String(text)) > 0);
  }
  vi.stubEnv("POOLHOUSE_DATA_DIR", dataDir);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(dataDir, { recursive: true });
});

async function poolhouse(...args: string[]): Promise<{ exitCode: number; text: string }> {
  printed.length = 0;
  const exitCode = await run(args);
  return { exitCode, text: printed.join("") };
}

async function withStore<T>(work: (data: Awaited<ReturnType<typeof openData>>) => Promise<T>) {
  const data = await openData({ dataDir, databaseUrl: undefined, masterKeyFile });
  return work(data).finally(() => data.store.close());
}

const place = { table: "user_pool_clients", column: "secret", row: "client-1" };

async function storeSecret(): Promise<void> {
  await withStore(({ store, vault }) =>
    insertUserPoolClient(store.db, {
      id: place.row,
      user_pool_id: "us-east-1_Abc",
      name: "client",
      secret: vault.seal(place, "the secret"),
      settings: "{}",
      extensions: "{}",
      created_at_ms: 1,
      modified_at_ms: 1,
    }),
  );
}

function readSecret(): Promise<string> {
  return withStore(async ({ store, vault }) => {
    const { secret } = await store.db
      .selectFrom("user_pool_clients")
      .select("secret")
      .executeTakeFirstOrThrow();
    return vault.open(place, secret ?? "").toString();
  });
}

async function idsInFile(): Promise<string[]> {
  return (await readMasterKeys(masterKeyFile)).keys.map(({ id }) => id);
}

test("the master key is changed in three steps, and every secret still opens after each", async () => {
  await storeSecret();
  const [old = ""] = await idsInFile();
  expect((await poolhouse("keys", "master", "add")).exitCode).toBe(0);
  const [, added = ""] = await idsInFile();
  expect(await idsInFile()).toEqual([old, added]);
  expect(await readSecret()).toBe("the secret");
  const promoted = await poolhouse("keys", "master", "promote", added);
  expect(promoted.text).toContain(`Key ${added} seals from now on`);
  expect(await idsInFile()).toEqual([added, old]);
  expect(await readSecret()).toBe("the secret");
  const finished = await poolhouse("keys", "master", "finish");
  expect(finished.text).toContain("1 secrets were wrapped anew");
  expect(await idsInFile()).toEqual([added]);
  expect(await readSecret()).toBe("the secret");
});

test("what is done twice does no harm", async () => {
  await storeSecret();
  await poolhouse("keys", "master", "add");
  const ids = await idsInFile();
  const again = await poolhouse("keys", "master", "add");
  expect(again).toMatchObject({ exitCode: 1, text: expect.stringContaining("is under way") });
  expect(await idsInFile()).toEqual(ids);
  await poolhouse("keys", "master", "promote", ids[1] ?? "");
  await poolhouse("keys", "master", "promote", ids[1] ?? "");
  expect(await idsInFile()).toEqual([ids[1], ids[0]]);
  await poolhouse("keys", "master", "finish");
  expect((await poolhouse("keys", "master", "finish")).exitCode).toBe(0);
  expect(await readSecret()).toBe("the secret");
});

test("the keys that were put aside still open a backup, and nobody else may read them", async () => {
  await poolhouse("keys", "master", "add");
  const [old, added = ""] = await idsInFile();
  await poolhouse("keys", "master", "promote", added);
  await poolhouse("keys", "master", "finish");
  const [aside = ""] = (await readdir(dataDir)).filter((name) => name.includes(".before-"));
  const kept = await readMasterKeys(join(dataDir, aside));
  expect(kept.keys.map(({ id }) => id)).toEqual([added, old]);
  for (const name of [aside, "master.key"]) {
    expect((await stat(join(dataDir, name))).mode & 0o777).toBe(0o600);
  }
});

test("a key that the file does not have is refused, and no key is printed", async () => {
  const before = await idsInFile();
  const refused = await poolhouse("keys", "master", "promote", "0000000000000000");
  expect(refused).toMatchObject({ exitCode: 1, text: expect.stringContaining("has no key") });
  expect(await idsInFile()).toEqual(before);
  const { keys } = await readMasterKeys(masterKeyFile);
  expect(refused.text).not.toContain(keys[0].secret.toString("base64url"));
});

async function seal(store: Store, vault: Awaited<ReturnType<typeof openData>>["vault"]) {
  const app = await testApp();
  for (const id of ["one", "two", "three"]) {
    await insertAuditEvent(store.db, { id, at_ms: 1, user_pool_id: null, event: "{}" });
  }
  const sealer = startSealer({ ...app.context, store, vault });
  await sealer.step();
  await sealer.stop();
  await app.close();
}

test("the trail is verified without a server, and a change is named with exit code 1", async () => {
  await withStore(({ store, vault }) => seal(store, vault));
  const whole = await poolhouse("audit", "verify", "--offline");
  expect(whole).toMatchObject({ exitCode: 0, text: expect.stringContaining("3 rows") });
  const noted = /--expect (\S+)/.exec(whole.text)?.[1] ?? "";
  expect(await poolhouse("audit", "verify", "--offline", "--expect", noted)).toEqual(whole);
  await withStore(({ store }) =>
    store.db.updateTable("audit_events").set({ event: "[]" }).where("seq", "=", 2).execute(),
  );
  const broken = await poolhouse("audit", "verify", "--offline");
  expect(broken.exitCode).toBe(1);
  expect(broken.text).toMatch(/broken at row 2 \(event \w+\)/);
});

test("a folder without a database is refused, and none is made in it", async () => {
  await rm(join(dataDir, "poolhouse.db"));
  const before = await readdir(dataDir);
  for (const args of [
    ["audit", "verify", "--offline"],
    ["keys", "master", "finish"],
  ]) {
    expect(await poolhouse(...args)).toMatchObject({
      exitCode: 78,
      text: expect.stringContaining("there is no database"),
    });
  }
  expect(await readdir(dataDir)).toEqual(before);
});

test("a place that verify did not print is refused as a mistake on the command line", async () => {
  for (const place of ["7", "7:xyz", `-1:${"0".repeat(64)}`]) {
    const { exitCode } = await poolhouse("audit", "verify", "--offline", `--expect=${place}`);
    expect(exitCode).toBe(2);
  }
});
