import { beforeEach, expect, test } from "vitest";
import { createVault, type Vault } from "../lib/envelope.ts";
import { addMasterKey, generateMasterKeys, promoteMasterKey } from "../lib/envelope-keys.ts";
import { systemRandom } from "../lib/random.ts";
import { testApp } from "../testing/app.ts";
import { checkMasterKeys, fixAccountId, notePublicUrl } from "./installation.ts";
import { openMovedClock } from "./moved-clock.ts";

type App = Awaited<ReturnType<typeof testApp>>;
let app: App;
beforeEach(async () => {
  app = await testApp();
  return () => app.close();
});
const db = () => app.context.store.db;

test("an account id is made once and stays", async () => {
  const id = await fixAccountId(db(), undefined, systemRandom);
  expect(id).toMatch(/^[1-9]\d{11}$/);
  expect(await fixAccountId(db(), undefined, systemRandom)).toBe(id);
  expect(await fixAccountId(db(), id, systemRandom)).toBe(id);
});

test("an account id that contradicts the database's is refused", async () => {
  await fixAccountId(db(), "111111111111", systemRandom);
  await expect(fixAccountId(db(), "222222222222", systemRandom)).rejects.toThrow(
    "POOLHOUSE_ACCOUNT_ID is 222222222222, but this database belongs to account 111111111111",
  );
});

test("processes that start at once agree on the account id", async () => {
  const ids = await Promise.all(
    Array.from({ length: 8 }, () => fixAccountId(db(), undefined, systemRandom)),
  );
  expect(new Set(ids).size).toBe(1);
});

test("a database takes its own master keys, also rotated ones, and no others", async () => {
  const keys = generateMasterKeys(systemRandom);
  const vaultOf = (given: typeof keys): Vault => createVault(given, systemRandom);
  await checkMasterKeys(db(), vaultOf(keys));
  const added = addMasterKey(keys, systemRandom);
  await checkMasterKeys(db(), vaultOf(promoteMasterKey(added, added.keys[1]?.id ?? "")));
  const others = vaultOf(generateMasterKeys(systemRandom));
  await expect(checkMasterKeys(db(), others)).rejects.toThrow("POOLHOUSE_MASTER_KEY_FILE is not");
});

test("a new public URL is warned of once", async () => {
  const warnings = () => app.logged.filter(({ message }) => /public URL/.test(message));
  await notePublicUrl(db(), "https://one.example", app.context.log);
  await notePublicUrl(db(), "https://one.example", app.context.log);
  expect(warnings()).toEqual([]);
  await notePublicUrl(db(), "https://two.example", app.context.log);
  await notePublicUrl(db(), "https://two.example", app.context.log);
  expect(warnings()).toMatchObject([
    { about: { before: "https://one.example", now: "https://two.example" } },
  ]);
});

test("a clock that was moved stays moved for whoever opens it next, and every move counts", async () => {
  const clock = await openMovedClock(app.context.store);
  await Promise.all([clock.advance(3_600_000), clock.advance(86_400_000)]);
  const again = await openMovedClock(app.context.store);
  for (const each of [clock, again]) {
    const aheadMs = each.now() - Date.now();
    expect(Math.round(aheadMs / 3_600_000)).toBe(25);
  }
});
