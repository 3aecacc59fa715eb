export { type AmplifyStorages, keepInMemory } from "./keep-in-memory.ts";
export {
  createMemoryStorage,
  type KeyValueStorage,
  type KeyValueStorageEvent,
  type SyncStorage,
} from "./memory-storage.ts";
