/** Whatever is sent to whichever operation: AWS's own error, nothing changed, bounded memory and time. */
import { readFileSync } from "node:fs";
import { Agent } from "node:https";
import { connect as connectPlain, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bentInputs, malformedBodies } from "./harness/bad-bodies.ts";
import {
  inputOf,
  kmsOperations,
  operations,
  ownOperations,
  type Stage,
} from "./harness/operations.ts";
import { makePool, signIn } from "./harness/own-pool.ts";
import { type Answer, send } from "./harness/request.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { type SignOptions, sign } from "./harness/sign.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

const prefix = "AWSCognitoIdentityProviderService";
let server: Server;
let agent: Agent;
let stage: Stage;
let slow: readonly SlowClient[];
let silent: readonly SlowClient[];

beforeAll(async () => {
  server = await startServer();
  trust(server);
  // These go on while everything else is asked.
  slow = startSlowClients();
  silent = startSilentClients();
  agent = new Agent({ keepAlive: true, maxSockets: 4, ca: server.ca });
  stage = await makeStage();
});
afterAll(async () => {
  agent.destroy();
  for (const { socket } of [...slow, ...silent]) socket.destroy();
  await stopAll();
});

/** A pool with one of everything that an operation can reach. */
async function makeStage(): Promise<Stage> {
  const client = server.client();
  const pool = await makePool(client);
  const { UserPoolId } = pool;
  const user = { UserPoolId, Username: "victim" };
  await client.send(new Sdk.AdminCreateUserCommand({ ...user, MessageAction: "SUPPRESS" }));
  await client.send(
    new Sdk.AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }),
  );
  await client.send(new Sdk.CreateGroupCommand({ UserPoolId, GroupName: "group" }));
  await client.send(new Sdk.AdminAddUserToGroupCommand({ ...user, GroupName: "group" }));
  const tokens = await signIn(client, pool.ClientId, { username: "victim" });
  return { ...pool, accessToken: tokens.access, refreshToken: tokens.refresh };
}

type Post = {
  readonly target: string;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Posts as the SDKs do, unsigned unless the headers say otherwise. */
function post({ target, body, headers }: Post): Promise<Answer> {
  return send(`${server.url}/`, {
    ca: server.ca,
    agent,
    method: "POST",
    body,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target, ...headers },
  });
}

/** The headers that a root signature adds. */
function signed(about: Pick<SignOptions, "target" | "body"> & Partial<SignOptions>) {
  const host = `localhost:${server.port}`;
  const own = about.target.startsWith("TrentService.") ? "kms" : "poolhouse";
  const service = about.target.startsWith(prefix) ? "cognito-idp" : own;
  return sign({ host, keys: server.keys, service, ...about });
}

/** Calls an operation as whoever may call it. */
function call(name: string, body: string | Uint8Array): Promise<Answer> {
  const [target, caller] = targetOf(name);
  const headers = caller === "iam" ? signed({ target, body }) : {};
  return post({ target, body, headers });
}

function targetOf(name: string): readonly [target: string, caller: string] {
  const own = ownOperations[name];
  if (own) return [`PoolhouseService.${name}`, own.caller];
  if (kmsOperations[name]) return [`TrentService.${name}`, "iam"];
  return [`${prefix}.${name}`, operations[name]?.caller ?? "public"];
}

/** What is not as AWS answers a client's fault with one of these codes, or undefined. */
function flawOf(answer: Answer, ...codes: readonly string[]): string | undefined {
  const { status, headers, text } = answer;
  const seen = `${status} ${text.slice(0, 300)}`;
  if (status !== 400) return seen;
  const { __type: code, message, ...more } = JSON.parse(text) as Record<string, unknown>;
  if (!codes.includes(String(code)) || typeof message !== "string") return seen;
  if (Object.keys(more).length > 0) return `more than code and message: ${seen}`;
  const wanted = {
    "content-type": "application/x-amz-json-1.1",
    "x-amzn-requestid": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-amzn-errortype": `${code}:`,
    "x-amzn-errormessage": message
      .replace(/[^\x20-\x7e]/g, "?")
      .slice(0, 1024)
      .trim(),
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
  };
  expect(headers).toMatchObject(wanted);
  return undefined;
}

