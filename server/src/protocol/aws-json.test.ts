import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Overloaded } from "../errors/overloaded.ts";
import { ServiceError } from "../errors/service-error.ts";
import { answerAwsJson, type Gate, invokeWithin } from "./aws-json.ts";
import { type Checks, list, map, required, string } from "./checks.ts";
import { makeHttp, sendWire, wireRequest } from "./http.ts";
import type { Operation, Service } from "./operation.ts";

/** A made-up service over a gate that writes down what it is asked; whose header says `signed` is an administrator. */
type TestCall = {
  readonly facts: { requestId: string; operation: string };
  readonly parameters: { shown?: Record<string, unknown> };
  readonly principal?: string;
  readonly holder?: string;
};
type TestOperation<Input extends object, Output> = Operation<
  { public: TestCall; token: TestCall; iam: TestCall },
  Input,
  Output
>;

let trail: string[] = [];
let faults: unknown[] = [];
let handled: string[] = [];
let diskFull = false;

const gate: Gate<TestCall> = {
  async open(request, operation) {
    const facts = { requestId: request.requestId, operation: operation.name };
    if (operation.caller !== "iam") return { facts, parameters: {} };
    const at = request.rawHeaders.indexOf("authorization");
    if (request.rawHeaders[at + 1] !== "signed") {
      throw new ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token");
    }
    return { facts, parameters: {}, principal: "root" };
  },
  async nest(call, operation) {
    const facts = { requestId: call.facts.requestId, operation: operation.name };
    return { facts, parameters: {}, ...(call.principal ? { principal: call.principal } : {}) };
  },
  async identify(call, accessToken) {
    if (accessToken !== "good") {
      throw new ServiceError("NotAuthorizedException", "Invalid Access Token");
    }
    return { ...call, holder: "ada" };
  },
  describe(call, shown) {
    call.parameters.shown = shown;
  },
  async admit(_call, input: { Name?: string }) {
    if (input.Name === "pushy") throw new ServiceError("TooManyRequestsException", "Rate exceeded");
  },
  async close(call) {
    writeRow(call, "ok");
  },
  async refuse(call, error) {
    writeRow(call, error.code);
    return error.message === "untold" ? new ServiceError("TooManyRequestsException", "") : error;
  },
  unexpected(_about, error) {
    if (error instanceof Overloaded) {
      return new ServiceError("TooManyRequestsException", "Rate exceeded");
    }
    faults.push(error);
    return new ServiceError("InternalErrorException", "Something went wrong.", { fault: "server" });
  },
};

function writeRow({ facts, holder = "-", principal = "-", parameters }: TestCall, end: string) {
  if (diskFull) throw new Error("disk full");
  const shown = JSON.stringify(parameters.shown ?? null);
  trail.push(`${facts.operation} ${principal} ${holder} ${end} ${shown}`);
}

type Greeting = { Name: string; Secret?: string; Tags?: string[]; More?: Record<string, string> };
const greetingChecks: Checks<Greeting> = {
  Name: required(string({ min: 1, max: 20 })),
  Secret: string({ max: 10, sensitive: true }),
  Tags: list(string()),
  More: map(string(), string()),
};

const Greet: TestOperation<Greeting, { Text: string; At: Date; Nothing: undefined }> = {
  caller: "public",
  input: greetingChecks,
  async handle(_call, input) {
    handled.push(input.Name);
    if (input.Name === "taken") throw new ServiceError("UsernameExistsException", "Täken\r\nX: 1");
    if (input.Name === "guess") throw new ServiceError("NotAuthorizedException", "untold");
    if (input.Name === "bug") throw new TypeError("undefined is not a function");
    if (input.Name === "busy") throw new Overloaded("greeting");
    return { Text: `Hello ${input.Name}`, At: new Date(1_700_000_000_123), Nothing: undefined };
  },
};
const WhoAmI: TestOperation<{ AccessToken: string }, { Name: string }> = {
  caller: "token",
  readOnly: true,
  input: { AccessToken: required(string({ sensitive: true })) },
  handle: async (call) => ({ Name: call.holder ?? "" }),
};
const Erase: TestOperation<Greeting, object> = {
  caller: "iam",
  input: greetingChecks,
  async handle(_call, { Name }) {
    handled.push(Name);
    return undefined as unknown as object;
  },
};
const service: Service = {
  signingName: "test",
  targetPrefix: "TestService",
  operations: { Greet, WhoAmI, Erase },
  unsupported: { Later: "it is not built yet" },
};
const other: Service = { ...service, targetPrefix: "OtherService", operations: { Greet } };

