import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Authority, loadOrCreateAuthority } from "./authority.ts";
import { isTrusted } from "./is-trusted.ts";
import { distrustAuthority, runCommand, type TrustContext, trustAuthority } from "./trust.ts";

let homeDir: string;
let authority: Authority;
beforeEach(async () => {
  homeDir = await mkdtemp(join(tmpdir(), "home-"));
  authority = await loadOrCreateAuthority(join(homeDir, "data"), { nowMs: Date.now() });
});
afterEach(() => rm(homeDir, { recursive: true }));

const isTrustedHere = () => isTrusted(authority.certificate, { platform: "linux", homeDir });

test("an authority that nobody was told of is not trusted", async () => {
  expect(await isTrustedHere()).toBe(false);
  expect(await isTrusted(authority.certificate, { platform: "darwin", homeDir })).toBe(false);
});

test("one that the browser was told of is trusted, until it is taken out", async ({ skip }) => {
  if ((await runCommand("certutil", ["-H"])).exitCode === undefined)
    skip("certutil is not installed");
  if (process.getuid?.() === 0) await chown(homeDir, 0, 0);
  const run: TrustContext["run"] = (command, args) =>
    command === "certutil" || command === "mkdir"
      ? runCommand(command, args)
      : Promise.resolve({ exitCode: undefined, output: "" });
  const context = { platform: "linux", homeDir, isRoot: process.getuid?.() === 0, run };
  await trustAuthority(authority, context);
  expect(await isTrustedHere()).toBe(true);
  const other = await loadOrCreateAuthority(join(homeDir, "other"), { nowMs: Date.now() });
  expect(await isTrusted(other.certificate, { platform: "linux", homeDir })).toBe(false);
  await distrustAuthority(authority, context);
  expect(await isTrustedHere()).toBe(false);
});

test("a damaged database of the browser is no obstacle", async () => {
  await mkdir(join(homeDir, ".pki", "nssdb"), { recursive: true });
  await writeFile(join(homeDir, ".pki", "nssdb", "cert9.db"), "no database");
  expect(await isTrustedHere()).toBe(false);
});
