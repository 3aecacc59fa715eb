import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, type NetConnectOpts } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ServiceError } from "../errors/service-error.ts";
import { movableClock } from "../lib/clock.ts";
import { type HttpOptions, makeHttp, refuseUnknown, sendWire, wireRequest } from "./http.ts";

const clock = movableClock({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5) });
let logged: object[];
let app: FastifyInstance;

function serve(options: Partial<HttpOptions> = {}): FastifyInstance {
  const made = makeHttp({
    requestId: () => "request-1",
    clock,
    log: { error: (about) => logged.push(about) },
    trustedProxies: [],
    ...options,
  });
  made.setNotFoundHandler(refuseUnknown);
  made.post("/*", async (request, reply) => {
    const { body, sourceIp, rawUrl, userAgent } = wireRequest(request);
    const seen = { bytes: body.length, sourceIp, rawUrl, userAgent };
    return sendWire(reply, { status: 200, headers: {}, body: JSON.stringify(seen) });
  });
  made.get("/page", async (_request, reply) => reply.type("text/html").send("<p>"));
  made.get("/bug", async () => {
    throw new Error("a secret");
  });
  made.get("/refused", async () => {
    throw new ServiceError("NotAuthorizedException", "No.");
  });
  made.get("/_poolhouse/inbox", async () => "a code");
  return made;
}

beforeEach(() => {
  logged = [];
  app = serve();
});
afterEach(() => app.close());

const portOf = ({ server }: FastifyInstance) => (server.address() as AddressInfo).port;
const head = (method: string, ...headers: string[]) =>
  `${[`${method} / HTTP/1.1`, "Host: localhost", ...headers].join("\r\n")}\r\n\r\n`;

/** What the server says to these bytes until it hangs up, and how many of `more` it let in until then. */
function exchange(
  to: NetConnectOpts,
  bytes: string,
  more = 0,
): Promise<{ answer: string; taken: number }> {
  return new Promise((resolve) => {
    const socket = connect(to);
    const chunk = Buffer.alloc(65_536, "a");
    let answer = "";
    let taken = 0;
    const pour = () => {
      while (taken < more) {
        taken += chunk.length;
        if (!socket.write(chunk)) {
          socket.once("drain", pour);
          return;
        }
      }
    };
    socket.setEncoding("utf8");
    socket.on("data", (text) => {
      answer += text;
    });
    // A reset after the answer is how the rest of a body is refused.
    socket.on("error", () => undefined);
    socket.on("close", () => resolve({ answer, taken }));
    socket.write(bytes);
    pour();
  });
}

function expectRefusal(answer: string, status: number, code: string): void {
  const [headers = "", body = ""] = answer.split("\r\n\r\n");
  expect(headers).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(headers).toMatch(/^content-type: application\/x-amz-json-1\.1$/im);
  expect(headers).toMatch(/^x-amzn-requestid: request-1$/im);
  expect(headers).toMatch(new RegExp(`^x-amzn-errortype: ${code}:$`, "im"));
  expect(headers).toMatch(/^access-control-allow-origin: \*$/im);
  expect(headers).toMatch(/^date: Fri, 02 Jan 2026 03:04:05 GMT$/im);
  expect(headers).toMatch(/^connection: close$/im);
  expect(JSON.parse(body)).toMatchObject({ __type: code });
}