let app: FastifyInstance;
beforeAll(() => {
  app = makeHttp({
    requestId: () => "request-1",
    clock: { now: () => 1_700_000_000_000 },
    log: { error: (about) => faults.push(about) },
    trustedProxies: [],
  });
  app.all("/*", async (request, reply) => {
    const target = String(request.headers["x-amz-target"] ?? "");
    const wire = { ...wireRequest(request), target };
    return sendWire(reply, await answerAwsJson([service, other], gate, wire));
  });
});
afterAll(() => app.close());
beforeEach(() => {
  trail = [];
  faults = [];
  handled = [];
  diskFull = false;
});

type Sent = { body?: string | Buffer | object; signed?: boolean; target?: string };

async function call(operation: string, { body = {}, signed = false, target }: Sent = {}) {
  const answer = await app.inject({
    method: "POST",
    url: "/any/path",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target ?? `TestService.${operation}`,
      ...(signed ? { authorization: "signed" } : {}),
    },
    payload: typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

const errorOf = ({ status, body }: { status: number; body: string }) => ({
  status,
  ...(JSON.parse(body) as { __type: string; message: string }),
});

describe("an answer", () => {
  test("is AWS JSON, with times in seconds and no absent member", async () => {
    const answer = await call("Greet", { body: { Name: "Ada" } });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-requestid": "request-1",
      "access-control-allow-origin": "*",
      "content-length": String(answer.body.length),
    });
    expect(answer.headers).not.toHaveProperty("x-amzn-errortype");
    expect(answer.body).toBe('{"Text":"Hello Ada","At":1700000000.123}');
  });

  test("is an empty object where the operation says nothing", async () => {
    expect((await call("Erase", { body: { Name: "Ada" }, signed: true })).body).toBe("{}");
  });

  test("of an error carries its name and text twice, on one line each", async () => {
    const answer = await call("Greet", { body: { Name: "taken" } });
    expect(answer.status).toBe(400);
    expect(answer.body).toBe('{"__type":"UsernameExistsException","message":"Täken\\r\\nX: 1"}');
    expect(answer.headers).toMatchObject({
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-requestid": "request-1",
      "x-amzn-errortype": "UsernameExistsException:",
      "x-amzn-errormessage": "T?ken??X: 1",
      "access-control-allow-origin": "*",
    });
    expect(answer.headers).not.toHaveProperty("x");
  });

  test("of a fault is 500 and tells nothing of it", async () => {
    const answer = await call("Greet", { body: { Name: "bug" } });
    expect(errorOf(answer)).toEqual({
      status: 500,
      __type: "InternalErrorException",
      message: "Something went wrong.",
    });
    expect(faults).toHaveLength(1);
  });
});

describe("the target", () => {
  test.each([
    "",
    "TestService",
    "TestService.",
    "TestService.Nope",
    "TestService.greet",
    "TestService.Greet.Greet",
    "TestService.Greet, TestService.Greet",
    "testservice.Greet",
    "Greet",
    ".Greet",
    "OtherService.Erase",
    "TestService.__proto__",
    "TestService.constructor",
    "NoService.Greet",
    "x".repeat(10_000),
  ])("%j is an UnknownOperationException", async (target) => {
    const answer = await call("", { target, signed: true, body: { Name: "Ada" } });
    expect(errorOf(answer)).toEqual({
      status: 400,
      __type: "UnknownOperationException",
      message: "",
    });
    expect(answer.headers["x-amzn-errortype"]).toBe("UnknownOperationException:");
    expect(trail).toEqual([]);
  });

  test("of an operation that is not here yet says why", async () => {
    expect(errorOf(await call("Later"))).toMatchObject({
      __type: "UnknownOperationException",
      message: "Later is not available here: it is not built yet",
    });
  });

  test("of each service reaches that service", async () => {
    expect((await call("", { target: "OtherService.Greet", body: { Name: "Ada" } })).status).toBe(
      200,
    );
  });

  test.each(["GET", "PUT", "DELETE", "PATCH"] as const)(
    "counts for POST, not %s",
    async (method) => {
      const headers = { "x-amz-target": "TestService.Greet" };
      const answer = await app.inject({ method, url: "/", headers });
      expect(answer.json()).toMatchObject({ __type: "UnknownOperationException" });
      expect(handled).toEqual([]);
    },
  );
});

