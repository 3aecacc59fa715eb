/** A change that another tab made to a shared storage. */
export interface KeyValueStorageEvent {
  readonly key: string | null;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

/** Amplify's `KeyValueStorageInterface`, stated here so that this package needs no Amplify to run. */
export interface KeyValueStorage {
  setItem(key: string, value: string): Promise<void>;
  getItem(key: string): Promise<string | null>;
  removeItem(key: string): Promise<void>;
  clear(): Promise<void>;
  addListener?(listener: (event: KeyValueStorageEvent) => Promise<void>): () => void;
}

/** Amplify's `SyncStorage`: the four members of the browser's `Storage` that it calls where it cannot wait. */
export interface SyncStorage {
  setItem(key: string, value: string): void;
  getItem(key: string): string | null;
  removeItem(key: string): void;
  clear(): void;
}

/** Returns a storage that lives in this page alone: a reload or another tab finds it empty. */
export function createSyncMemoryStorage(): SyncStorage {
  const items = new Map<string, string>();
  return {
    setItem: (key, value) => {
      items.set(key, value);
    },
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => {
      items.delete(key);
    },
    clear: () => {
      items.clear();
    },
  };
}

/** Returns a storage for `cognitoUserPoolsTokenProvider.setKeyValueStorage` that lives in this page alone. */
export function createMemoryStorage(): KeyValueStorage {
  const items = createSyncMemoryStorage();
  return {
    setItem: async (key, value) => items.setItem(key, value),
    getItem: async (key) => items.getItem(key),
    removeItem: async (key) => items.removeItem(key),
    clear: async () => items.clear(),
    // Nobody else can write here, so there is never anything to tell a listener.
    addListener: () => () => {},
  };
}
