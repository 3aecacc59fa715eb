import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  type AddressInfo,
  createServer as createTcpServer,
  type LookupFunction,
  type Server,
} from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, expect, test, vi } from "vitest";
import { loadOrCreateAuthority } from "../protocol/tls/authority.ts";
import { signLeaf } from "../protocol/tls/leaf.ts";
import { createHttpClient, type HttpRequest, OutboundRefusal } from "./http.ts";

const open: { close(done: () => void): void }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of open.splice(0)) await new Promise<void>((done) => server.close(done));
});

async function portOf(server: Server) {
  await new Promise((done) => server.once("listening", done).listen(0, "127.0.0.1"));
  open.push(server);
  return (server.address() as AddressInfo).port;
}
const listening = (answer: RequestListener) => portOf(createServer(answer));

const get = (url: string): HttpRequest => ({
  url,
  method: "GET",
  headers: {},
  timeoutMs: 5000,
  maxResponseBytes: 1000,
});
const local = createHttpClient({ allowedPrivateHosts: ["LOCALHOST", "127.0.0.1"] });
const strict = createHttpClient({ allowedPrivateHosts: [] });

/** Every name is at this address. */
const resolvingTo =
  (...addresses: string[]): LookupFunction =>
  (_hostname, options, answer) => {
    const found = addresses.map((address) => ({
      address,
      family: address.includes(":") ? 6 : 4,
    }));
    if (options.all) answer(null, found);
    else answer(null, found[0]?.address ?? "", found[0]?.family);
  };

test("a request arrives as it was given, and its answer comes back", async () => {
  const port = await listening(async (request, response) => {
    response.setHeader("X-Seen", [request.method ?? "", request.headers["x-key"] as string]);
    response.statusCode = 201;
    response.end(`${request.url} ${request.headers["content-length"]} ${await text(request)}`);
  });
  const sent = { ...get(`http://127.0.0.1:${port}/a?b=c`), method: "POST" as const };
  const answer = await local.send({ ...sent, headers: { "X-Key": "k" }, body: "grüße" });
  expect(answer).toMatchObject({ status: 201, body: "/a?b=c 7 grüße" });
  expect(answer.headers["x-seen"]).toBe("POST, k");
});

test("no connection is used twice", async () => {
  const ports = new Set<number | undefined>();
  const port = await listening((request, response) => {
    ports.add(request.socket.remotePort);
    response.end(request.headers.connection);
  });
  for (let n = 0; n < 3; n++) {
    expect((await local.send(get(`http://localhost:${port}`))).body).toBe("close");
  }
  expect(ports.size).toBe(3);
});

test.each([
  "https://127.0.0.1/",
  "https://127.1/",
  "https://2130706433/",
  "https://0x7f.0.0.1/",
  "https://[::1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:a9fe:a9fe]/",
  "https://169.254.169.254/latest/meta-data",
  "https://[fd00:ec2::254]/",
  "https://10.0.0.1:8443/",
  "https://localhost/",
])("%s is refused", async (url) => {
  await expect(strict.send(get(url))).rejects.toBeInstanceOf(OutboundRefusal);
});

test.each([
  "http://example.com/",
  "ftp://example.com/",
  "file:///etc/passwd",
  "data:text/plain,a",
  "unix:/run/a.sock",
  "https://user:secret@example.com/",
  "//example.com",
  "",
])("%s is refused before anything is looked up", async (url) => {
  const lookup = vi.fn(resolvingTo("8.8.8.8"));
  const client = createHttpClient({ allowedPrivateHosts: [], lookup });
  const sent = client.send(get(url));
  await expect(sent).rejects.toBeInstanceOf(OutboundRefusal);
  await expect(sent).rejects.not.toThrow(/secret/);
  expect(lookup).not.toHaveBeenCalled();
});

test.each([
  [["10.0.0.1"]],
  [["8.8.8.8", "10.0.0.1"]],
  [["2606:4700::1111", "fd00::1"]],
  [["::ffff:10.0.0.1"]],
  [[]],
])("a name that is looked up as %j is refused when it is to be connected", async (addresses) => {
  let asked = 0;
  const client = createHttpClient({
    allowedPrivateHosts: ["other.example.com"],
    lookup: (...args) => {
      asked++;
      resolvingTo(...addresses)(...args);
    },
  });
  const sent = client.send(get("https://rebound.example.com/"));
  await expect(sent).rejects.toBeInstanceOf(OutboundRefusal);
  await expect(sent).rejects.toThrow("rebound.example.com is not on the public Internet");
  expect(asked).toBe(1);
});

test("a name that is public when asked first and private later is asked no second time", async () => {
  let asked = 0;
  const client = createHttpClient({
    allowedPrivateHosts: [],
    lookup: (...args) => resolvingTo(asked++ === 0 ? "10.0.0.1" : "8.8.8.8")(...args),
  });
  await expect(client.send(get("https://a.example.com"))).rejects.toBeInstanceOf(OutboundRefusal);
  expect(asked).toBe(1);
});