describe("a body", () => {
  const notJson: [string, string | Buffer][] = [
    ["nothing", ""],
    ["an open brace", "{"],
    ["a trailing comma", '{"Name":"Ada",}'],
    ["two values", '{"Name":"Ada"}{}'],
    ["null", "null"],
    ["a string", '"Name"'],
    ["a form", "Name=Ada"],
    ["a member twice", '{"Name":"Ada","Name":"Bob"}'],
    ["a member twice, once escaped", '{"Name":"Ada","\\u004eame":"Bob"}'],
    ["invalid UTF-8", Buffer.from([...Buffer.from('{"Name":"'), 0xc3, 0x28, 0x22, 0x7d])],
    ["UTF-16", Buffer.from('{"Name":"Ada"}', "utf16le")],
    ["gzip", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0])],
    ["17 levels", `{"Name":${"[".repeat(16)}${"]".repeat(16)}}`],
    ["a million levels", "[".repeat(999_999)],
  ];
  test.each(notJson)("of %s is a SerializationException", async (_what, body) => {
    for (const operation of ["Greet", "Erase"]) {
      expect(errorOf(await call(operation, { body, signed: true }))).toEqual({
        status: 400,
        __type: "SerializationException",
        message: "",
      });
    }
    expect(handled).toEqual([]);
  });

  test("of a list is refused as AWS refuses it", async () => {
    expect(errorOf(await call("Greet", { body: "[]" })).message).toBe(
      "Start of list found where not expected",
    );
  });

  test.each([
    '{"Name":"Ada","__proto__":{"Secret":"x"}}',
    '{"Name":"Ada","constructor":{"prototype":{}}}',
    '{"Name":"Ada","Nope":1}',
  ])("with an unknown member, %s, is refused", async (body) => {
    const answer = errorOf(await call("Greet", { body }));
    expect(answer.__type).toBe("SerializationException");
    expect(answer.message).toMatch(/^Unknown member: /);
  });

  test("may say null for what is absent", async () => {
    const body = { Name: "Ada", Secret: null, Tags: null, More: { A: null } };
    expect((await call("Greet", { body })).status).toBe(200);
    expect(trail).toEqual(['Greet - - ok {"name":"Ada","more":{}}']);
  });

  test("is taken as JSON whatever its content type says", async () => {
    for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
      const answer = await app.inject({
        method: "POST",
        url: "/",
        headers: { "content-type": type, "x-amz-target": "TestService.Greet" },
        payload: '{"Name":"Ada"}',
      });
      expect(answer.statusCode).toBe(200);
    }
  });
});

describe("constraints", () => {
  test("are checked before the token and before the handler, all of them", async () => {
    const wrong = { Name: "", Secret: "much too long" };
    expect(errorOf(await call("Greet", { body: wrong }))).toEqual({
      status: 400,
      __type: "InvalidParameterException",
      message:
        "2 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member must have length " +
        "greater than or equal to 1; Value at 'secret' failed to satisfy constraint: Member must have length less " +
        "than or equal to 10",
    });
    expect(errorOf(await call("WhoAmI")).message).toBe(
      "1 validation error detected: Value at 'accessToken' failed to satisfy constraint: Member must not be null",
    );
    expect(handled).toEqual([]);
  });

  test("of an administrator's operation come after the signature", async () => {
    for (const body of ["{", { Name: "" }]) {
      expect(errorOf(await call("Erase", { body })).__type).toBe(
        "MissingAuthenticationTokenException",
      );
    }
    expect(errorOf(await call("Erase", { body: {}, signed: true })).__type).toBe(
      "InvalidParameterException",
    );
  });
});

describe("the trail", () => {
  test("has what succeeded and what was refused, without secrets", async () => {
    await call("Greet", { body: { Name: "Ada", Secret: "hush" } });
    await call("Greet", { body: { Name: "taken" } });
    await call("WhoAmI", { body: { AccessToken: "good" } });
    await call("WhoAmI", { body: { AccessToken: "bad" } });
    await call("Erase", { body: { Name: "Ada" }, signed: true });
    const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";
    expect(trail).toEqual([
      `Greet - - ok {"name":"Ada","secret":"${hidden}"}`,
      'Greet - - UsernameExistsException {"name":"taken"}',
      `WhoAmI - ada ok {"accessToken":"${hidden}"}`,
      `WhoAmI - - NotAuthorizedException {"accessToken":"${hidden}"}`,
      'Erase root - ok {"name":"Ada"}',
    ]);
  });

  test("has what an administrator is refused, malformed or not", async () => {
    await call("Erase", { body: "{", signed: true });
    await call("Erase", { body: { Name: "" }, signed: true });
    expect(trail).toEqual([
      "Erase root - SerializationException null",
      "Erase root - InvalidParameterException null",
    ]);
  });

  test("has a failure of ours", async () => {
    await call("Greet", { body: { Name: "bug" } });
    expect(trail).toEqual(['Greet - - InternalErrorException {"name":"bug"}']);
  });

  test("grows by no byte for a stranger's garbage, nor under load", async () => {
    await call("Nope");
    await call("Erase", { body: { Name: "Ada" } });
    await call("Greet", { body: "{" });
    await call("Greet", { body: { Name: "" } });
    await call("Greet", { body: { Name: 1 } });
    await call("WhoAmI", { body: {} });
    expect(errorOf(await call("Greet", { body: { Name: "busy" } })).__type).toBe(
      "TooManyRequestsException",
    );
    expect(trail).toEqual([]);
  });

  test("has what was refused, also where the client is told something else", async () => {
    const answer = errorOf(await call("Greet", { body: { Name: "guess" } }));
    expect(answer.__type).toBe("TooManyRequestsException");
    expect(trail).toEqual(['Greet - - NotAuthorizedException {"name":"guess"}']);
  });
});