/** All that the operations could have changed. */
async function stateOf(): Promise<readonly string[]> {
  const { UserPoolId, ClientId } = stage;
  const asked: readonly (readonly [string, object])[] = [
    ["ListUserPools", { MaxResults: 60 }],
    ["DescribeUserPool", { UserPoolId }],
    ["ListUserPoolClients", { UserPoolId }],
    ["DescribeUserPoolClient", { UserPoolId, ClientId }],
    ["ListUsers", { UserPoolId }],
    ["ListGroups", { UserPoolId }],
    ["AdminListGroupsForUser", { UserPoolId, Username: "victim" }],
    ["GetUser", { AccessToken: stage.accessToken }],
    ["GetUserPoolExtensions", { UserPoolId }],
    ["DescribeUserPoolDomain", { Domain: "login.shop.example" }],
    ["ListResourceServers", { UserPoolId }],
    ["DescribeManagedLoginBrandingByClient", { UserPoolId, ClientId }],
    ["GetUICustomization", { UserPoolId }],
    ["ListTerms", { UserPoolId }],
    ["ListFunctions", {}],
    ["GetUserPoolClientExtensions", { UserPoolId, ClientId }],
  ];
  const answers = asked.map(async ([name, input]) => {
    const { status, text } = await call(name, JSON.stringify(input));
    return `${name} ${status} ${text}`;
  });
  return await Promise.all(answers);
}

test("these are all operations that there are", async () => {
  const names = Object.keys(Sdk).flatMap((name) => /^([A-Z]\w+)Command$/.exec(name)?.[1] ?? []);
  const answers = await Promise.all(
    names.map(
      async (name) => [name, await post({ target: `${prefix}.${name}`, body: "" })] as const,
    ),
  );
  const there = answers.filter(([, { text }]) => !text.includes("UnknownOperationException"));
  expect(there.map(([name]) => name).sort()).toEqual(Object.keys(operations).sort());
});

const everyOperation = [operations, ownOperations, kmsOperations].flatMap(Object.keys);

describe.each(everyOperation)("%s", (name) => {
  test("refuses what it cannot read and what breaks a rule, and changes nothing", async () => {
    const before = await stateOf();
    const cases = [...malformedBodies(name, stage), ...bentInputs(name, stage)];
    const flaws = cases.map(async ({ what, body, code }) => {
      const flaw = flawOf(await call(name, body), code);
      return flaw === undefined ? [] : [`${what}: ${flaw}`];
    });
    expect((await Promise.all(flaws)).flat()).toEqual([]);
    expect(await stateOf()).toEqual(before);
  });
});

const signedOperations = everyOperation.filter((name) => targetOf(name)[1] === "iam");

describe.each(signedOperations)("%s", (name) => {
  test("is refused without a good signature of its own, and changes nothing", async () => {
    const before = await stateOf();
    const [target] = targetOf(name);
    const body = JSON.stringify(inputOf(name, stage));
    const good = signed({ target, body });
    const { accessKeyId, secretAccessKey } = server.keys;
    const other = `${prefix}.${name === "ListUserPools" ? "DescribeUserPool" : "ListUserPools"}`;
    const hourAgo = new Date(Date.now() - 3_600_000);
    const attempts: (readonly [string, Record<string, string>])[] = [
      ["MissingAuthenticationTokenException", {}],
      ["IncompleteSignatureException", { ...good, authorization: "AWS4-HMAC-SHA256 nonsense" }],
      ["InvalidSignatureException", { ...good, authorization: bent(good["authorization"]) }],
      ["InvalidSignatureException", signed({ target, body: `${body} ` })],
      ["InvalidSignatureException", { ...signed({ target: other, body }), "x-amz-target": target }],
      ["InvalidSignatureException", signed({ target, body, service: "s3" })],
      ["InvalidSignatureException", signed({ target, body, at: hourAgo })],
      [
        "InvalidSignatureException",
        signed({ target, body, keys: { accessKeyId, secretAccessKey: `${secretAccessKey}x` } }),
      ],
      [
        "UnrecognizedClientException",
        signed({ target, body, keys: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey } }),
      ],
    ];
    // The trail is the account's, whatever the region, and outlives its pools.
    if (body.includes(stage.UserPoolId) && name !== "ListAuditEvents") {
      const elsewhere = signed({ target, body, region: "eu-west-1" });
      attempts.push(["ResourceNotFoundException", elsewhere]);
    }
    const flaws = attempts.map(async ([code, headers]) => {
      const flaw = flawOf(await post({ target, body, headers }), code);
      return flaw === undefined ? [] : [`${code}: ${flaw}`];
    });
    expect((await Promise.all(flaws)).flat()).toEqual([]);
    expect(await stateOf()).toEqual(before);
  });
});