describe("limits", () => {
  const listen = async (options?: Partial<HttpOptions>) => {
    await app.close();
    app = serve(options);
    await app.listen({ host: "127.0.0.1", port: 0 });
    return { host: "127.0.0.1", port: portOf(app) };
  };

  test("the largest body is taken whole, one byte more is not", async () => {
    const most = await app.inject({ method: "POST", url: "/", payload: "a".repeat(1_000_000) });
    expect(most.json()).toMatchObject({ bytes: 1_000_000 });
    const more = await app.inject({ method: "POST", url: "/", payload: "a".repeat(1_000_001) });
    expect(more.statusCode).toBe(413);
    expect(more.json()).toEqual({
      __type: "RequestEntityTooLargeException",
      message: "The request entity is too large.",
    });
    expect(more.headers).toMatchObject({
      "x-amzn-requestid": "request-1",
      "access-control-allow-origin": "*",
      "content-type": "application/x-amz-json-1.1",
    });
  });

  test.each([
    ["with its length", "Content-Length: 100000000", ""],
    ["in chunks", "Transfer-Encoding: chunked", "5F5E100\r\n"],
  ])("100 MB %s are refused when little of them has come", async (_how, header, start) => {
    const to = await listen();
    const { answer, taken } = await exchange(to, head("POST", header) + start, 100_000_000);
    expectRefusal(answer, 413, "RequestEntityTooLargeException");
    expect(taken).toBeLessThan(30_000_000);
  });

  test("a real client reads the refusal of its 100 MB", async () => {
    const { port } = await listen();
    const body = Buffer.alloc(100_000_000);
    const answer = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ __type: "RequestEntityTooLargeException" });
  });

  test("headers beyond 32 KB are refused", async () => {
    const to = await listen();
    const { answer } = await exchange(to, head("GET", `Cookie: ${"a".repeat(33_000)}`));
    expectRefusal(answer, 431, "RequestEntityTooLargeException");
    const cookies = await fetch(`http://127.0.0.1:${to.port}/page`, {
      headers: { cookie: "a".repeat(30_000) },
    });
    expect(cookies.status).toBe(200);
  });

  test.each([
    ["headers that never end", "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "],
    ["a body that never ends", `${head("POST", "Content-Length: 20")}{`],
    ["chunks that never end", `${head("POST", "Transfer-Encoding: chunked")}1\r\n{\r\n`],
  ])("%s are given up", async (_what, bytes) => {
    const to = await listen({ requestTimeoutMs: 100 });
    const { answer } = await exchange(to, bytes);
    expectRefusal(answer, 408, "RequestTimeoutException");
  });

  test.each(["", "\x16\x03\x01"])(
    "a TLS handshake that never ends is given up, begun by %j",
    async (bytes) => {
      const to = await listen({ requestTimeoutMs: 100, https: {} });
      expect((await exchange(to, bytes)).answer).toBe("");
    },
  );

  test.each([
    ["no HTTP", "\x16\x03\x01 hello\r\n\r\n"],
    ["two lengths", `${head("POST", "Content-Length: 1", "Content-Length: 2")}{}`],
    [
      "a length and chunks",
      `${head("POST", "Content-Length: 1", "Transfer-Encoding: chunked")}0\r\n\r\n`,
    ],
    ["a NUL in a header", head("POST", "X-A: b\nX-C: d\0")],
  ])("%s is refused and the connection ended", async (_what, bytes) => {
    const to = await listen();
    const { answer } = await exchange(to, bytes);
    expectRefusal(answer, 400, "MalformedHttpRequestException");
  });
});

describe("errors before any route", () => {
  test.each([
    ["GET /nowhere", 404, "UnknownOperationException"],
    ["DELETE /page", 404, "UnknownOperationException"],
    ["GET /%zz", 400, "MalformedHttpRequestException"],
    ["POST /%zz", 400, "MalformedHttpRequestException"],
    ["GET /refused", 400, "NotAuthorizedException"],
  ])("%s answers %i %s as JSON", async (line, status, code) => {
    const [method = "", url = ""] = line.split(" ");
    const answer = await app.inject({ method: method as "GET", url });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ __type: code });
    expect(answer.headers).toMatchObject({
      "content-type": "application/x-amz-json-1.1",
      "x-amzn-requestid": "request-1",
      "x-amzn-errortype": `${code}:`,
      "access-control-allow-origin": "*",
      date: "Fri, 02 Jan 2026 03:04:05 GMT",
    });
    expect(logged).toEqual([]);
  });

  test("a bug in a route is a 500 that tells the log and nobody else", async () => {
    const answer = await app.inject({ method: "GET", url: "/bug" });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toEqual({ __type: "InternalFailure", message: "" });
    expect(logged).toEqual([
      expect.objectContaining({
        requestId: "request-1",
        err: expect.objectContaining({ message: "a secret" }),
      }),
    ]);
  });
});