describe("admission", () => {
  test("is asked of public calls before they are handled, and of no others", async () => {
    const refused = errorOf(await call("Greet", { body: { Name: "pushy" } }));
    expect(refused.__type).toBe("TooManyRequestsException");
    expect(handled).toEqual([]);
    const erased = await call("Erase", { body: { Name: "pushy" }, signed: true });
    expect(erased.status).toBe(200);
  });

  test("that cannot be written makes success and refusal a 500", async () => {
    diskFull = true;
    expect((await call("Greet", { body: { Name: "Ada" } })).status).toBe(500);
    expect((await call("Greet", { body: { Name: "taken" } })).status).toBe(500);
    expect((await call("Greet", { body: { Name: "bug" } })).status).toBe(500);
    expect(trail).toEqual([]);
  });
});

describe("an operation within another call", () => {
  const admin: TestCall = {
    facts: { requestId: "request-9", operation: "ApplyStack" },
    parameters: {},
    principal: "root",
  };
  const within = (name: string, input: object) =>
    invokeWithin(service, gate, { call: admin, name, input });

  test("answers its output and has a row of its own", async () => {
    expect(await within("Greet", { Name: "Ada" })).toMatchObject({ Text: "Hello Ada" });
    expect(await within("Erase", { Name: "Ada" })).toEqual({});
    expect(trail).toEqual(['Greet root - ok {"name":"Ada"}', 'Erase root - ok {"name":"Ada"}']);
    expect(admin.parameters).toEqual({});
  });

  test("is held to the same checks and refused in the same words", async () => {
    await expect(within("Erase", { Name: "" })).rejects.toMatchObject({
      code: "InvalidParameterException",
      message: expect.stringContaining("'name'"),
    });
    await expect(within("Erase", { Nope: 1 })).rejects.toThrow("Unknown member: Nope");
    await expect(within("Nope", {})).rejects.toMatchObject({ code: "UnknownOperationException" });
    await expect(within("Greet", { Name: "taken" })).rejects.toThrow("Täken");
    expect(handled).toEqual(["taken"]);
    expect(trail).toHaveLength(3);
  });

  test("that fails by a bug of ours throws what may be told of it", async () => {
    await expect(within("Greet", { Name: "bug" })).rejects.toMatchObject({
      code: "InternalErrorException",
    });
    expect(trail).toEqual(['Greet root - InternalErrorException {"name":"bug"}']);
  });
});

describe("whatever is sent", () => {
  test("no JSON makes a fault", async () => {
    const names = fc.constantFrom("Name", "Secret", "Tags", "More", "__proto__", "a");
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.jsonValue(),
        fc.dictionary(names, tie("any"), { maxKeys: 4 }),
        fc.array(tie("any"), { maxLength: 3 }),
        fc.string({ unit: "binary" }),
      ),
    })).any;
    const bodies = fc.oneof(value, fc.dictionary(names, value, { maxKeys: 4 }));
    const operations = fc.constantFrom("Greet", "WhoAmI", "Erase");
    await fc.assert(
      fc.asyncProperty(operations, bodies, async (operation, body) => {
        const answer = await call(operation, { body: JSON.stringify(body) ?? "", signed: true });
        expect(answer.status).toBeLessThan(500);
        expect(() => JSON.parse(answer.body)).not.toThrow();
      }),
      { numRuns: 500 },
    );
    expect(faults).toEqual([]);
  });

  test("no bytes make a fault", async () => {
    const nearJson = fc
      .array(
        fc.constantFrom(
          '{"Name":',
          '"Ada"',
          "{",
          "}",
          "[",
          "]",
          ",",
          '"',
          "\\u",
          "\\",
          "1e9",
          "\0",
        ),
      )
      .map((parts) => Buffer.from(parts.join("")));
    const bytes = fc.oneof(
      nearJson,
      fc.uint8Array({ maxLength: 64 }).map((a) => Buffer.from(a)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (body) => {
        expect((await call("Greet", { body })).status).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
    expect(faults).toEqual([]);
  });
});
