import { AsyncLocalStorage } from "node:async_hooks";

/** Tells whether the running code is inside a transaction of one store. */
export type TransactionGuard = {
  /** Runs the work of a transaction; until it settles, `refuseInside` throws within it. */
  run: <T>(work: () => Promise<T>) => Promise<T>;
  /** Throws when called from inside a transaction's work. */
  refuseInside: () => void;
};

/**
 * Makes a guard. Asking the store's own `db` for a connection inside a transaction would wait for ever on
 * SQLite (one connection, held by that transaction) and would read past the transaction on PostgreSQL.
 */
export function transactionGuard(): TransactionGuard {
  const scopes = new AsyncLocalStorage<{ open: boolean }>();
  return {
    async run(work) {
      // A timer or event started inside the work keeps its context after the end, hence the flag.
      const scope = { open: true };
      try {
        return await scopes.run(scope, work);
      } finally {
        scope.open = false;
      }
    },
    refuseInside() {
      if (scopes.getStore()?.open) {
        throw new Error(
          "The store's own db was used inside a transaction: pass the transaction's handle on",
        );
      }
    },
  };
}