test("an allowed host is allowed by its whole name, not by a part of it or by its address", async () => {
  const port = await listening((_request, response) => response.end("here"));
  const client = createHttpClient({
    allowedPrivateHosts: ["hooks.internal"],
    lookup: resolvingTo("127.0.0.1"),
  });
  expect((await client.send(get(`http://Hooks.Internal.:${port}/`))).body).toBe("here");
  for (const host of ["a.hooks.internal", "hooks.internal.evil.example", "internal", "127.0.0.1"]) {
    for (const scheme of ["http", "https"]) {
      const sent = client.send(get(`${scheme}://${host}:${port}/`));
      await expect(sent).rejects.toBeInstanceOf(OutboundRefusal);
    }
  }
});

test("a redirect is an answer", async () => {
  let requests = 0;
  const port = await listening((_request, response) => {
    requests++;
    response.writeHead(302, { location: "/elsewhere" }).end();
  });
  const answer = await local.send(get(`http://127.0.0.1:${port}`));
  expect(answer).toMatchObject({ status: 302, headers: { location: "/elsewhere" } });
  expect(requests).toBe(1);
});

test("an answer that is too long is cut off, however it says its length", async () => {
  const port = await listening((request, response) => {
    if (request.url === "/endless") {
      const more = () => response.write("x".repeat(500), () => setImmediate(more));
      more();
    } else response.end("x".repeat(Number(request.url?.slice(1))));
  });
  const at = (path: string) => local.send(get(`http://127.0.0.1:${port}/${path}`));
  expect((await at("1000")).body).toHaveLength(1000);
  await expect(at("1001")).rejects.toThrow("longer than 1000 bytes");
  await expect(at("endless")).rejects.toThrow("longer than 1000 bytes");
});

test("who does not answer in time, or only drop by drop, is given up", async () => {
  const port = await listening((request, response) => {
    if (request.url === "/drops") response.write("x");
  });
  for (const path of ["", "drops"]) {
    const slow = { ...get(`http://127.0.0.1:${port}/${path}`), timeoutMs: 100 };
    await expect(local.send(slow)).rejects.toThrow(
      `127.0.0.1:${port} did not answer within 100 ms`,
    );
  }
  const never = createHttpClient({ allowedPrivateHosts: [], lookup: () => undefined });
  const sent = never.send({ ...get("https://a.example.com"), timeoutMs: 50 });
  await expect(sent).rejects.toThrow("did not answer within 50 ms");
});

test("an answer that breaks off, or is none, is an error", async () => {
  const port = await portOf(
    createTcpServer((socket) => {
      socket.once("data", (bytes) => {
        if (bytes.includes("/half"))
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal");
        if (bytes.includes("/other")) socket.write("220 mail.example.com ESMTP\r\n");
        if (bytes.includes("/switch"))
          socket.write("HTTP/1.1 101 Switching\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n");
        socket.end();
      });
      socket.on("error", () => undefined);
    }),
  );
  for (const path of ["half", "other", "switch", "nothing"]) {
    await expect(local.send(get(`http://127.0.0.1:${port}/${path}`))).rejects.toThrow();
  }
});

test("no header can be put into another", async () => {
  const port = await listening((_request, response) => response.end());
  const sent = local.send({
    ...get(`http://127.0.0.1:${port}`),
    headers: { "X-Key": "a\r\nX-Other: b" },
  });
  await expect(sent).rejects.toThrow(/Invalid character/);
});

test("a proxy of the environment is not asked", async () => {
  let asked = 0;
  const proxy = await listening((_request, response) => {
    asked++;
    response.end("proxy");
  });
  const port = await listening((_request, response) => response.end("here"));
  for (const name of ["http_proxy", "HTTP_PROXY", "https_proxy"])
    vi.stubEnv(name, `http://127.0.0.1:${proxy}`);
  vi.stubEnv("NODE_USE_ENV_PROXY", "1");
  expect((await local.send(get(`http://127.0.0.1:${port}`))).body).toBe("here");
  expect(asked).toBe(0);
});

test("TLS proves the name also of hosts that may be private, whatever the environment says", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  const dir = await mkdtemp(join(tmpdir(), "http-"));
  const usual = getCACertificates("default");
  try {
    const nowMs = Date.now();
    const authority = await loadOrCreateAuthority(dir, { nowMs });
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const leaf = await signLeaf(authority, { names: ["localhost"], privateKey, nowMs });
    const server = createTlsServer({ key: leaf.key, cert: leaf.certificate }, (_, response) =>
      response.end("here"),
    );
    const port = await portOf(server);
    await expect(local.send(get(`https://localhost:${port}`))).rejects.toThrow(/certificate/);
    setDefaultCACertificates([...usual, authority.certificate]);
    expect((await local.send(get(`https://localhost:${port}`))).body).toBe("here");
    await expect(local.send(get(`https://127.0.0.1:${port}`))).rejects.toThrow(/altnames/);
  } finally {
    setDefaultCACertificates(usual);
    await rm(dir, { recursive: true });
  }
});
