/** After a change of master keys: every secret in the database under the one that seals now. */
import type { Vault } from "../../lib/envelope.ts";
import {
  pageSealedValues,
  replaceSealedValue,
  SEALED_COLUMNS,
  type SealedColumn,
  type SealedValue,
} from "../../store/sealed-columns.ts";
import type { Store } from "../../store/store.ts";

const batchRows = 200;

/**
 * Wraps the data key of every secret anew where it is under an older master key, and tells how many there were; what was
 * sealed is not touched. May be stopped at any point and run again, beside running servers too: a secret that
 * changes meanwhile is left as it was changed, and the next run finds it.
 */
export async function rewrapSecrets(store: Store, vault: Vault): Promise<number> {
  let rewrapped = 0;
  for (const column of SEALED_COLUMNS) rewrapped += await rewrapColumn(store, vault, column);
  return rewrapped;
}

async function rewrapColumn(store: Store, vault: Vault, column: SealedColumn): Promise<number> {
  let rewrapped = 0;
  let after: readonly string[] | undefined;
  for (;;) {
    const page = await pageSealedValues(store.db, column, { after, limit: batchRows });
    const changes = page.flatMap((value) => changeOf(vault, column, value));
    if (changes.length > 0) {
      await store.transaction(async (trx) => {
        for (const change of changes) await replaceSealedValue(trx, column, change);
      });
    }
    rewrapped += changes.length;
    after = page.at(-1)?.key;
    if (page.length < batchRows) return rewrapped;
  }
}

function changeOf(vault: Vault, { table, column }: SealedColumn, value: SealedValue) {
  const by = vault.rewrap({ table, column, row: value.key.join("/") }, value.sealed);
  return by === value.sealed ? [] : [{ ...value, by }];
}
