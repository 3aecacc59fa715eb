/** One worker thread with one module in it, which answers one call at a time. */
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import { Worker } from "node:worker_threads";
import { type Attempt, type Invocation, maxPayloadBytes } from "../../domain/functions/runtime.ts";
import { readAnswer } from "./answer.ts";
import type { Job, ModuleData } from "./module-worker.ts";

export type ModuleThread = {
  /** Resolves with what came of it; after anything but an answer the thread is stopped. */
  call(job: Job): Promise<Attempt>;
  /** Resolves when the thread is gone. */
  stop(): Promise<void>;
};

export type ThreadOptions = {
  readonly invocation: Invocation;
  readonly path: string;
  /** A line that the function printed. */
  onLine(stream: "stdout" | "stderr", line: string): void;
  /** The thread is gone, for whatever reason. */
  onExit(): void;
};

const memoryMb = 128;
/** Of what a function prints in one call. */
const maxOutputLength = 64 * 1024;
const maxLineLength = 2_000;

const workerFile = new URL(
  import.meta.url.endsWith(".ts") ? "./module-worker.ts" : "./module-worker.js",
  import.meta.url,
);

/** Starts a thread; it keeps no process alive. */
export function startModuleThread(options: ThreadOptions): ModuleThread {
  const worker = startWorker(options);
  const output = { left: maxOutputLength };
  readLines(worker, output, options.onLine);
  let settle: ((attempt: Attempt) => void) | undefined;
  const finish = (attempt: Attempt) => {
    settle?.(attempt);
    settle = undefined;
    if (attempt.kind === "failed") void worker.terminate();
  };
  worker.on("message", (message: unknown) => finish(toAttempt(message)));
  worker.on("messageerror", () => finish(unreadable));
  worker.on("error", (error) => {
    options.onLine("stderr", inspect(error).slice(0, maxLineLength));
    finish(brokenOff("it crashed"));
  });
  worker.on("exit", () => {
    finish(brokenOff("it ended its thread"));
    options.onExit();
  });
  return {
    async call(job) {
      output.left = maxOutputLength;
      const timer = setTimeout(() => finish(brokenOff("it did not answer in time")), job.timeoutMs);
      const attempt = new Promise<Attempt>((resolve) => {
        settle = resolve;
      });
      worker.postMessage(job);
      return await attempt.finally(() => clearTimeout(timer));
    },
    async stop() {
      await worker.terminate();
    },
  };
}

function startWorker({ invocation, path }: ThreadOptions): Worker {
  const { arn, name, region, handler, environment } = invocation;
  const workerData: ModuleData = {
    url: pathToFileURL(path).href,
    handler,
    functionName: name,
    arn,
    memoryMb,
    maxAnswerBytes: maxPayloadBytes,
  };
  const worker = new Worker(workerFile, {
    workerData,
    argv: [],
    execArgv: [],
    // The server's own settings hold secrets.
    env: {
      AWS_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
      ...environment,
    },
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16 },
  });
  worker.unref();
  return worker;
}

/** Another thread may do better. */
const brokenOff = (message: string): Attempt => ({ kind: "failed", message, again: true });
const unreadable: Attempt = {
  kind: "failed",
  message: "it answered what cannot be read",
  again: false,
};

/** A module can post what it likes to this thread, so nothing is believed of its form. */
function toAttempt(answer: unknown): Attempt {
  const { kind, json, message } = Object(answer) as {
    [Name in "kind" | "json" | "message"]?: unknown;
  };
  if (kind === "returned" && typeof json === "string") {
    const read = readAnswer(json);
    return read ? { kind, payload: read.payload } : unreadable;
  }
  if (typeof message !== "string") return unreadable;
  if (kind === "refused") return { kind, message };
  return kind === "failed" ? { kind, message, again: false } : unreadable;
}

/** Each call has so much to print, and the rest is read and dropped, so that it does not pile up in the thread. */
function readLines(
  worker: Worker,
  output: { left: number },
  onLine: ThreadOptions["onLine"],
): void {
  for (const stream of ["stdout", "stderr"] as const) {
    worker[stream].setEncoding("utf8").on("data", (text: string) => {
      if (output.left <= 0) return;
      const taken = text.slice(0, output.left);
      output.left -= text.length;
      for (const line of taken.split(/\r?\n/)) {
        if (line !== "") onLine(stream, line.slice(0, maxLineLength));
      }
      if (output.left <= 0) onLine(stream, "… the rest of what this call printed is left out");
    });
  }
}
