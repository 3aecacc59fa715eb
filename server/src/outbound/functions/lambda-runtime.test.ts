import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Attempt, Invocation } from "../../domain/functions/runtime.ts";
import { signingKeys } from "../../protocol/sigv4/signing-keys.ts";
import { verifySignature } from "../../protocol/sigv4/verify-signature.ts";
import { httpServer, localHttp } from "../../testing/http-server.ts";
import type { HttpClient, HttpRequest } from "../http.ts";
import { createLambdaRuntime, type LambdaRuntimeOptions } from "./lambda-runtime.ts";

const nowMs = Date.UTC(2026, 10, 25, 12);
const keys = {
  accessKeyId: "AKIAPOOLHOUSETEST000",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
};
const target = "arn:aws:lambda:eu-west-1:999999999999:function:by-invitation:live";
const event = '{"userName":"Ada Ð"}';

function run(given: Partial<LambdaRuntimeOptions>) {
  const invocation: Invocation = {
    arn: "arn:aws:lambda:us-east-1:123456789012:function:one",
    name: "one",
    region: "us-east-1",
    target,
    handler: "",
    environment: {},
    secret: undefined,
    requestId: "request",
    event,
  };
  const options = { http: localHttp, nowMs: () => nowMs, keys, endpoint: undefined, ...given };
  return createLambdaRuntime(options).run(invocation);
}

type Answer = { status: number; body: string; headers?: Record<string, string> };

/** What comes of this answer of Lambda's. */
async function answered({ status, body, headers = {} }: Answer): Promise<Attempt> {
  const server = createServer((_request, response) =>
    response.writeHead(status, headers).end(body),
  );
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return await run({ endpoint: `http://127.0.0.1:${port}` });
}

const failed = (message: string, again: boolean) => ({ kind: "failed", message, again });

test("Lambda gets Invoke, signed for its service and the function's region", async () => {
  const { origin, received } = await httpServer(() => ({ status: 200, body: '{"ok":true}' }));
  expect(await run({ endpoint: origin })).toEqual({ kind: "returned", payload: { ok: true } });
  const [got] = received;
  const path = `/2015-03-31/functions/${encodeURIComponent(target)}/invocations`;
  expect(got).toMatchObject({ method: "POST", url: path, body: event });
  expect(got?.headers).toMatchObject({
    "content-type": "application/json",
    "x-amz-invocation-type": "RequestResponse",
  });
  const { url = "", rawHeaders = [], body = "" } = got ?? {};
  const known = signingKeys((id) =>
    id === keys.accessKeyId ? { secret: keys.secretAccessKey } : undefined,
  );
  const request = { method: "POST", rawUrl: url, rawHeaders, body: Buffer.from(body) };
  const expected = { service: "lambda" };
  const verified = await verifySignature(request, known, { nowMs, expected });
  expect(verified).toMatchObject({ ok: true, region: "eu-west-1" });
  expect(JSON.stringify(got)).not.toContain(keys.secretAccessKey);
});

test("it is the Lambda of the function's region", async () => {
  const sent: HttpRequest[] = [];
  const http: HttpClient = {
    async send(request) {
      sent.push(request);
      return { status: 200, headers: {}, body: "{}" };
    },
  };
  await run({ http });
  expect(sent[0]?.url).toMatch(/^https:\/\/lambda\.eu-west-1\.amazonaws\.com\/2015-03-31\//);
  expect(sent[0]?.timeoutMs).toBe(5000);
});

const threw = { "x-amz-function-error": "Unhandled" };

test("a function that threw refuses, with its message", async () => {
  const body = '{"errorType":"Error","errorMessage":"not you","trace":[]}';
  const attempt = await answered({ status: 200, headers: threw, body });
  expect(attempt).toEqual({ kind: "refused", message: "not you" });
});

test("an answer that only looks like an error is an answer", async () => {
  const body = '{"errorMessage":"not you"}';
  expect(await answered({ status: 200, body })).toMatchObject({ kind: "returned" });
});

describe("nothing comes of", () => {
  test.each(["Sandbox.Timedout", "Runtime.ExitError", "Runtime.ImportModuleError"])(
    "a function that ended with %s",
    async (errorType) => {
      const body = JSON.stringify({ errorType, errorMessage: "RequestId: … ended" });
      const attempt = await answered({ status: 200, headers: threw, body });
      expect(attempt).toEqual(failed("it failed on Lambda: RequestId: … ended", true));
    },
  );

  test("an error without a message", async () => {
    for (const body of ["", "{}", "null", "7"]) {
      const attempt = await answered({ status: 200, headers: threw, body });
      expect(attempt).toEqual(failed("it failed without a message", false));
    }
  });

  test("an answer that is not JSON", async () => {
    const attempt = await answered({ status: 200, body: "<html>" });
    expect(attempt).toEqual(failed("it answered what is not JSON", false));
  });

  test.each<[number, string, boolean]>([
    [202, "", false],
    [302, "", false],
    [403, "AccessDeniedException", false],
    [404, "ResourceNotFoundException", false],
    [429, "TooManyRequestsException", true],
    [500, "ServiceException", true],
  ])("an answer %i %s", async (status, code, again) => {
    const headers = { "x-amzn-errortype": `${code}:http://internal.amazon.com/coral/` };
    const body = '{"errorMessage":"not you"}';
    const attempt = await answered({ status, headers: code ? headers : {}, body });
    expect(attempt).toEqual(failed(`Lambda answered ${status} ${code}`.trim(), again));
  });

  test("a connection that is refused", async () => {
    const attempt = await run({ endpoint: "http://127.0.0.1:1" });
    expect(attempt).toMatchObject({ kind: "failed", again: true });
  });

  test("an endpoint that must not be reached", async () => {
    const attempt = await run({ endpoint: "https://169.254.169.254" });
    expect(attempt).toMatchObject({ kind: "failed", again: false });
  });

  test("a server without keys, and nothing is sent", async () => {
    const { origin, received } = await httpServer(() => ({ status: 200, body: "{}" }));
    const attempt = await run({ endpoint: origin, keys: undefined });
    expect(attempt).toEqual(failed("POOLHOUSE_AWS_ACCESS_KEY_ID is not set", false));
    expect(received).toEqual([]);
  });
});