/** The same signature but for its last digit. */
function bent(authorization = ""): string {
  return authorization.replace(/.$/, (digit) => (digit === "0" ? "1" : "0"));
}

test.each([
  "",
  prefix,
  `${prefix}.`,
  `${prefix}.Nothing`,
  `${prefix}.signUp`,
  `${prefix}.SignUp.SignUp`,
  `${prefix}.__proto__`,
  `${prefix}.constructor`,
  `${prefix}.toString`,
  `${prefix}.hasOwnProperty`,
  "AWSCognitoIdentityService.Nothing",
  "DynamoDB_20120810.ListTables",
  "PoolhouseService.Nothing",
  "TrentService.GenerateDataKey",
  "a".repeat(10_000),
])("nobody knows the target %#", async (target) => {
  const flaw = flawOf(await post({ target, body: "{}" }), "UnknownOperationException");
  expect(flaw).toBeUndefined();
});

test("a key named like a property of every object means no more than itself", async () => {
  const { ClientId } = stage;
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty"];
  for (const name of names) {
    const parameters = `{"${name}":"x","USERNAME":"victim","PASSWORD":"Wrong-1-x"}`;
    const body = `{"ClientId":"${ClientId}","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":${parameters},"ClientMetadata":{"${name}":"x"}}`;
    expect(flawOf(await call("InitiateAuth", body), "NotAuthorizedException")).toBeUndefined();
    // Nor is a parameter there that only every object has.
    const missing = `{"ClientId":"${ClientId}","AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"${name}":{"USERNAME":"x"}}}`;
    expect(flawOf(await call("InitiateAuth", missing), "SerializationException")).toBeUndefined();
  }
});

/** A connection of which the test says every byte. */
function openSocket(): TLSSocket {
  return connect({ host: "localhost", port: server.port, ca: server.ca, servername: "localhost" });
}

const head = (...headers: readonly string[]) =>
  `${["POST / HTTP/1.1", "Host: localhost", `X-Amz-Target: ${prefix}.SignUp`, ...headers].join("\r\n")}\r\n\r\n`;

/** Sends the bytes and then as much more, until an answer comes; tells what came back and how much was taken. */
function pour(bytes: string, more: number): Promise<{ answer: string; taken: number }> {
  return new Promise((resolve) => {
    const socket = openSocket();
    const chunk = Buffer.alloc(65_536, "a");
    let answer = "";
    let taken = 0;
    const go = () => {
      while (taken < more && answer === "") {
        taken += chunk.length;
        if (!socket.write(chunk)) {
          socket.once("drain", go);
          return;
        }
      }
    };
    socket.setEncoding("utf8").on("data", (text: string) => {
      answer += text;
      socket.end();
    });
    // A reset after the answer is how the rest of a body is refused.
    socket.on("error", () => undefined);
    socket.on("close", () => resolve({ answer, taken }));
    socket.write(bytes);
    go();
  });
}

/** The most memory that the server has had so far, in MB. */
function peakMb(): number {
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1000;
}

