/**
 * What a reader pastes. A block behind the comment `run` is run as it stands, all of one document in one shell, against a
 * fresh server with the demo's stack; the block of text that follows it is what it prints, but for what differs each time.
 */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { root, type Server, startServer, stopAll } from "./harness/server.ts";

const readme = "README.md";
const documents = [
  readme,
  // Its authenticator app goes by this machine's clock, which the next one leaves behind.
  "docs/guides/mfa.md",
  "docs/guides/amplify-app.md",
  "docs/guides/console-steps.md",
  "docs/guides/branding.md",
  "docs/guides/hosted-login.md",
  "docs/guides/oauth-extensions.md",
  "docs/security.md",
  "docs/guides/rotate-client-secret.md",
];

let server: Server;
beforeEach(async () => {
  // One of its own for each: some move its clock.
  server = await startServer();
});
afterEach(stopAll);

type Block = { readonly code: string; readonly shown: string | undefined };

/** How a shell runs a block of this language. */
const interpreters: Readonly<Record<string, string>> = {
  // Debian's Python is the one that has Debian's boto3.
  python: "/usr/bin/python3 -",
  js: "node --input-type=module",
};

const read = (document: string) => readFileSync(join(root, document), "utf8");

function blocksOf(document: string): Block[] {
  const marked = /<!-- run -->\n```(\w+)\n(.*?)```\n(?:\n```text\n(.*?)```\n)?/gs;
  const found = [...read(document).matchAll(marked)];
  return found.map(([, language = "", lines = "", shown]) => {
    const interpreter = interpreters[language];
    const code = interpreter ? `${interpreter} <<'END OF BLOCK'\n${lines}END OF BLOCK\n` : lines;
    return { code, shown };
  });
}

/** Runs the blocks one after the other; answers what each printed. */
async function run(blocks: readonly Block[]): Promise<string[]> {
  const script = blocks
    .map(({ code }) => `${code}\nprintf '\\n--- end of block ---\\n'\n`)
    .join("");
  const shell = spawn("bash", ["-euo", "pipefail", "-c", here(script)], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      PATH: `${join(root, "node_modules/.bin")}:${process.env["PATH"]}`,
      HOME: server.dataDir,
      POOLHOUSE_DATA_DIR: server.dataDir,
    },
  });
  const ended = new Promise((resolve) => shell.once("close", resolve));
  const printed = await text(shell.stdout);
  expect(await ended, printed).toBe(0);
  return printed.split("\n--- end of block ---\n").slice(0, -1);
}

/** The documents speak of the port and the folder that a start without settings takes. */
function here(script: string): string {
  return script.replaceAll("localhost:8443", `localhost:${server.port}`);
}

const differsEachTime: readonly [RegExp, string][] = [
  [/localhost:\d+/g, "localhost:8443"],
  [/\b[A-Z][a-z]\d[a-z](-[A-Z][a-z]\d[a-z]){3}\b/g, "(password)"],
  [/\b[0-9a-f]{8}-(…|([0-9a-f]{4}-){3}[0-9a-f]{12})/g, "(id)"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)/g, "(time)"],
  [/^\d+ (?=\(time\))/gm, "(number) "],
  [/\b\d+ rows\b/g, "(number) rows"],
  [/\b\d+:[0-9a-f]{64}\b/g, "(place)"],
  [/\bAKIA\w{16}\b/g, "(key)"],
  [/^ {2}(id|access) (active|next) [\w+/]{43}=$/gm, "  (use) $2 (kid)"],
  [/\b\d+ ms\b/g, "(duration)"],
  [/\b\d{6}\b/g, "(code)"],
];

function settled(printed: string): string {
  return differsEachTime.reduce((text, [what, name]) => text.replace(what, name), printed).trim();
}

/** What a document shows; `…` stands for what was left out. */
function shownAs(shown: string): RegExp {
  const parts = settled(shown).split("…");
  const plain = parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return new RegExp(`^${plain.join("[^]*?")}$`);
}

test.each(documents)("%s says what to paste, and what that prints", async (document) => {
  const blocks = blocksOf(document);
  expect(blocks.length).toBeGreaterThan(0);
  const printed = await run(blocks);
  for (const [at, { code, shown }] of blocks.entries()) {
    if (shown !== undefined) expect(settled(printed[at] ?? ""), code).toMatch(shownAs(shown));
  }
});

test("the README shows what a start prints", () => {
  const [, shown = "none"] = /<!-- started -->\n```text\n(.*?)```\n/s.exec(read(readme)) ?? [];
  // The README has a folder of its own.
  const banner = server.output().replaceAll(server.dataDir, "/.poolhouse");
  expect(settled(banner)).toMatch(shownAs(shown));
});
