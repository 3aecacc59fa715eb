import { availableParallelism } from "node:os";
import type { ServerConfig } from "../config.ts";
import { createPasswordHasher, hashingConcurrency } from "../domain/auth/password-hash.ts";
import type { Context, Log } from "../domain/context.ts";
import { createFunctionRunner } from "../domain/functions/run.ts";
import type { FunctionRuntimes } from "../domain/functions/runtime.ts";
import type { SigningKeyPair } from "../domain/keys/key-pair.ts";
import { createKeyRing } from "../domain/keys/key-ring.ts";
import type { BackChannel } from "../domain/logout/back-channel.ts";
import type { Sender } from "../domain/messages/sender.ts";
import { type Clock, systemClock } from "../lib/clock.ts";
import { createVault, type Vault } from "../lib/envelope.ts";
import { systemRandom } from "../lib/random.ts";
import { migrate } from "../store/migrate.ts";
import { openStore, type Store } from "../store/store.ts";
import { databasePlace } from "./database-place.ts";
import { checkMasterKeys, fixAccountId, notePublicUrl } from "./installation.ts";
import { makeMasterKeys, readMasterKeys } from "./master-keys.ts";

/** Far fewer than would wait longer than any caller does. */
const HASHING_QUEUE_LIMIT = 200;

/** Opens the vault; in development with a master key of its own, made at the first start. */
export async function openVault(config: ServerConfig): Promise<Vault> {
  if (config.mode === "dev") await makeMasterKeys(config.masterKeyFile, systemRandom);
  return createVault(await readMasterKeys(config.masterKeyFile), systemRandom);
}

/** Opens the database and brings its tables up to date. */
export async function openMigratedStore(config: ServerConfig, log: Log): Promise<Store> {
  const store = await openStore({
    ...databasePlace(config),
    onError: (error) => log.error({ err: error }, "a connection to the database broke"),
    random: systemRandom,
  });
  try {
    await migrate(store, { nowMs: () => Date.now(), holder: systemRandom.uuid() });
  } catch (error) {
    await store.close();
    throw error;
  }
  return store;
}

export type ContextParts = {
  readonly store: Store;
  readonly vault: Vault;
  readonly publicUrl: string;
  readonly log: Log;
  readonly clock: Clock;
  readonly sender: Sender;
  readonly wakeOutbox: () => void;
  readonly runtimes: FunctionRuntimes;
  readonly backChannel: BackChannel;
  readonly makeSigningKeyPair: () => Promise<SigningKeyPair>;
};

/** The context of every rule, once it is certain that these settings belong to this database. */
export async function openContext(config: ServerConfig, parts: ContextParts): Promise<Context> {
  const { store, vault, publicUrl } = parts;
  await checkMasterKeys(store.db, vault);
  const accountId = await fixAccountId(store.db, config.accountId, systemRandom);
  await notePublicUrl(store.db, publicUrl, parts.log);
  return {
    store,
    vault,
    clock: parts.clock,
    random: systemRandom,
    passwords: createPasswordHasher({
      concurrency: hashingConcurrency(availableParallelism()),
      queueLimit: HASHING_QUEUE_LIMIT,
    }),
    sender: parts.sender,
    wakeOutbox: parts.wakeOutbox,
    backChannel: parts.backChannel,
    functions: createFunctionRunner({ ...parts, db: store.db, random: systemRandom, accountId }),
    keyRing: createKeyRing({ store, vault, clock: systemClock }),
    makeSigningKeyPair: parts.makeSigningKeyPair,
    settings: {
      region: config.region,
      accountId,
      publicUrl,
      issuerMode: config.issuerMode,
      profile: config.profile,
      rateLimits: config.rateLimits,
    },
    log: parts.log,
  };
}