test.each([
  ["with its length", head("Content-Length: 100000000")],
  ["in chunks", `${head("Transfer-Encoding: chunked")}5F5E100\r\n`],
])("a body of 100 MB %s is refused early, and none of it is kept", async (_how, bytes) => {
  const beforeMb = peakMb();
  const poured = await Promise.all(Array.from({ length: 8 }, () => pour(bytes, 100_000_000)));
  for (const { answer, taken } of poured) {
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain("RequestEntityTooLargeException");
    expect(answer).toMatch(/^access-control-allow-origin: \*\r$/im);
    expect(taken).toBeLessThan(60_000_000);
  }
  expect(peakMb() - beforeMb).toBeLessThan(100);
});

test.each([
  ["one of 1 MB", head(`X-Bomb: ${"a".repeat(1_000_000)}`)],
  ["50,000 small ones", head(...Array.from({ length: 50_000 }, (_, n) => `X-${n}: a`))],
  ["an address of 1 MB", head().replace("/ ", `/${"a".repeat(1_000_000)} `)],
])("headers beyond the limit are refused: %s", async (_what, bytes) => {
  const beforeMb = peakMb();
  const { answer } = await pour(bytes, 0);
  expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  expect(answer).toContain("RequestEntityTooLargeException");
  expect(peakMb() - beforeMb).toBeLessThan(100);
});

test("bytes that are no HTTP are answered and hung up on", async () => {
  const { answer } = await pour("\u0000\u0001nonsense\r\n\r\n", 0);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

test("every input that was bent is good as it was, and public ones ignore an Authorization header", async () => {
  for (const name of everyOperation) {
    const [target, caller] = targetOf(name);
    const body = JSON.stringify(inputOf(name, stage));
    const headers =
      caller === "iam"
        ? signed({ target, body })
        : { authorization: "AWS4-HMAC-SHA256 Credential=nobody, Signature=nonsense" };
    const { status, text } = await post({ target, body, headers });
    expect({ name, status, text }).toEqual({
      name,
      status: expect.toSatisfy((code: number) => code === 200 || code === 400),
      text: expect.not.stringMatching(
        /Serialization|validation error|Signature|AuthenticationToken|UnrecognizedClient/,
      ),
    });
  }
});

type SlowClient = { readonly socket: Socket; readonly answer: Promise<string> };

/** Connections that begin a request and never end it, one of them a byte at a time. */
function startSlowClients(): readonly SlowClient[] {
  const beginnings = [
    "POST / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    `${head("Content-Length: 1000")}{`,
    `${head("Transfer-Encoding: chunked")}1\r\n{\r\n`,
  ];
  const clients = Array.from({ length: 30 }, (_, n) =>
    startSlow(openSocket(), beginnings[n % 3] ?? ""),
  );
  const dripping = startSlow(openSocket(), head("Content-Length: 1000"));
  const drip = setInterval(() => dripping.socket.write(" "), 500);
  dripping.socket.on("close", () => clearInterval(drip));
  return [...clients, dripping];
}

/** Connections on which no TLS begins, or only the first bytes of it. */
function startSilentClients(): readonly SlowClient[] {
  const beginnings = ["", "\u0016\u0003\u0001"];
  return Array.from({ length: 30 }, (_, n) =>
    startSlow(connectPlain(server.port, "127.0.0.1"), beginnings[n % 2] ?? ""),
  );
}

function startSlow(socket: Socket, bytes: string): SlowClient {
  let heard = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    heard += text;
  });
  socket.on("error", () => undefined);
  socket.write(bytes);
  return { socket, answer: new Promise((resolve) => socket.on("close", () => resolve(heard))) };
}

test("whoever never finishes a request is hung up on", async () => {
  for (const { answer } of slow) {
    expect(await answer).toMatch(/^HTTP\/1\.1 408 .*RequestTimeoutException/s);
  }
});

test("whoever connects and says nothing is hung up on", async () => {
  const answers = await Promise.all(silent.map(({ answer }) => answer));
  expect(answers).toHaveLength(30);
});

test("it is still the same process, and well", async () => {
  expect(readFileSync(`/proc/${server.pid}/cmdline`, "utf8")).toContain("poolhouse");
  expect(server.output().match(/ready in/g)).toHaveLength(1);
  const { status } = await send(`${server.url}/_poolhouse/health`, { ca: server.ca });
  expect(status).toBe(200);
  expect(peakMb()).toBeLessThan(500);
});
