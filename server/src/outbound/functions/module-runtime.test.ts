import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Attempt, Invocation } from "../../domain/functions/runtime.ts";
import { createModuleRuntime, type ModuleRuntimeOptions } from "./module-runtime.ts";

let folder: string;
let lines: { about: object; message: string }[];
let runtime: ReturnType<typeof createModuleRuntime>;

function open(options: Partial<ModuleRuntimeOptions> = {}) {
  const log = (about: object, message: string) => void lines.push({ about, message });
  // Patience for a busy machine; the tests of what never answers say less.
  const given = { folder, timeoutMs: 25_000, ...options };
  return createModuleRuntime({ log: { info: log, warn: log, error: log }, ...given });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "poolhouse-functions-"));
  lines = [];
  runtime = open();
});
afterEach(async () => {
  await runtime.close();
  await rm(folder, { recursive: true });
});

const write = (name: string, text: string) => writeFile(join(folder, name), text);

function invocation(target: string, given: Partial<Invocation> = {}): Invocation {
  return {
    arn: `arn:aws:lambda:us-east-1:123456789012:function:${target}`,
    name: "one",
    region: "us-east-1",
    target,
    handler: "handler",
    environment: {},
    secret: undefined,
    requestId: "request",
    event: '{"a":{"b":1}}',
    ...given,
  };
}

async function run(source: string, given: Partial<Invocation> = {}, name = "f.mjs") {
  await write(name, source);
  return await runtime.run(invocation(name, given));
}

const returned = (payload: unknown): Attempt => ({ kind: "returned", payload });
const failed = (message: string, again: boolean) => ({ kind: "failed", message, again });

describe("a module answers", () => {
  test.each([
    [
      "an async handler",
      "f.mjs",
      "export const handler = async (event) => ({ ...event, ok: true })",
    ],
    ["a promise", "f.js", "export const handler = (e) => Promise.resolve({ ...e, ok: true })"],
    [
      "a callback",
      "f.cjs",
      "exports.handler = (e, _c, done) => setTimeout(done, 1, null, { ...e, ok: true })",
    ],
    [
      "CommonJS in one object",
      "g.cjs",
      "const x = { handler: async (e) => ({ ...e, ok: true }) }; module.exports = x",
    ],
    [
      "TypeScript",
      "f.ts",
      "export async function handler(e: object): Promise<object> { return { ...e, ok: true } }",
    ],
  ])("by %s", async (_what, name, source) => {
    expect(await run(source, {}, name)).toEqual(returned({ a: { b: 1 }, ok: true }));
  });

  test("in a folder below, under the name of its export", async () => {
    await mkdir(join(folder, "sign-up"));
    const source = "export const other = async () => 1";
    const given = await run(source, { handler: "other" }, "sign-up/f.mjs");
    expect(given).toEqual(returned(1));
  });

  test("with null where a handler that is not async returns a value, as on Lambda", async () => {
    expect(await run("export const handler = (e) => e")).toEqual(returned(null));
    expect(await run("export const handler = async () => {}")).toEqual(returned(null));
  });

  test("with Lambda's context", async () => {
    const source = `export const handler = async (_e, c) =>
      [c.functionName, c.invokedFunctionArn, c.awsRequestId, c.getRemainingTimeInMillis() > 0]`;
    const { arn } = invocation("f.mjs");
    expect(await run(source)).toEqual(returned(["one", arn, "request", true]));
  });

  test("in a thread that stays while it behaves", async () => {
    const source = "let n = 0; export const handler = async () => ++n";
    expect(await run(source)).toEqual(returned(1));
    expect(await runtime.run(invocation("f.mjs"))).toEqual(returned(2));
  });

  test("anew once its file has changed", async () => {
    expect(await run("export const handler = async () => 'old'")).toEqual(returned("old"));
    await write("f.mjs", "export const handler = async () => 'new'");
    await utimes(join(folder, "f.mjs"), 1, 1);
    expect(await runtime.run(invocation("f.mjs"))).toEqual(returned("new"));
  });
});

