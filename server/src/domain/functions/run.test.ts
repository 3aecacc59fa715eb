/** Who may call which function, and what is made of what its runtime says. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { signedCall } from "../../testing/signed-call.ts";
import { createFunctionRunner } from "./run.ts";
import type { Attempt, FunctionRuntime, Invocation } from "./runtime.ts";

let app: TestApp;
/** What the runtimes say, one after the other. */
let attempts: Attempt[];
let ran: { kind: string; invocation: Invocation }[];
beforeEach(async () => {
  app = await testApp();
  attempts = [{ kind: "returned", payload: { fine: true } }];
  ran = [];
});
afterEach(() => app.close());

const runtime = (kind: string): FunctionRuntime => ({
  async run(invocation) {
    ran.push({ kind, invocation });
    return attempts.shift() ?? { kind: "failed", message: "asked once too often", again: false };
  },
});

const poolOf = (region: string, account = app.context.settings.accountId) =>
  `arn:aws:cognito-idp:${region}:${account}:userpool/${region}_AbC`;
const arnOf = (name: string, region = "us-east-1", account = app.context.settings.accountId) =>
  `arn:aws:lambda:${region}:${account}:function:${name}`;

function invoke(arn: string, event: object = { a: 1 }, sourceArn = poolOf("us-east-1")) {
  const { store, vault, random, log, settings } = app.context;
  const runner = createFunctionRunner({
    db: store.db,
    vault,
    random,
    log,
    accountId: settings.accountId,
    runtimes: { local: runtime("local"), https: runtime("https"), lambda: runtime("lambda") },
  });
  return runner.invoke({ arn, sourceArn, event });
}

function call(operation: string, input: object, region = "us-east-1") {
  return signedCall(app, { target: `PoolhouseService.${operation}`, input }, { region });
}

async function put(name: string, more: object = {}, region?: string) {
  await call("PutFunction", { FunctionName: name, Module: "a.js", ...more }, region);
}

async function allow(name: string, more: object = {}, region?: string) {
  const Principal = "cognito-idp.amazonaws.com";
  const input = { FunctionName: name, StatementId: "pool", Principal, ...more };
  await call("AddFunctionPermission", input, region);
}

