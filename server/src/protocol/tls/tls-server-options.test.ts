import { execFile } from "node:child_process";
import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type ConnectionOptions,
  connect,
  createServer,
  type Server,
  type TLSSocket,
  type TlsOptions,
} from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Authority, loadOrCreateAuthority } from "./authority.ts";
import { leafFor, loopbackNames, signLeaf } from "./leaf.ts";
import { type ServerNameOptions, sniCallback } from "./server-name.ts";
import { tlsServerOptions } from "./tls-server-options.ts";

const dayMs = 86_400_000;
const nowMs = Date.now();
const now = () => nowMs;

let dir: string;
let servers: Server[];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "tls-"));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) server.close();
  await rm(dir, { recursive: true });
});

async function listen(options: TlsOptions): Promise<number> {
  const server = createServer(options, (socket) => socket.end("hello"));
  // Refused handshakes are what these tests are about.
  server.on("tlsClientError", () => undefined);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address: string | AddressInfo | null = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return address.port;
}

type Seen = { protocol: string | null; cipher: string; names: string | undefined };

/** Connects as a client that trusts `ca` alone; resolves to what it was shown, rejects as the client does. */
function handshake(port: number, options: ConnectionOptions): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: "127.0.0.1", port, ...options }, () => {
      const certificate = socket.getPeerX509Certificate();
      resolve({
        protocol: socket.getProtocol(),
        cipher: socket.getCipher().standardName,
        names: certificate?.subjectAltName,
      });
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

describe("a server under the data directory's authority", () => {
  let authority: Authority;
  let port: number;
  beforeEach(async () => {
    const made = await tlsServerOptions(dir, { now });
    authority = made.authority;
    port = await listen(made.options);
  });
  const trusting = (options: ConnectionOptions = {}): ConnectionOptions => ({
    ca: authority.certificate,
    ...options,
  });

  test("is trusted as localhost, by its loopback address, and over TLS 1.3 and 1.2", async () => {
    const own = "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1";
    expect(await handshake(port, trusting({ servername: "localhost" }))).toMatchObject({
      protocol: "TLSv1.3",
      names: own,
    });
    expect(await handshake(port, trusting())).toMatchObject({ names: own });
    const older = await handshake(
      port,
      trusting({ servername: "localhost", maxVersion: "TLSv1.2" }),
    );
    expect(older).toMatchObject({ protocol: "TLSv1.2" });
    expect(older.cipher).toMatch(
      /^TLS_ECDHE_ECDSA_WITH_(AES_128_GCM|AES_256_GCM|CHACHA20_POLY1305)/,
    );
  });

  test("shows a name below localhost a certificate of its own", async () => {
    for (const name of ["a.localhost", "shop.auth.localhost", "my.bucket.s3.localhost"]) {
      expect(await handshake(port, trusting({ servername: name }))).toMatchObject({
        names: `DNS:${name}`,
      });
    }
    expect(await handshake(port, trusting({ servername: "A.LocalHost" }))).toMatchObject({
      names: "DNS:a.localhost",
    });
  });

  test("has no certificate for any other name", async () => {
    const names = [
      "evil.com",
      "localhost.evil.com",
      "notlocalhost",
      "a_b.localhost",
      "-a.localhost",
      "a-.localhost",
      "a.b.c.d.e.f.g.localhost",
    ];
    for (const servername of names) {
      await expect(handshake(port, trusting({ servername })), servername).rejects.toMatchObject({
        code: "ERR_TLS_CERT_ALTNAME_INVALID",
      });
      const shown = await handshake(
        port,
        trusting({ servername, checkServerIdentity: () => undefined }),
      );
      expect(shown.names, servername).toMatch(/^DNS:localhost, /);
    }
  });

  test("is not trusted by who trusts another authority", async () => {
    const other = await mkdtemp(join(tmpdir(), "tls-other-"));
    const { certificate } = await loadOrCreateAuthority(other, { nowMs });
    await rm(other, { recursive: true });
    await expect(
      handshake(port, { ca: certificate, servername: "localhost" }),
    ).rejects.toMatchObject({
      code: expect.stringMatching(
        /UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY/,
      ),
    });
    await expect(
      handshake(port, { ca: certificate, servername: "a.localhost" }),
    ).rejects.toBeInstanceOf(Error);
  });

  test.each(["localhost", "a.localhost"])(
    "refuses TLS 1.1 and ciphers without forward secrecy for %s",
    async (servername) => {
      const old = {
        minVersion: "TLSv1" as const,
        maxVersion: "TLSv1.1" as const,
        ciphers: "ALL:@SECLEVEL=0",
      };
      await expect(handshake(port, trusting({ servername, ...old }))).rejects.toMatchObject({
        code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION",
      });
      const cbc = {
        maxVersion: "TLSv1.2" as const,
        ciphers: "ECDHE-ECDSA-AES128-SHA256:AES128-GCM-SHA256",
      };
      await expect(handshake(port, trusting({ servername, ...cbc }))).rejects.toMatchObject({
        code: "ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE",
      });
    },
  );

  test("certificates are for servers and live no longer than browsers allow", async () => {
    const pem = await readFile(join(dir, "tls.pem"), "utf8");
    const leaf = new X509Certificate(pem.slice(pem.indexOf("-----BEGIN CERTIFICATE")));
    expect(leaf.ca).toBe(false);
    expect(leaf.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
    expect(leaf.validToDate.getTime() - leaf.validFromDate.getTime()).toBeLessThanOrEqual(
      397 * dayMs,
    );
    expect((await stat(join(dir, "tls.pem"))).mode & 0o777).toBe(0o600);
  });
});

describe("what the authority's key could be abused for", () => {
  test.each([
    ["evil.com"],
    ["localhost.evil.com"],
    ["xlocalhost"],
    ["10.0.0.1"],
    ["::2"],
    ["localhost", "evil.com"],
  ])("a certificate for %s is refused by whoever trusts the authority", async (...names) => {
    const authority = await loadOrCreateAuthority(dir, { nowMs });
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const forged = await signLeaf(authority, { names, privateKey, nowMs });
    const port = await listen({ key: forged.key, cert: forged.certificate });
    const client = {
      ca: authority.certificate,
      servername: "localhost",
      checkServerIdentity: () => undefined,
    };
    await expect(handshake(port, client)).rejects.toThrow("permitted subtree violation");
  });

  test("extra names are certified only by an authority made for them", async () => {
    // Many, so that lengths in the constraint take two and three bytes.
    const many = Array.from({ length: 20 }, (_, i) => `name-${i}.example.com`);
    const extraNames = ["cognito-idp.eu-west-1.amazonaws.com", ...many];
    const { authority, options } = await tlsServerOptions(dir, { now, extraNames });
    const port = await listen(options);
    const ca = authority.certificate;
    expect(
      await handshake(port, { ca, servername: "cognito-idp.eu-west-1.amazonaws.com" }),
    ).toMatchObject({ protocol: "TLSv1.3" });
    expect(await handshake(port, { ca, servername: "localhost" })).toMatchObject({
      protocol: "TLSv1.3",
    });
    await expect(
      handshake(port, { ca, servername: "s3.eu-west-1.amazonaws.com" }),
    ).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });
});

describe("the kept certificate", () => {
  const load = (at = nowMs, names = loopbackNames) =>
    loadOrCreateAuthority(dir, { nowMs }).then((authority) =>
      leafFor(authority, names, { nowMs: at }),
    );

  test("is kept while more than thirty days are left", async () => {
    const first = await load();
    expect(await load(nowMs + 365 * dayMs)).toEqual({
      ...first,
      key: first.key.trim(),
      certificate: first.certificate.trim(),
    });
    const renewed = await load(nowMs + 367 * dayMs);
    expect(renewed.certificate.trim()).not.toBe(first.certificate.trim());
    expect(renewed.notAfterMs).toBeGreaterThan(first.notAfterMs);
  });

  test("is renewed when the authority or the names change, or the file is damaged", async () => {
    const first = await load();
    const more = await load(nowMs, [...loopbackNames, "a.localhost"]);
    expect(new X509Certificate(more.certificate).subjectAltName).toContain("DNS:a.localhost");
    const fewer = await load();
    expect(new X509Certificate(fewer.certificate).subjectAltName).not.toContain("DNS:a.localhost");
    await rm(join(dir, "ca.pem"));
    await rm(join(dir, "ca-key.pem"));
    const authority = await loadOrCreateAuthority(dir, { nowMs });
    const other = await load();
    expect(
      new X509Certificate(other.certificate).verify(
        new X509Certificate(authority.certificate).publicKey,
      ),
    ).toBe(true);
    for (const damage of [
      "",
      "nonsense",
      other.certificate,
      `${first.key}\n${other.certificate}`,
      other.certificate.replace("M", "A"),
    ]) {
      await writeFile(join(dir, "tls.pem"), damage);
      const repaired = await load();
      expect(
        new X509Certificate(repaired.certificate).checkPrivateKey(createPrivateKey(repaired.key)),
      ).toBe(true);
    }
  });

  test("is served by a later start without loading what makes certificates", async () => {
    await tlsServerOptions(dir, { now });
    const module = fileURLToPath(new URL("tls-server-options.ts", import.meta.url));
    const script = `import { tlsServerOptions } from ${JSON.stringify(module)};
      await tlsServerOptions(${JSON.stringify(dir)}, { now: Date.now });
      process.stdout.write(String("getMetadata" in Reflect));`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "-e",
      script,
    ]);
    expect(stdout).toBe("false");
  });
});

