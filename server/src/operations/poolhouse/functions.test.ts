/** The operations on functions; what comes of a call is tested beside the runner. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findFunction } from "../../store/functions.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { signedCall } from "../../testing/signed-call.ts";
import type { GetFunctionOutput } from "./get-function.ts";
import type { ListFunctionsOutput } from "./list-functions.ts";
import type { PutFunctionOutput } from "./put-function.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const FunctionName = "by-invitation";
const Endpoint = "https://hooks.example.com/pre-sign-up";
const LambdaArn = "arn:aws:lambda:eu-west-1:999999999999:function:by-invitation";
const Secret = "a secret of one's own".replaceAll(" ", "-").padEnd(40, "!");

function call<Output>(operation: string, input: object, region = "us-east-1"): Promise<Output> {
  const target = `PoolhouseService.${operation}` as const;
  return signedCall<Output>(app, { target, input }, { region });
}
const put = (input: object = {}) =>
  call<PutFunctionOutput>("PutFunction", { FunctionName, ...input });
const get = (name = FunctionName) => call<GetFunctionOutput>("GetFunction", { FunctionName: name });
const allow = (input: object = {}) =>
  call("AddFunctionPermission", {
    FunctionName,
    StatementId: "pool",
    Principal: "cognito-idp.amazonaws.com",
    ...input,
  });

const arnOf = (name: string) =>
  `arn:aws:lambda:us-east-1:${app.context.settings.accountId}:function:${name}`;

async function sealedIn(name = FunctionName): Promise<Record<string, unknown>> {
  const { store, vault } = app.context;
  const row = await findFunction(store.db, { region: "us-east-1", name });
  const place = { table: "functions", column: "secrets", row: `us-east-1/${name}` };
  return JSON.parse(vault.open(place, row?.secrets ?? "").toString("utf8"));
}

describe("PutFunction", () => {
  test("makes a function of a module", async () => {
    const { Function: made, ...more } = await put({ Module: "sign-up/by-invitation.mjs" });
    expect(made).toEqual({
      FunctionName,
      FunctionArn: arnOf(FunctionName),
      Module: "sign-up/by-invitation.mjs",
      Handler: "handler",
      EnvironmentNames: [],
      CreationDate: expect.any(Number),
      LastModifiedDate: expect.any(Number),
    });
    expect(more).toEqual({});
    expect(await get()).toEqual({ Function: made, Permissions: [] });
  });

  test("makes a secret for an endpoint, shows it once and keeps it", async () => {
    const made = await put({ Endpoint });
    expect(made.Secret).toMatch(/^[\w-]{43}$/);
    expect(made.Function).toMatchObject({ FunctionName, Endpoint });
    expect(await sealedIn()).toMatchObject({ secret: made.Secret });
    const moved = await put({ Endpoint: `${Endpoint}/2` });
    expect(moved).not.toHaveProperty("Secret");
    expect(await sealedIn()).toMatchObject({ secret: made.Secret });
    const shown = JSON.stringify([moved, await get(), await app.auditEvents()]);
    expect(shown).not.toContain(made.Secret);
  });

  test("takes a secret of one's own, and shows it nowhere", async () => {
    const made = await put({ Endpoint, Secret });
    expect(made).not.toHaveProperty("Secret");
    expect(await sealedIn()).toMatchObject({ secret: Secret });
    await put({ Endpoint, Secret: `${Secret}2` });
    expect(await sealedIn()).toMatchObject({ secret: `${Secret}2` });
    const shown = JSON.stringify([await get(), await app.auditEvents(), app.logged]);
    expect(shown).not.toContain(Secret);
  });

  test("takes a function on AWS", async () => {
    const made = await put({ LambdaArn });
    expect(made.Function).toMatchObject({ FunctionArn: arnOf(FunctionName), LambdaArn });
    expect(made).not.toHaveProperty("Secret");
  });

  test("forgets the secret of an endpoint that becomes a module", async () => {
    await put({ Endpoint, Secret });
    await put({ Module: "a.js" });
    expect(await sealedIn()).toEqual({ environment: {} });
  });

  test("keeps variables sealed and shows their names alone", async () => {
    const Variables = { TABLE: "users", API_KEY: "hunter2-hunter2" };
    await put({ Module: "a.js", Environment: { Variables } });
    expect((await get()).Function.EnvironmentNames).toEqual(["API_KEY", "TABLE"]);
    expect(await sealedIn()).toEqual({ environment: Variables });
    expect(JSON.stringify(await app.auditEvents())).not.toContain("hunter2");
    const rows = await app.context.store.db.selectFrom("functions").selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain("hunter2");
  });

  test("replaces what a name stands for and leaves who may call it", async () => {
    const { Function: first } = await put({ Module: "a.js" });
    await allow();
    app.clock.advance(60_000);
    const { Function: second } = await put({ Module: "b.js", Handler: "other" });
    expect(second).toMatchObject({ Module: "b.js", Handler: "other" });
    expect(second.CreationDate).toBe(first.CreationDate);
    expect(Number(second.LastModifiedDate)).toBeGreaterThan(Number(first.LastModifiedDate));
    expect((await get()).Permissions).toHaveLength(1);
  });

  test("of several at once leaves one whole, and tells the others", async () => {
    await put({ Endpoint, Secret });
    const secrets = Array.from({ length: 6 }, (_, n) => `${Secret}${n}`);
    const results = await Promise.allSettled(
      secrets.map((each) => put({ Endpoint: `${Endpoint}/${each}`, Secret: each })),
    );
    const refused = results.filter(({ status }) => status === "rejected");
    for (const each of refused) {
      expect(each).toMatchObject({ reason: { code: "ResourceConflictException" } });
    }
    expect(refused.length).toBeLessThan(secrets.length);
    const { secret } = await sealedIn();
    expect((await get()).Function.Endpoint).toBe(`${Endpoint}/${secret}`);
  });

  test.each<[string, object]>([
    ["nothing that could run", {}],
    ["both kinds", { Module: "a.js", Endpoint }],
    ["a secret for a module", { Module: "a.js", Secret }],
    ["a handler for an endpoint", { Endpoint, Handler: "other" }],
    ["variables for an endpoint", { Endpoint, Environment: { Variables: { TABLE: "a" } } }],
    ["a way out of the folder", { Module: "../a.js" }],
    ["a way out of the folder, later", { Module: "a/../../a.js" }],
    ["an absolute path", { Module: "/etc/a.js" }],
    ["a file that is no module", { Module: "a.json" }],
    ["a URL for a module", { Module: "https://example.com/a.js" }],
    ["a handler that is no name", { Module: "a.js", Handler: "index.handler" }],
    ["a variable that is no name", { Module: "a.js", Environment: { Variables: { "1A": "a" } } }],
    [
      "too many variables",
      {
        Module: "a.js",
        Environment: { Variables: { AA: "a".repeat(2048), BB: "b".repeat(2048) } },
      },
    ],
    ["an endpoint that is no URL", { Endpoint: "hooks" }],
    ["an endpoint that is a file", { Endpoint: "file:///etc/passwd" }],
    ["an endpoint with a password", { Endpoint: "https://ada:secret@example.com/" }],
    ["a secret for a function on AWS", { LambdaArn, Secret }],
    ["a handler for a function on AWS", { LambdaArn, Handler: "other" }],
    ["a function on AWS without its region", { LambdaArn: "by-invitation" }],
    ["a function on AWS whose region is a host", { LambdaArn: LambdaArn.replace("eu-", "a.b/") }],
    ["a short secret", { Endpoint, Secret: "secret" }],
    ["a name that is a path", { FunctionName: "../a", Module: "a.js" }],
    ["an ARN to make", { FunctionName: "arn:aws:lambda:us-east-1:1:function:a", Module: "a.js" }],
  ])("refuses %s", async (_what, input) => {
    await expect(put(input)).rejects.toMatchObject({ code: "InvalidParameterException" });
    expect((await call<ListFunctionsOutput>("ListFunctions", {})).Functions).toEqual([]);
  });
});

describe("permissions", () => {
  beforeEach(async () => {
    await put({ Module: "a.js" });
  });

  test("are added, shown and taken back, by name or ARN", async () => {
    const SourceArn = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_AbC";
    await allow({ SourceArn, SourceAccount: "123456789012" });
    await allow({ FunctionName: arnOf(FunctionName), StatementId: "other" });
    const Principal = "cognito-idp.amazonaws.com";
    expect((await get(arnOf(FunctionName))).Permissions).toEqual([
      { StatementId: "other", Principal },
      { StatementId: "pool", Principal, SourceArn, SourceAccount: "123456789012" },
    ]);
    await call("RemoveFunctionPermission", { FunctionName, StatementId: "pool" });
    expect((await get()).Permissions).toEqual([{ StatementId: "other", Principal }]);
  });

  test("have an id of their own", async () => {
    await allow();
    await expect(allow({ Principal: "*" })).rejects.toMatchObject({
      code: "ResourceConflictException",
      message:
        "The statement id (pool) provided already exists. Please provide a new statement id, or remove the existing statement.",
    });
    expect((await get()).Permissions).toMatchObject([{ Principal: "cognito-idp.amazonaws.com" }]);
  });

  test("are fifty at most", async () => {
    for (let n = 0; n < 50; n++) await allow({ StatementId: `pool-${n}` });
    await expect(allow()).rejects.toMatchObject({ code: "PolicyLengthExceededException" });
    expect((await get()).Permissions).toHaveLength(50);
  });

  test("that are not there cannot be taken back", async () => {
    await expect(
      call("RemoveFunctionPermission", { FunctionName, StatementId: "absent" }),
    ).rejects.toMatchObject({
      code: "ResourceNotFoundException",
      message: "Statement absent is not found in resource policy.",
    });
  });

  test("go with their function", async () => {
    await allow();
    await call("DeleteFunction", { FunctionName });
    await put({ Module: "a.js" });
    expect((await get()).Permissions).toEqual([]);
  });
});

test("functions are listed by name, in pages, of one region", async () => {
  for (const name of ["c", "a", "b"]) await put({ FunctionName: name, Module: "a.js" });
  await call("PutFunction", { FunctionName: "far", Module: "a.js" }, "eu-west-1");
  const first = await call<ListFunctionsOutput>("ListFunctions", { MaxResults: 2 });
  expect(first.Functions.map((each) => each.FunctionName)).toEqual(["a", "b"]);
  const NextToken = first.NextToken;
  const second = await call<ListFunctionsOutput>("ListFunctions", { MaxResults: 2, NextToken });
  expect(second.Functions.map((each) => each.FunctionName)).toEqual(["c"]);
  expect(second.NextToken).toBeUndefined();
  await expect(call("ListFunctions", { NextToken }, "eu-west-1")).rejects.toMatchObject({
    code: "InvalidParameterException",
  });
});

test.each(["GetFunction", "DeleteFunction", "AddFunctionPermission", "RemoveFunctionPermission"])(
  "%s knows no function of another name, region, account or version",
  async (operation) => {
    await put({ Module: "a.js" });
    const rest = {
      AddFunctionPermission: { StatementId: "a", Principal: "cognito-idp.amazonaws.com" },
      RemoveFunctionPermission: { StatementId: "a" },
    };
    const more = rest[operation as keyof typeof rest] ?? {};
    const { accountId } = app.context.settings;
    const missing = { code: "ResourceNotFoundException" };
    for (const name of [
      "absent",
      arnOf("absent"),
      arnOf(FunctionName).replace(accountId, "210987654321"),
      arnOf(FunctionName).replace("us-east-1", "eu-west-1"),
    ]) {
      await expect(call(operation, { FunctionName: name, ...more })).rejects.toMatchObject(missing);
    }
    const elsewhere = call(operation, { FunctionName, ...more }, "eu-west-1");
    await expect(elsewhere).rejects.toMatchObject(missing);
    expect((await get()).Permissions).toEqual([]);
  },
);

test("whatever changes a function is in the trail", async () => {
  await put({ Module: "a.js" });
  await allow();
  await call("RemoveFunctionPermission", { FunctionName, StatementId: "pool" });
  await call("DeleteFunction", { FunctionName });
  const events = await app.auditEvents();
  expect(events.map(({ eventName }) => eventName)).toEqual([
    "PutFunction",
    "AddFunctionPermission",
    "RemoveFunctionPermission",
    "DeleteFunction",
  ]);
  expect(events[0]?.requestParameters).toMatchObject({
    functionName: FunctionName,
    module: "a.js",
  });
});
