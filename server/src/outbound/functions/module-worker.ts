/**
 * Runs in a worker thread: loads one module and calls its handler as Lambda's runtime for Node does. Whatever the module
 * does to this thread's globals stays in it.
 */
import { inspect } from "node:util";
import { parentPort, workerData } from "node:worker_threads";

/** What the thread is started with. */
export type ModuleData = {
  readonly url: string;
  readonly handler: string;
  readonly functionName: string;
  readonly arn: string;
  readonly memoryMb: number;
  readonly maxAnswerBytes: number;
};

export type Job = {
  /** JSON. */
  readonly event: string;
  readonly requestId: string;
  readonly timeoutMs: number;
};

type Answer =
  | { readonly kind: "returned"; readonly json: string }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

type Handler = (event: unknown, context: object, callback: Callback) => unknown;
type Callback = (error: unknown, value?: unknown) => void;

const data = workerData as ModuleData;
const loading = load();
// Looked at when the first call comes.
loading.catch(() => undefined);

parentPort?.on("message", async (job: Job) => {
  parentPort?.postMessage(await answer(job));
});

async function load(): Promise<Handler> {
  const module = (await import(data.url)) as Record<string, unknown>;
  // Node finds most of the names that CommonJS exports, not all.
  const whole = module["default"] as Record<string, unknown> | undefined;
  const handler = module[data.handler] ?? whole?.[data.handler];
  if (typeof handler !== "function") throw new Error(`The module exports no ${data.handler}`);
  return handler as Handler;
}

async function answer(job: Job): Promise<Answer> {
  let handler: Handler;
  try {
    handler = await loading;
  } catch (error) {
    print(error);
    return { kind: "failed", message: "the module cannot be loaded" };
  }
  let value: unknown;
  try {
    value = await ask(handler, job);
  } catch (error) {
    print(error);
    return { kind: "refused", message: messageOf(error) };
  }
  return render(value);
}

function ask(handler: Handler, job: Job): Promise<unknown> {
  const event: unknown = JSON.parse(job.event);
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, value) => {
      if (error === null || error === undefined) resolve(value);
      else reject(error);
    };
    const value = handler(event, contextOf(job), callback);
    if (isThenable(value)) value.then(resolve, reject);
    // As on Lambda, what a function returns that is not async counts for nothing.
    else if (handler.length < 3) resolve(null);
  });
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined | null)?.then === "function";
}

/** What handlers get beside the event (AWS, "Using the Lambda context object"). */
function contextOf({ requestId, timeoutMs }: Job): object {
  const endMs = performance.now() + timeoutMs;
  return {
    functionName: data.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: data.arn,
    memoryLimitInMB: String(data.memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${data.functionName}`,
    logStreamName: "poolhouse",
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(endMs - performance.now())),
  };
}

/** For the server's log. */
function print(error: unknown): void {
  try {
    process.stderr.write(`${inspect(error)}\n`);
  } catch {
    // An error that cannot even be shown.
  }
}

const maxMessageLength = 4096;

function messageOf(error: unknown): string {
  try {
    const { message } = Object(error) as { message?: unknown };
    return String(message ?? error).slice(0, maxMessageLength);
  } catch {
    return "an error without words";
  }
}

function render(value: unknown): Answer {
  let json: string;
  try {
    json = JSON.stringify(value) ?? "null";
  } catch {
    return { kind: "failed", message: "its answer cannot be written as JSON" };
  }
  // Counted here, so that no more than this crosses to the server's thread.
  return Buffer.byteLength(json) > data.maxAnswerBytes
    ? { kind: "failed", message: `its answer is larger than ${data.maxAnswerBytes} bytes` }
    : { kind: "returned", json };
}
