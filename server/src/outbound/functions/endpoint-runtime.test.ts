import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Attempt, Invocation } from "../../domain/functions/runtime.ts";
import { httpServer, localHttp } from "../../testing/http-server.ts";
import { createHttpClient, type HttpClient } from "../http.ts";
import { createEndpointRuntime } from "./endpoint-runtime.ts";

const nowMs = Date.UTC(2026, 10, 25, 12);
const secret = "s".repeat(32);
const event = '{"userName":"Ada Ð"}';

function run(target: string, given: Partial<Invocation> = {}, http: HttpClient = localHttp) {
  const runtime = createEndpointRuntime({ http, nowMs: () => nowMs });
  return runtime.run({
    arn: "arn:aws:lambda:us-east-1:123456789012:function:one",
    name: "one",
    region: "us-east-1",
    target,
    handler: "",
    environment: {},
    secret,
    requestId: "request",
    event,
    ...given,
  });
}

async function answered(status: number, body: string): Promise<Attempt> {
  const { origin } = await httpServer(() => ({ status, body }));
  return await run(`${origin}/hook`);
}

const failed = (message: string, again: boolean) => ({ kind: "failed", message, again });

test("an endpoint gets the event, signed with the time", async () => {
  const { origin, received } = await httpServer(() => ({ status: 200, body: '{"ok":true}' }));
  expect(await run(`${origin}/hook?a=b`)).toEqual({ kind: "returned", payload: { ok: true } });
  const [got] = received;
  expect(got).toMatchObject({ method: "POST", url: "/hook?a=b", body: event });
  const hex = createHmac("sha256", secret)
    .update(`${nowMs / 1000}.${event}`)
    .digest("hex");
  expect(got?.headers).toMatchObject({
    "content-type": "application/json",
    "x-poolhouse-function": "one",
    "x-poolhouse-request-id": "request",
    "x-poolhouse-timestamp": String(nowMs / 1000),
    "x-poolhouse-signature": `v1=${hex}`,
  });
  expect(JSON.stringify(got)).not.toContain(secret);
});

describe("an endpoint refuses", () => {
  test.each([
    [200, '{"errorMessage":"not you","errorType":"Error"}'],
    [400, '{"errorMessage":"not you"}'],
    [403, '{"errorMessage":"not you"}'],
  ])("with %i and a message", async (status, body) => {
    expect(await answered(status, body)).toEqual({ kind: "refused", message: "not you" });
  });

  test.each(["null", "17", "{}", '["a"]'])("whatever the message is: %s", async (message) => {
    const attempt = await answered(200, `{"errorMessage":${message}}`);
    expect(attempt.kind).toBe("refused");
  });

  test("with a message that is cut where it gets long", async () => {
    const attempt = await answered(200, JSON.stringify({ errorMessage: "x".repeat(100_000) }));
    expect(attempt).toEqual({ kind: "refused", message: "x".repeat(4096) });
  });
});

describe("nothing comes of", () => {
  test.each([
    ["", "it answered what is not JSON"],
    ["<html>", "it answered what is not JSON"],
    ['{"a":1,"a":2}', "it answered what is not JSON"],
    ["[".repeat(1000) + "]".repeat(1000), "it answered what is not JSON"],
  ])("an answer %.20s", async (body, message) => {
    expect(await answered(200, body)).toEqual(failed(message, false));
  });

  test.each([201, 204, 301, 404, 429, 500, 503])("an answer %i", async (status) => {
    const again = status >= 500;
    const body = again ? '{"errorMessage":"not you"}' : "{}";
    expect(await answered(status, body)).toEqual(failed(`it answered ${status}`, again));
  });

  test("an answer that is too large", async () => {
    const attempt = await answered(200, JSON.stringify("x".repeat(262_144)));
    expect(attempt).toEqual(failed("the answer is longer than 262144 bytes", true));
  });

  test("a connection that ends without an answer", async () => {
    const server = createServer((request) => request.socket.destroy());
    await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    expect(await run(`http://127.0.0.1:${port}/`)).toMatchObject({ kind: "failed", again: true });
  });

  test.each([
    "https://127.0.0.1/",
    "https://10.0.0.1/",
    "https://[::1]/",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/",
    "http://example.com/",
    "file:///etc/passwd",
  ])("a call of %s, which is not to be reached, and it is not tried again", async (target) => {
    const attempt = await run(target, {}, createHttpClient({ allowedPrivateHosts: [] }));
    expect(attempt).toMatchObject({ kind: "failed", again: false });
  });

  test("a redirect to where the secrets are", async () => {
    const { origin, received } = await httpServer(() => ({ status: 302, body: "" }));
    expect(await run(origin)).toEqual(failed("it answered 302", false));
    expect(received).toHaveLength(1);
  });

  test("a function without a secret", async () => {
    const { origin, received } = await httpServer(() => ({ status: 200, body: "{}" }));
    expect(await run(origin, { secret: undefined })).toMatchObject({ kind: "failed" });
    expect(received).toEqual([]);
  });
});