describe("names asked for", () => {
  async function asker(options: Partial<ServerNameOptions> = {}) {
    const authority = await loadOrCreateAuthority(dir, { nowMs });
    const leaf = await leafFor(authority, loopbackNames, { nowMs });
    const callback = sniCallback(authority, { leaf, now, ...options });
    return (name: string) =>
      new Promise<unknown>((resolve, reject) =>
        callback(name, (error, context) => (error ? reject(error) : resolve(context))),
      );
  }

  test("are signed once and remembered", async () => {
    const ask = await asker();
    const [first, second] = await Promise.all([ask("a.localhost"), ask("a.localhost")]);
    expect(first).toBeDefined();
    expect(second).toBe(first);
    expect(await ask("A.LOCALHOST")).toBe(first);
  });

  test("are remembered up to a bound, the least recently asked forgotten first", async () => {
    const ask = await asker({ maxRemembered: 2 });
    const [a, b] = [await ask("a.localhost"), await ask("b.localhost")];
    expect(await ask("a.localhost")).toBe(a);
    await ask("c.localhost");
    expect(await ask("a.localhost")).toBe(a);
    expect(await ask("b.localhost")).not.toBe(b);
  });

  test("beyond what may be signed at once get the server's own certificate", async () => {
    const ask = await asker({ maxSigningAtOnce: 2 });
    const answers = await Promise.all(
      ["a", "b", "c", "d"].map((label) => ask(`${label}.localhost`)),
    );
    expect(answers.map((context) => context !== undefined)).toEqual([true, true, false, false]);
    expect(await ask("c.localhost")).toBeDefined();
  });

  test("are signed anew before their certificate runs out", async () => {
    let at = nowMs;
    const ask = await asker({ now: () => at });
    const first = await ask("a.localhost");
    at += 365 * dayMs;
    expect(await ask("a.localhost")).toBe(first);
    at += 2 * dayMs;
    expect(await ask("a.localhost")).not.toBe(first);
  });

  test.each([
    "",
    "localhost",
    ".localhost",
    "a..localhost",
    "*.localhost",
    "evil.com",
    "a.localhost.evil.com",
    "a.localhost\u0000",
    `${"a".repeat(64)}.localhost`,
    `${"a.".repeat(130)}localhost`,
  ])("%j is never signed for", async (name) => {
    const ask = await asker();
    expect(await ask(name)).toBeUndefined();
  });
});
