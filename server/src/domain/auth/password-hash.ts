/**
 * Stored passwords: argon2id as PHC strings, at the cost OWASP recommends (19 MiB, two passes, one lane). Passwords are
 * hashed as they are, never normalised, never cut.
 */
import { parseOptions } from "@node-rs/argon2";
import { createHashThreads } from "./hash-threads.ts";
import { createQueue } from "./password-hash-queue.ts";

export type PasswordHasher = {
  /** A PHC string under a fresh salt. Throws `Overloaded` when too many are waiting, RangeError for what no password may be. */
  hash(password: string): Promise<string>;
  /**
   * Tells whether this is the password. With null, where there is no user or no password, it does the same work and answers
   * false. Throws `Overloaded` when too many are waiting.
   */
  verify(phc: string | null, password: string): Promise<boolean>;
};

const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const saltBytes = 16;
/** What AWS's model allows, in code points. */
const maxLength = 256;
/** A hash that nothing is known to give, at the cost above; only its cost matters. */
const dummy = `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$Zbvv1x+h1KdNmq1kAJpNpw$oIEBBnv9orwh8AT/Z14SyT+imiLLPlgCGX3I4Rz8OIg`;
// The package declares its enums `const`, which code compiled file by file cannot read.
const argon2id = 2;
const version19 = 1;

/** A hasher that works on so many passwords at once and lets so many wait. */
export function createPasswordHasher(limits: {
  concurrency: number;
  queueLimit: number;
}): PasswordHasher {
  const queue = createQueue(limits);
  const threads = createHashThreads();
  return {
    async hash(password) {
      if (!isHashable(password))
        throw new RangeError("this is no password: too long or ill-formed");
      return queue(() => threads.hash(password, { ...cost, algorithm: argon2id }));
    },
    async verify(phc, password) {
      if (!isHashable(password)) return false;
      const matches = await queue(() => threads.verify(phc ?? dummy, password));
      return matches && phc !== null;
    },
  };
}

/** How many hashes may run at once on a machine of so many cores: one core stays for everything else. */
export function hashingConcurrency(cores: number): number {
  return Math.max(1, cores - 1);
}

/** Tells whether a hash was made at a lower cost than today's, and should be made again at the next sign-in. */
export function needsRehash(phc: string): boolean {
  const made = parseOptions(phc);
  return (
    made.algorithm !== argon2id ||
    made.version !== version19 ||
    made.memoryCost < cost.memoryCost ||
    made.timeCost < cost.timeCost ||
    made.outputLen < cost.outputLen ||
    made.saltLen < saltBytes
  );
}

/** Whether a text can be a password: bounded, and of one form in bytes; UTF-8 makes all lone surrogates one character. */
export function isHashable(password: string): boolean {
  return (
    password.length <= 2 * maxLength && [...password].length <= maxLength && password.isWellFormed()
  );
}
