/** Runs in a worker thread: computes argon2, one password after another, and lets everything else go first. */
import { readlinkSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { hashSync, type Options, verifySync } from "@node-rs/argon2";

/** A password to hash at this cost, or to compare with this hash. */
export type Job = { readonly password: string } & (
  | { readonly cost: Options }
  | { readonly phc: string }
);
/** A hash, whether the password is right, or why there is neither. */
export type Answer = { readonly value: string | boolean } | { readonly error: string };

yieldToOthers();
parentPort?.on("message", (job: Job) => parentPort?.postMessage(answer(job)));

function answer(job: Job): Answer {
  try {
    if ("phc" in job) return { value: verifySync(job.phc, job.password) };
    return { value: hashSync(job.password, job.cost) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : "argon2 failed" };
  }
}

/**
 * Whoever waits for a hash waits for milliseconds anyway; a request that needs none should not wait for a core meanwhile.
 * Linux has priorities of threads (setpriority(2)); elsewhere it would be the whole process's.
 */
function yieldToOthers(): void {
  if (process.platform !== "linux") return;
  try {
    const [pid, , tid] = readlinkSync("/proc/thread-self").split("/");
    // Under another /proc than our own the number would name somebody else's thread.
    if (Number(pid) !== process.pid) return;
    setPriority(Number(tid), constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not allowed here: hashes are computed all the same.
  }
}
