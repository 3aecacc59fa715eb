/** Headless Chromium that verifies TLS, as a person's browser does once it trusts the server's CA. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type ConsoleMessage,
  chromium,
  type Page,
} from "playwright-core";

const run = promisify(execFile);

export type TestBrowser = {
  /** A page of somebody who was never here: no cookies, nothing stored. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** Closes every page, and says what the console complained of in any of them. */
  leave(): Promise<readonly string[]>;
  close(): Promise<void>;
};

/** Starts Chromium with a home of its own, in which only this CA is trusted beside the public ones. */
export async function startBrowser(caFile: string): Promise<TestBrowser> {
  const home = await makeHome();
  await trustIn(home, caFile);
  const browser = await launch(home);
  const contexts = new Set<BrowserContext>();
  let complaints: string[] = [];
  return {
    async open(options = {}) {
      const context = await browser.newContext({ reducedMotion: "reduce", ...options });
      contexts.add(context);
      context.on("console", (message) => complaints.push(...complaintsIn(message)));
      context.on("weberror", (thrown) => complaints.push(String(thrown.error())));
      return context.newPage();
    },
    async leave() {
      for (const context of contexts) await context.close();
      contexts.clear();
      const heard = complaints;
      complaints = [];
      return heard;
    },
    async close() {
      await browser.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** An empty home folder; the caller removes it. */
export function makeHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), "poolhouse-home-"));
}

/** Chromium as the owner of that home has it. */
export function launch(home: string): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    // Root may not use the sandbox, and only our own pages are opened.
    chromiumSandbox: false,
    args: [
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-gpu",
      "--disable-quic",
      "--disable-sync",
      "--no-first-run",
    ],
    env: { PATH: process.env["PATH"] ?? "", HOME: home },
  });
}

async function trustIn(home: string, caFile: string): Promise<void> {
  const folder = join(home, ".pki/nssdb");
  await mkdir(folder, { recursive: true });
  const database = ["-d", `sql:${folder}`];
  await run("certutil", [...database, "-N", "--empty-password"]);
  await run("certutil", [...database, "-A", "-n", "poolhouse", "-t", "C,,", "-i", caFile]);
}

/** Errors, policy violations among them; but a refused request is an answer, which tests look at. */
function complaintsIn(message: ConsoleMessage): string[] {
  const text = message.text();
  const answer = /^Failed to load resource: the server responded with a status of 4\d\d/;
  if (message.type() !== "error" || answer.test(text)) return [];
  return [`at ${message.location().url}: ${text}`];
}