describe("a thread has", () => {
  test("none of the server's environment but the function's own", async () => {
    process.env["POOLHOUSE_TEST_SECRET"] = "secret";
    const source = "export const handler = async () => process.env";
    const { payload } = (await run(source, { environment: { TABLE: "users" } })) as {
      payload: Record<string, string>;
    };
    delete process.env["POOLHOUSE_TEST_SECRET"];
    expect(payload).toMatchObject({ TABLE: "users", AWS_REGION: "us-east-1" });
    const known = /^(TABLE|AWS_REGION|AWS_LAMBDA_FUNCTION_(NAME|MEMORY_SIZE))$/;
    expect(Object.keys(payload).filter((name) => !known.test(name))).toEqual([]);
  });

  test("globals of its own", async () => {
    const source = "Object.prototype.admin = true; export const handler = async () => ({}).admin";
    expect(await run(source)).toEqual(returned(true));
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("its lines in the log, within bounds", async () => {
    const source = `export const handler = async () => {
      console.log("hello\\nthere");
      console.log("x".repeat(1e6));
      for (let i = 0; i < 5000; i++) console.error("again and again and again");
    }`;
    expect(await run(source)).toEqual(returned(null));
    await expect.poll(() => lines.at(-1)?.message).toContain("left out");
    expect(lines.map(({ message }) => message)).toEqual(expect.arrayContaining(["hello", "there"]));
    expect(lines[0]?.about).toEqual({ function: "one", stream: "stdout" });
    const length = lines.reduce((sum, { message }) => sum + message.length, 0);
    expect(length).toBeLessThan(70_000);
  });
});

describe("a function refuses", () => {
  test.each([
    ["throws", "export const handler = async () => { throw new Error('not you') }"],
    ["throws at once", "export const handler = () => { throw new Error('not you') }"],
    ["rejects with a text", "export const handler = () => Promise.reject('not you')"],
    ["calls back an error", "export const handler = (e, c, done) => done(new Error('not you'))"],
    ["throws an object", "export const handler = async () => { throw { message: 'not you' } }"],
  ])("when it %s", async (_what, source) => {
    expect(await run(source)).toEqual({ kind: "refused", message: "not you" });
  });

  test.each([
    "throw undefined",
    "throw Object.create(null)",
    "throw { get message() { throw 1 } }",
    "throw new Proxy({}, { get() { throw 1 } })",
    "throw Symbol('x')",
    "throw new Error('x'.repeat(1e6))",
  ])("whatever is thrown: %s", async (statement) => {
    const attempt = await run(`export const handler = async () => { ${statement} }`);
    expect(attempt.kind).toBe("refused");
    expect((attempt as { message: string }).message.length).toBeLessThanOrEqual(4096);
  });
});

describe("nothing comes of", () => {
  test.each([
    ["a module that does not parse", "export const handler = "],
    ["a module that throws", "throw new Error('at the start')"],
    ["a module without the export", "export const other = async () => 1"],
    ["an export that is no function", "export const handler = 1"],
    ["an import that is not there", "import './absent.mjs'; export const handler = async () => 1"],
  ])("%s", async (_what, source) => {
    expect(await run(source)).toEqual(failed("the module cannot be loaded", false));
    expect(await run("export const handler = async () => 'mended and longer'")).toEqual(
      returned("mended and longer"),
    );
  });

  test.each([
    ["an answer in a circle", "const a = {}; a.a = a; return a", "cannot be written as JSON"],
    ["an answer with a BigInt", "return 1n", "cannot be written as JSON"],
    ["an answer that is too large", "return 'é'.repeat(140_000)", "larger than 262144 bytes"],
    ["an answer of 100 MB", "return 'x'.repeat(1e8)", "larger than 262144 bytes"],
  ])("%s", async (_what, body, message) => {
    const attempt = await run(`export const handler = async () => { ${body} }`);
    expect(attempt).toMatchObject({ kind: "failed", again: false });
    expect((attempt as { message: string }).message).toContain(message);
  });

  test.each([
    "undefined",
    "null",
    "'text'",
    "{ kind: 'returned' }",
    "{ kind: 'returned', json: '{' }",
    "{ kind: 'returned', json: '['.repeat(1000) + ']'.repeat(1000) }",
    "{ kind: 'refused', message: { toString: 1 } }",
  ])("a module that posts to the server's thread: %s", async (message) => {
    const source = `import { parentPort } from "node:worker_threads";
      export const handler = async () => {
        parentPort.postMessage(${message});
        await new Promise(() => setInterval(() => {}, 1e6));
      }`;
    runtime = open({ maxThreadsOfOne: 1 });
    expect(await run(source)).toMatchObject({ kind: "failed" });
    expect(
      await run("export const handler = async () => 'mended, and longer than before'"),
    ).toEqual(returned("mended, and longer than before"));
  });

  test.each([
    ["exits", "process.exit(0)", "it ended its thread"],
    ["crashes later", "await new Promise(() => setTimeout(() => { throw 1 }))", "it crashed"],
    [
      "crashes later with what has no text",
      "await new Promise(() => setTimeout(() => { throw { toString: 1, valueOf: 1 } }))",
      "it crashed",
    ],
    [
      "leaves a rejection",
      "Promise.reject(new Error('x')); await new Promise(() => setTimeout(() => {}, 1e6))",
      "it crashed",
    ],
    ["floods its memory", "const a = []; for (;;) a.push({ n: a.length })", "it crashed"],
  ])("a function that %s", async (_what, body, message) => {
    const source = (then: string) => `export const handler = async (e) => { ${then} }`;
    expect(await run(source(body))).toEqual(failed(message, true));
    expect(await run(source("return e.a.b + 1 /* mended */"))).toEqual(returned(2));
  });

  test.each([
    ["hangs", "export const handler = () => new Promise(() => {})"],
    ["never calls back", "export const handler = (e, c, done) => {}"],
    ["spins", "export const handler = async () => { for (;;); }"],
    ["hangs at its start", "await new Promise(() => setInterval(() => {}, 1e6))"],
    ["spins at its start", "for (;;);"],
    [
      "spins when it is asked for JSON",
      "export const handler = async () => ({ toJSON() { for (;;); } })",
    ],
    [
      "answers with a thenable that spins",
      "export const handler = async () => ({ then() { for (;;); } })",
    ],
  ])("a function that %s, and its thread is stopped", async (_what, source) => {
    runtime = open({ timeoutMs: 400, maxThreadsOfOne: 1 });
    expect(await run(source)).toEqual(failed("it did not answer in time", true));
    await runtime.close();
    runtime = open({ maxThreadsOfOne: 1 });
    expect(await run("export const handler = async () => 'mended, and at some length'")).toEqual(
      returned("mended, and at some length"),
    );
  });
});

describe("a module outside of the folder is never run", () => {
  const source = "export const handler = async () => 'reached'";

  test.each([
    "../outside.mjs",
    "sub/../../outside.mjs",
    "link.mjs",
    "linked/outside.mjs",
    "loop.mjs",
    "sub",
    "absent.mjs",
    "f.json",
    "f.mjs\0.js",
    "",
    ".",
  ])("%j", async (name) => {
    const outside = join(folder, "outside");
    await mkdir(outside);
    await mkdir(join(folder, "inside", "sub"), { recursive: true });
    await write("outside.mjs", source);
    await write("outside/outside.mjs", source);
    await write("inside/f.json", "{}");
    await write("inside/f.mjs", source);
    await symlink(join(folder, "outside.mjs"), join(folder, "inside", "link.mjs"));
    await symlink(outside, join(folder, "inside", "linked"));
    await symlink("loop.mjs", join(folder, "inside", "loop.mjs"));
    runtime = open({ folder: join(folder, "inside") });
    expect(await runtime.run(invocation(name))).toMatchObject({ kind: "failed", again: false });
    expect(await runtime.run(invocation(join(folder, "outside.mjs")))).toMatchObject({
      kind: "failed",
    });
    expect(await runtime.run(invocation("f.mjs"))).toEqual(returned("reached"));
  });

  test("also through a folder that is itself a link", async () => {
    await write("f.mjs", source);
    await symlink(folder, `${folder}-link`);
    runtime = open({ folder: `${folder}-link` });
    expect(await runtime.run(invocation("f.mjs"))).toEqual(returned("reached"));
    await rm(`${folder}-link`);
  });

  test("nor any where the server has no folder", async () => {
    runtime = createModuleRuntime({ folder: undefined, log: { info() {}, warn() {}, error() {} } });
    expect(await runtime.run(invocation("f.mjs"))).toMatchObject({
      message: "POOLHOUSE_FUNCTIONS_DIR is not set",
    });
  });
});

describe("threads", () => {
  const spin = "export const handler = async () => { for (;;); }";
  const quick = "export const handler = async () => 'quick'";

  test("of a function that spins leave some to another", async () => {
    runtime = open({ maxThreads: 3, maxThreadsOfOne: 2 });
    await write("spin.mjs", spin);
    await write("quick.mjs", quick);
    let spun = 0;
    const spinning = Array.from({ length: 6 }, async () => {
      const attempt = await runtime.run(invocation("spin.mjs"));
      spun++;
      return attempt;
    });
    expect(await runtime.run(invocation("quick.mjs"))).toEqual(returned("quick"));
    expect(spun).toBe(0);
    await runtime.close();
    const ends = await Promise.all(spinning);
    expect(ends.every(({ kind }) => kind === "failed")).toBe(true);
  });

  test("are taken from functions that are idle", async () => {
    runtime = open({ maxThreads: 1 });
    await write("one.mjs", quick);
    await write("two.mjs", "export const handler = async () => 'two'");
    expect(await runtime.run(invocation("one.mjs"))).toEqual(returned("quick"));
    expect(await runtime.run(invocation("two.mjs"))).toEqual(returned("two"));
    expect(await runtime.run(invocation("one.mjs"))).toEqual(returned("quick"));
  });

  test("serve many calls, each its own", async () => {
    runtime = open({ maxThreads: 2, maxThreadsOfOne: 2 });
    await write("f.mjs", "export const handler = async (e) => e.n");
    const calls = Array.from({ length: 50 }, (_, n) =>
      runtime.run(invocation("f.mjs", { event: JSON.stringify({ n }) })),
    );
    expect(await Promise.all(calls)).toEqual(Array.from({ length: 50 }, (_, n) => returned(n)));
  });

  test("are not waited for by more calls than allowed", async () => {
    runtime = open({ maxThreads: 1, maxWaiting: 2 });
    await write("spin.mjs", spin);
    const calls = Array.from({ length: 5 }, () => runtime.run(invocation("spin.mjs")));
    const first = await Promise.race(calls);
    expect(first).toEqual(failed("no thread was free in time", false));
    await runtime.close();
    await Promise.all(calls);
  });

  test("that exit while idle are replaced", async () => {
    const gone = join(folder, "gone");
    await write(
      "f.mjs",
      `import { writeFileSync } from "node:fs";
       export const handler = async () => {
         setTimeout(() => { writeFileSync(${JSON.stringify(gone)}, ""); process.exit(); });
         return "fine";
       }`,
    );
    for (let round = 0; round < 3; round++) {
      const attempt = await runtime.run(invocation("f.mjs"));
      // It may go between two calls or as the next one comes, which then says so.
      expect([returned("fine"), failed("it ended its thread", true)]).toContainEqual(attempt);
    }
    await expect.poll(() => existsSync(gone)).toBe(true);
  });
});