describe("other origins", () => {
  const preflight = (headers: string, url = "/") =>
    app.inject({
      method: "OPTIONS",
      url,
      headers: {
        origin: "https://app.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": headers,
      },
    });

  test("read answers and the headers that SDKs look at", async () => {
    const answer = await app.inject({ method: "POST", url: "/" });
    expect(answer.headers).toMatchObject({
      "access-control-allow-origin": "*",
      "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
    });
    expect(answer.headers).not.toHaveProperty("access-control-allow-credentials");
  });

  test.each(["/", "/some/prefix/", "/us-east-1_abc/oauth2/token", "/nowhere", "/_api/a/b/c"])(
    "may ask beforehand about %s",
    async (url) => {
      const answer = await preflight("content-type,x-amz-target", url);
      expect(answer.statusCode).toBe(204);
      expect(answer.headers).toMatchObject({
        "access-control-allow-origin": "*",
        "access-control-allow-headers": "content-type,x-amz-target",
        "access-control-allow-methods": expect.stringContaining("POST"),
        "access-control-max-age": "600",
      });
    },
  );

  test("are granted the headers they ask for, custom ones too", async () => {
    const asked = "amz-sdk-request, x-amz-target, x-my.app_header!";
    expect((await preflight(asked)).headers["access-control-allow-headers"]).toBe(asked);
  });

  test.each(["a b", "a,,b", ",", "a;b", "a\u00e9", "x".repeat(5000), "*/*", "(a)"])(
    "that ask for %j are told the usual headers",
    async (asked) => {
      const allowed = (await preflight(asked)).headers["access-control-allow-headers"];
      expect(allowed).toMatch(/^content-type,x-amz-target,.*authorization,.*x-amz-content-sha256$/);
    },
  );

  test.each([
    "/_poolhouse/inbox",
    "/_poolhouse/inbox?to=a",
    "/%5Fpoolhouse/inbox",
    "/_%70oolhouse/inbox",
    "/_poolhouse%2Finbox",
    "//_poolhouse/inbox",
    "/_poolhouse/../_poolhouse/inbox",
    "/_POOLHOUSE/inbox",
    "/_poolhouse/nowhere",
  ])("never read %s, nor may ask", async (url) => {
    for (const answer of [await app.inject({ url }), await preflight("content-type", url)]) {
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
      expect(answer.headers).not.toHaveProperty("access-control-allow-headers");
    }
  });
});

test("the date is the product's, moved or not", async () => {
  const dateOf = async () => (await app.inject({ url: "/page" })).headers.date;
  const before = Date.parse(String(await dateOf()));
  clock.advance(3_600_000);
  expect(Date.parse(String(await dateOf()))).toBe(before + 3_600_000);
  clock.advance(-3_600_000);
});

describe("a request as the protocols read it", () => {
  test("has its body as bytes, whatever its content type", async () => {
    for (const type of [
      "application/json",
      "application/x-www-form-urlencoded",
      "x/y; charset=z",
    ]) {
      const headers = { "content-type": type, "user-agent": "a test" };
      const answer = await app.inject({ method: "POST", url: "/a?b=%2F", headers, payload: "{" });
      expect(answer.json()).toEqual({
        bytes: 1,
        sourceIp: "127.0.0.1",
        rawUrl: "/a?b=%2F",
        userAgent: "a test",
      });
    }
    expect((await app.inject({ method: "POST", url: "/" })).json()).toMatchObject({ bytes: 0 });
  });

  const from = async (options: Partial<HttpOptions>, forwarded: string, remoteAddress: string) => {
    const made = serve(options);
    const headers = { "x-forwarded-for": forwarded };
    const answer = await made.inject({ method: "POST", url: "/", headers, remoteAddress });
    await made.close();
    return answer.json<{ sourceIp: string }>().sourceIp;
  };

  test("comes from whoever connects, or from whom a trusted proxy names", async () => {
    const proxies = { trustedProxies: ["10.0.0.0/8"] };
    expect(await from({}, "9.9.9.9", "10.0.0.1")).toBe("10.0.0.1");
    expect(await from(proxies, "9.9.9.9", "10.0.0.1")).toBe("9.9.9.9");
    expect(await from(proxies, "9.9.9.9", "11.0.0.1")).toBe("11.0.0.1");
    expect(await from(proxies, "1.1.1.1, 9.9.9.9, 10.1.1.1", "10.0.0.1")).toBe("9.9.9.9");
    expect(await from({ trustedProxies: "peer" }, "1.1.1.1, 9.9.9.9", "10.0.0.1")).toBe("9.9.9.9");
  });

  test("over a unix socket comes from whom the peer names, else from this machine", async () => {
    const dir = mkdtempSync(join(tmpdir(), "poolhouse-http-"));
    const path = join(dir, "socket");
    const behind = serve({ trustedProxies: "peer" });
    await behind.listen({ path });
    const ask = async (...headers: string[]) =>
      (await exchange({ path }, head("POST", "Connection: close", ...headers))).answer;
    expect(await ask("X-Forwarded-For: 1.1.1.1, 9.9.9.9")).toContain('"sourceIp":"9.9.9.9"');
    expect(await ask()).toContain('"sourceIp":"127.0.0.1"');
    await behind.close();
    rmSync(dir, { recursive: true });
  });
});
