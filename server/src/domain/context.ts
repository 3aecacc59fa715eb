/** What every rule may use. Time, randomness, secrets and the network come from here and from nowhere else. */
import type { Clock } from "../lib/clock.ts";
import type { Vault } from "../lib/envelope.ts";
import type { Random } from "../lib/random.ts";
import type { Store } from "../store/store.ts";
import type { PasswordHasher } from "./auth/password-hash.ts";
import type { FunctionRunner } from "./functions/function-runner.ts";
import type { SigningKeyPair } from "./keys/key-pair.ts";
import type { KeyRing } from "./keys/key-ring.ts";
import type { BackChannel } from "./logout/back-channel.ts";
import type { Sender } from "./messages/sender.ts";

/** Facts of this server that rules depend on. */
export type Settings = {
  readonly region: string;
  readonly accountId: string;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  /** What a pool gets at its creation when its extensions say nothing. */
  readonly issuerMode: "own" | "aws";
  readonly profile: "compat" | "hardened";
  /** Whether requests are limited by source and by user; locks and limits of attempts always are. */
  readonly rateLimits: boolean;
};

/** A structured log with redaction; never given a secret on purpose either. */
export type Log = {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
};

export type Context = {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly vault: Vault;
  readonly passwords: PasswordHasher;
  readonly sender: Sender;
  /** Tells the outbox that a message was put in; it is asked again anyway, so losing the call loses nothing. */
  readonly wakeOutbox: () => void;
  readonly functions: FunctionRunner;
  readonly backChannel: BackChannel;
  readonly keyRing: KeyRing;
  /** RSA keys take a while to make, so the server keeps a spare pair ready. */
  readonly makeSigningKeyPair: () => Promise<SigningKeyPair>;
  readonly settings: Settings;
  readonly log: Log;
};