describe("a pool may call", () => {
  test("a module that lets it, with all that is known of it", async () => {
    await put("one", { Handler: "decide", Environment: { Variables: { TABLE: "users" } } });
    await allow("one");
    expect(await invoke(arnOf("one"))).toEqual({ kind: "returned", payload: { fine: true } });
    expect(ran).toEqual([
      {
        kind: "local",
        invocation: {
          arn: arnOf("one"),
          region: "us-east-1",
          name: "one",
          target: "a.js",
          handler: "decide",
          environment: { TABLE: "users" },
          secret: undefined,
          event: '{"a":1}',
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ]);
  });

  test("an endpoint, by what signs for it", async () => {
    const Secret = "s".repeat(32);
    await put("two", { Module: undefined, Endpoint: "https://hooks.example.com/a", Secret });
    await allow("two");
    await invoke(`${arnOf("two")}:$LATEST`);
    const target = "https://hooks.example.com/a";
    expect(ran).toMatchObject([{ kind: "https", invocation: { target, secret: Secret } }]);
  });

  test.each([
    ["its own ARN", () => ({ SourceArn: poolOf("us-east-1") })],
    ["a pattern", () => ({ SourceArn: poolOf("us-east-1").replace("AbC", "*") })],
    ["its account", () => ({ SourceAccount: app.context.settings.accountId })],
  ])("where the permission names %s", async (_what, more) => {
    await put("one");
    await allow("one", more());
    expect(await invoke(arnOf("one"))).toMatchObject({ kind: "returned" });
  });

  test("where one of several permissions lets it", async () => {
    await put("one");
    await allow("one", { StatementId: "a", SourceArn: `${poolOf("us-east-1")}d` });
    await allow("one", { StatementId: "b", SourceArn: poolOf("us-east-1") });
    expect(await invoke(arnOf("one"))).toMatchObject({ kind: "returned" });
  });
});

describe("a pool may not call", () => {
  const missing = { kind: "missing" };

  test("what there is not", async () => {
    expect(await invoke(arnOf("absent"))).toMatchObject(missing);
    expect(await invoke("absent")).toMatchObject(missing);
  });

  test("a function that nothing lets it call, nor any longer", async () => {
    await put("one");
    expect(await invoke(arnOf("one"))).toMatchObject(missing);
    await allow("one");
    await call("RemoveFunctionPermission", { FunctionName: "one", StatementId: "pool" });
    expect(await invoke(arnOf("one"))).toMatchObject(missing);
  });

  test.each([
    ["another principal", () => ({ Principal: "apigateway.amazonaws.com" })],
    ["any principal", () => ({ Principal: "*" })],
    ["another pool", () => ({ SourceArn: `${poolOf("us-east-1")}d` })],
    ["another account's pools", () => ({ SourceArn: poolOf("us-east-1", "210987654321") })],
    ["another account", () => ({ SourceAccount: "210987654321" })],
    [
      "its ARN and another account",
      () => ({ SourceArn: poolOf("us-east-1"), SourceAccount: "210987654321" }),
    ],
  ])("where the permission is for %s", async (_what, more) => {
    await put("one");
    await allow("one", more());
    expect(await invoke(arnOf("one"))).toMatchObject(missing);
    expect(ran).toEqual([]);
  });

  test("a function of another account, region or version", async () => {
    await put("one");
    await allow("one");
    await put("far", {}, "eu-west-1");
    await allow("far", {}, "eu-west-1");
    for (const arn of [
      arnOf("one", "us-east-1", "210987654321"),
      arnOf("one", "eu-west-1"),
      arnOf("far"),
      arnOf("far", "eu-west-1"),
      `${arnOf("one")}:live`,
    ]) {
      expect(await invoke(arn)).toMatchObject(missing);
    }
    expect(ran).toEqual([]);
    expect(await invoke(arnOf("far", "eu-west-1"), {}, poolOf("eu-west-1"))).toMatchObject({
      kind: "returned",
    });
  });

  test("a function that was deleted, nor one of its name that came after it", async () => {
    await put("one");
    await allow("one");
    await call("DeleteFunction", { FunctionName: "one" });
    expect(await invoke(arnOf("one"))).toMatchObject(missing);
    await put("one");
    expect(await invoke(arnOf("one"))).toMatchObject(missing);
  });
});

describe("a call", () => {
  beforeEach(async () => {
    await put("one");
    await allow("one");
  });
  const again: Attempt = { kind: "failed", message: "it crashed", again: true };

  test("is tried three times, and no more", async () => {
    attempts = [again, again, { kind: "returned", payload: 3 }];
    expect(await invoke(arnOf("one"))).toEqual({ kind: "returned", payload: 3 });
    attempts = [again, again, again, { kind: "returned", payload: 4 }];
    expect(await invoke(arnOf("one"))).toEqual({ kind: "broken", message: "it crashed" });
    expect(attempts).toHaveLength(1);
  });

  test("is not tried again where the function said no, or where that cannot help", async () => {
    attempts = [{ kind: "refused", message: "not you" }];
    expect(await invoke(arnOf("one"))).toEqual({ kind: "refused", message: "not you" });
    attempts = [{ ...again, again: false }];
    expect(await invoke(arnOf("one"))).toEqual({ kind: "broken", message: "it crashed" });
    expect(ran).toHaveLength(2);
  });

  test("with too large an event is not made", async () => {
    const outcome = await invoke(arnOf("one"), { a: "é".repeat(140_000) });
    expect(outcome).toMatchObject({ kind: "broken" });
    expect(ran).toEqual([]);
  });

  test("is broken where the registry cannot be read or opened, whatever that says", async () => {
    await app.context.store.db.updateTable("functions").set({ secrets: "damaged" }).execute();
    const outcome = await invoke(arnOf("one"));
    expect(outcome).toEqual({ kind: "broken", message: "the function could not be looked up" });
    expect(ran).toEqual([]);
    expect(app.logged.at(-1)?.message).toBe("a function could not be called");
  });
});
