import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadOrCreateAuthority } from "./authority.ts";

const nowMs = Date.now();
const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "authority-"));
});
afterEach(() => rm(dir, { recursive: true }));

test("the certificate is for everyone, the key for its owner alone, and nothing else is left behind", async () => {
  await loadOrCreateAuthority(dir, { nowMs });
  expect(await readdir(dir)).toEqual(["ca-key.pem", "ca.pem"]);
  expect(await mode(join(dir, "ca.pem"))).toBe(0o644);
  expect(await mode(join(dir, "ca-key.pem"))).toBe(0o600);
});

test("a data directory that does not exist is made for its owner alone", async () => {
  const inner = join(dir, "data");
  await loadOrCreateAuthority(inner, { nowMs });
  expect(await mode(inner)).toBe(0o700);
});

test("it certifies itself as an authority for TLS servers", async () => {
  const { certificate } = await loadOrCreateAuthority(dir, { nowMs });
  const parsed = new X509Certificate(certificate);
  expect(parsed.ca).toBe(true);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(parsed.checkIssued(parsed)).toBe(true);
  expect(parsed.subject).toMatch(/^CN=Poolhouse development CA [0-9a-f]{8}\nO=Poolhouse$/);
  expect(parsed.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  expect(parsed.validFromDate.getTime()).toBeLessThan(nowMs);
  expect(parsed.validToDate.getTime()).toBeGreaterThan(nowMs + 9 * 365 * 86_400_000);
});

test("the next start finds the same authority", async () => {
  const first = await loadOrCreateAuthority(dir, { nowMs });
  const second = await loadOrCreateAuthority(dir, { nowMs: nowMs + 86_400_000 });
  expect(second.certificate).toBe(first.certificate);
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(second.fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(second.privateKey.equals(first.privateKey)).toBe(true);
});

test("a loosened key is tightened again", async () => {
  await loadOrCreateAuthority(dir, { nowMs });
  await chmod(join(dir, "ca-key.pem"), 0o644);
  await loadOrCreateAuthority(dir, { nowMs });
  expect(await mode(join(dir, "ca-key.pem"))).toBe(0o600);
});

test("starts at the same moment agree on one authority", async () => {
  const all = await Promise.all(
    Array.from({ length: 8 }, () => loadOrCreateAuthority(dir, { nowMs })),
  );
  expect(new Set(all.map(({ certificate }) => certificate)).size).toBe(1);
  expect(all[0]?.certificate).toBe(await readFile(join(dir, "ca.pem"), "utf8"));
  expect(await readdir(dir)).toEqual(["ca-key.pem", "ca.pem"]);
});

test("processes started at the same moment agree on one authority", async () => {
  const module = fileURLToPath(new URL("authority.ts", import.meta.url));
  const script = `import { loadOrCreateAuthority } from ${JSON.stringify(module)};
    const { certificate } = await loadOrCreateAuthority(${JSON.stringify(dir)}, { nowMs: Date.now() });
    process.stdout.write(certificate);`;
  const run = () => promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  const outputs = (await Promise.all([run(), run(), run()])).map(({ stdout }) => stdout);
  expect(new Set(outputs).size).toBe(1);
  expect(outputs[0]).toBe(await readFile(join(dir, "ca.pem"), "utf8"));
});

test("a key whose certificate was never written gets one", async () => {
  const first = await loadOrCreateAuthority(dir, { nowMs });
  await rm(join(dir, "ca.pem"));
  const second = await loadOrCreateAuthority(dir, { nowMs });
  expect(second.privateKey.equals(first.privateKey)).toBe(true);
  expect(new X509Certificate(second.certificate).checkPrivateKey(first.privateKey)).toBe(true);
});

test("an authority that people may have trusted is never replaced silently", async () => {
  const remedy = /: remove ca\.pem and ca-key\.pem from .*, start again and trust the new ones$/;
  const { certificate } = await loadOrCreateAuthority(dir, { nowMs });
  await expect(loadOrCreateAuthority(dir, { nowMs: nowMs + 4000 * 86_400_000 })).rejects.toThrow(
    /expired/,
  );
  await expect(
    loadOrCreateAuthority(dir, { nowMs, extraNames: ["amazonaws.com"] }),
  ).rejects.toThrow(/made for other names/);
  await rm(join(dir, "ca-key.pem"));
  await expect(loadOrCreateAuthority(dir, { nowMs })).rejects.toThrow(/do not belong together/);
  await writeFile(join(dir, "ca.pem"), "nonsense");
  await expect(loadOrCreateAuthority(dir, { nowMs })).rejects.toThrow(/damaged/);
  await expect(loadOrCreateAuthority(dir, { nowMs })).rejects.toThrow(remedy);
  await writeFile(join(dir, "ca.pem"), certificate);
});

test("an authority made for extra names is not used without the choice of them", async () => {
  await loadOrCreateAuthority(dir, { nowMs, extraNames: ["cognito-idp.us-east-1.amazonaws.com"] });
  await loadOrCreateAuthority(dir, { nowMs, extraNames: ["cognito-idp.us-east-1.amazonaws.com"] });
  await expect(loadOrCreateAuthority(dir, { nowMs })).rejects.toThrow(/made for other names/);
});

test.each(["", "com", ".", "*.amazonaws.com", ".amazonaws.com", "a..b", "10.0.0.1/8", "é.example"])(
  "an authority cannot be limited to %j",
  async (name) => {
    await expect(loadOrCreateAuthority(dir, { nowMs, extraNames: [name] })).rejects.toThrow(
      /not a DNS name/,
    );
    expect(await readdir(dir)).toEqual([]);
  },
);
