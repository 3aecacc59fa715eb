import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createVault } from "../../lib/envelope.ts";
import {
  addMasterKey,
  generateMasterKeys,
  type MasterKeys,
  promoteMasterKey,
  retireMasterKeys,
} from "../../lib/envelope-keys.ts";
import { systemRandom } from "../../lib/random.ts";
import { pageSealedValues, SEALED_COLUMNS, type SealedColumn } from "../../store/sealed-columns.ts";
import type { Store } from "../../store/store.ts";
import { engines, testStore } from "../../testing/places.ts";
import { rewrapSecrets } from "./rewrap.ts";

test("every column that the schema marks as sealed is wrapped anew", () => {
  const schema = ["schema.ts", "hosted-login-tables.ts"]
    .map((file) => readFileSync(new URL(`../../store/${file}`, import.meta.url), "utf8"))
    .join("\n");
  const marked = [...schema.matchAll(/\/\*\* Sealed\b[^*]*\*\/\s+(\w+):/g)].map(([, name]) => name);
  expect(SEALED_COLUMNS.map(({ column }) => column).sort()).toEqual(marked.sort());
});

describe.each(engines)("after a change of master keys, on %s", (engine) => {
  let store: Store;
  let before: MasterKeys;
  let both: MasterKeys;

  beforeEach(async () => {
    store = await testStore(engine);
    before = generateMasterKeys(systemRandom);
    const added = addMasterKey(before, systemRandom);
    both = promoteMasterKey(added, added.keys[1]?.id ?? "");
  });
  afterEach(() => store.close());

  const vaultOf = (keys: MasterKeys) => createVault(keys, systemRandom);
  const secretOf = (row: string) => `secret of ${row}`;

  /** A row in each table, its other columns whatever fits. */
  async function fill(keys: MasterKeys, rows: number, name: string): Promise<void> {
    const tables = await store.db.introspection.getTables();
    for (const { table, column, key } of SEALED_COLUMNS) {
      const columns = tables.find((each) => each.name === table)?.columns ?? [];
      for (let number = 0; number < rows; number++) {
        const values: Record<string, string | number> = Object.fromEntries(
          columns.map(({ name: each, dataType }) => [
            each,
            /text/i.test(dataType) ? `${each}-${name}-${number}` : number,
          ]),
        );
        const row = key.map((part) => values[part]).join("/");
        values[column] = vaultOf(keys).seal({ table, column, row }, secretOf(row));
        await store.db
          .insertInto(table)
          .values(values as never)
          .execute();
      }
    }
  }

  async function opened(keys: MasterKeys): Promise<number> {
    const vault = vaultOf(keys);
    let count = 0;
    for (const sealedColumn of SEALED_COLUMNS) count += await openAll(sealedColumn, vault.open);
    return count;
  }

  async function openAll(
    sealedColumn: SealedColumn,
    open: ReturnType<typeof createVault>["open"],
  ): Promise<number> {
    const { table, column } = sealedColumn;
    const values = await pageSealedValues(store.db, sealedColumn, { limit: 10_000 });
    for (const { key, sealed } of values) {
      const row = key.join("/");
      expect(open({ table, column, row }, sealed).toString()).toBe(secretOf(row));
    }
    return values.length;
  }

  test("every secret opens under the new key alone, and says what it said before", async () => {
    await fill(before, 3, "old");
    await fill(both, 1, "new");
    expect(await rewrapSecrets(store, vaultOf(both))).toBe(3 * SEALED_COLUMNS.length);
    expect(await opened(retireMasterKeys(both))).toBe(4 * SEALED_COLUMNS.length);
  });

  test("a second run finds nothing to do", async () => {
    await fill(before, 2, "old");
    await rewrapSecrets(store, vaultOf(both));
    expect(await rewrapSecrets(store, vaultOf(both))).toBe(0);
  });

  test("more than a batch is wrapped, each secret once", async () => {
    const [clients] = SEALED_COLUMNS;
    await fill(before, 210, "old");
    expect(await rewrapSecrets(store, vaultOf(both))).toBe(210 * SEALED_COLUMNS.length);
    expect(clients && (await openAll(clients, vaultOf(retireMasterKeys(both)).open))).toBe(210);
  });

  test("stopped half way it goes on where it was", async () => {
    await fill(before, 2, "old");
    let left = 2;
    const dying: Store = {
      ...store,
      transaction: (work) =>
        left-- > 0 ? store.transaction(work) : Promise.reject(new Error("killed")),
    };
    await expect(rewrapSecrets(dying, vaultOf(both))).rejects.toThrow("killed");
    expect(await opened(both)).toBe(2 * SEALED_COLUMNS.length);
    expect(await rewrapSecrets(store, vaultOf(both))).toBe(2 * (SEALED_COLUMNS.length - 2));
    expect(await opened(retireMasterKeys(both))).toBe(2 * SEALED_COLUMNS.length);
  });

  test("a secret that is changed meanwhile is left as it was changed", async () => {
    await fill(before, 1, "old");
    const clients = SEALED_COLUMNS.filter(({ table }) => table === "user_pool_clients");
    const place = { table: "user_pool_clients", column: "secret", row: "id-old-0" };
    const changed = vaultOf(before).seal(place, secretOf("id-old-0"));
    const racing: Store = {
      ...store,
      async transaction(work) {
        await store.db.updateTable("user_pool_clients").set({ secret: changed }).execute();
        return store.transaction(work);
      },
    };
    await rewrapSecrets(racing, vaultOf(both));
    const [value] = await pageSealedValues(store.db, clients[0] as SealedColumn, { limit: 1 });
    expect(value?.sealed).toBe(changed);
    expect(await rewrapSecrets(store, vaultOf(both))).toBe(1);
  });

  test("a secret that does not open stops the run and is named", async () => {
    await fill(generateMasterKeys(systemRandom), 1, "foreign");
    await expect(rewrapSecrets(store, vaultOf(both))).rejects.toThrow("user_pool_clients.secret");
  });
});
