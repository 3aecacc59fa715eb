import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Environment } from "../config/reading.ts";
import { readVariables } from "../lib/shell.ts";
import { commands } from "./index.ts";

// Each test starts processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000 });

const main = fileURLToPath(new URL("../main.ts", import.meta.url));
const children: ChildProcess[] = [];
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

function start(args: readonly string[], environment: Environment = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  return child;
}

/** Runs a command to its end. */
async function run(args: readonly string[], environment: Environment = {}) {
  const child = start(args, environment);
  const [[exitCode], out, err] = await Promise.all([
    once(child, "exit") as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode, out, err: err.trimEnd().split("\n").filter(Boolean) };
}

describe("the command line", () => {
  test("names every command in its help", async () => {
    const { exitCode, out } = await run(["--help"]);
    expect(exitCode).toBe(0);
    for (const name of Object.keys(commands))
      expect(out).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    expect(out).toContain("Exit codes:");
  });

  test("has a help for every command, with the settings of a server", async () => {
    const helps = await Promise.all(Object.keys(commands).map((name) => run([name, "--help"])));
    for (const { exitCode, out, err } of helps) {
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: [] });
      expect(out).toMatch(/^Usage: poolhouse /);
    }
    expect((await run(["serve", "--help"])).out).toContain("POOLHOUSE_MASTER_KEY_FILE");
  });

  test("tells its version", async () => {
    const file = new URL("../../package.json", import.meta.url);
    const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
    expect(await run(["--version"])).toMatchObject({ exitCode: 0, out: `${version}\n` });
  });

  test.each([[["derv"]], [["dev", "--stak", "x"]], [["env", "extra"]], [[]]])(
    "%j is answered with 2 and a hint",
    async (args) => {
      const { exitCode, err } = await run(args);
      expect(exitCode).toBe(2);
      expect(err.length).toBeGreaterThan(0);
      expect(err.join("\n")).not.toContain("    at ");
    },
  );
});

describe("serve refuses with 78 and one line for each mistake", () => {
  const keys = { POOLHOUSE_ROOT_ACCESS_KEY_ID: "AKIAPOOLHOUSETEST000" };
  const secret = { POOLHOUSE_ROOT_SECRET_ACCESS_KEY: "s3cret".repeat(8) };
  const masterKey = (mode: number) => {
    const file = join(folder, "master.key");
    writeFileSync(file, "");
    chmodSync(file, mode);
    return { POOLHOUSE_MASTER_KEY_FILE: file };
  };

  test("no keys at all", async () => {
    const { exitCode, err, out } = await run(["serve"]);
    expect({ exitCode, out }).toEqual({ exitCode: 78, out: "" });
    expect(err).toEqual([
      expect.stringMatching(/^poolhouse: POOLHOUSE_MASTER_KEY_FILE is not set/),
      expect.stringMatching(/^poolhouse: POOLHOUSE_ROOT_ACCESS_KEY_ID and .* are not set/),
    ]);
    expect(() => statSync(join(folder, ".poolhouse"))).toThrow("ENOENT");
  });

  test("a master key that others can read, plain HTTP for everybody", async () => {
    const { exitCode, err } = await run(["serve"], {
      ...keys,
      ...secret,
      ...masterKey(0o644),
      POOLHOUSE_LISTEN: "http://0.0.0.0:8080",
      POOLHOUSE_PUBLIC_URL: "https://auth.example.com",
    });
    expect(exitCode).toBe(78);
    expect(err).toEqual([
      expect.stringContaining("can be read by others: run chmod 600"),
      expect.stringContaining("POOLHOUSE_LISTEN is plain HTTP"),
    ]);
  });

  test("a master-key file that holds none", async () => {
    const { exitCode, err } = await run(["serve"], { ...keys, ...secret, ...masterKey(0o600) });
    expect(exitCode).toBe(78);
    expect(err).toEqual([expect.stringContaining("cannot be used: the master-key file does not")]);
  });
});

describe("keys init", () => {
  const environment = () => ({ POOLHOUSE_MASTER_KEY_FILE: join(folder, "keys", "m.key") });

  test("makes what serve asks for, for its owner alone, and prints no secret", async () => {
    const { exitCode, out } = await run(["keys", "init"], environment());
    expect(exitCode).toBe(0);
    const files = ["m.key", "root-keys.env"].map((name) => join(folder, "keys", name));
    for (const file of files) {
      expect(out).toContain(file);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      for (const [secret] of readFileSync(file, "utf8").matchAll(/[A-Za-z0-9+/_-]{40,}/g)) {
        if (!secret.startsWith("/")) expect(out).not.toContain(secret);
      }
    }
    const refused = await run(["serve"], {
      ...Object.fromEntries(readVariables(readFileSync(files[1] ?? "", "utf8"))),
      POOLHOUSE_LISTEN: "http://0.0.0.0:1",
      POOLHOUSE_PUBLIC_URL: "https://auth.example.com",
    });
    expect(refused.err).toEqual([expect.stringContaining("POOLHOUSE_LISTEN is plain HTTP")]);
  });

  test("keeps what is there", async () => {
    await run(["keys", "init"], environment());
    const files = ["m.key", "root-keys.env"].map((name) => join(folder, "keys", name));
    const before = files.map((file) => readFileSync(file, "utf8"));
    const { exitCode, out } = await run(["keys", "init"], environment());
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^Kept .*\nKept /);
    expect(files.map((file) => readFileSync(file, "utf8"))).toEqual(before);
  });
});

test("production logs JSON alone, says what it runs without, and ends cleanly when told", async () => {
  const masterKeyFile = join(folder, "keys", "m.key");
  await run(["keys", "init"], { POOLHOUSE_MASTER_KEY_FILE: masterKeyFile });
  const settings = readFileSync(join(folder, "keys", "root-keys.env"), "utf8");
  const child = start(["serve"], {
    ...Object.fromEntries(readVariables(settings)),
    POOLHOUSE_LISTEN: "http://127.0.0.1:0",
    POOLHOUSE_PUBLIC_URL: "https://auth.example.com",
  });
  let told = "";
  child.stderr.on("data", (chunk: Buffer) => {
    told += chunk;
    if (/ready in \d+ ms/.test(told)) child.kill("SIGTERM");
  });
  const out = text(child.stdout);
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await out).toBe("");
  const lines = told
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { msg: string });
  expect(lines.map(({ msg }) => msg)).toEqual([
    expect.stringMatching(/^POOLHOUSE_TRUSTED_PROXIES is not set/),
    expect.stringMatching(/^POOLHOUSE_SMTP_URL is not set/),
    expect.stringMatching(/^ready in \d+ ms$/),
  ]);
});

describe("dev", () => {
  const quiet = { POOLHOUSE_LISTEN: "127.0.0.1:0" };

  test("says when it is ready, and ends cleanly at Ctrl-C however often that arrives at once", async () => {
    const child = start(["dev"], quiet);
    let out = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      out += chunk;
      if (/ready in \d+ ms/.test(out)) {
        child.kill("SIGINT");
        child.kill("SIGINT");
      }
    });
    const errors = child.stderr ? text(child.stderr) : undefined;
    expect(await once(child, "exit")).toEqual([0, null]);
    expect(await errors).toBe("");
    expect(out).toContain("No user pool yet");
    expect(out).not.toContain("\u001b");
  });

  test("a port that is taken is one line that names it", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { exitCode, err } = await run(["dev"], { POOLHOUSE_LISTEN: `127.0.0.1:${port}` });
    holder.close();
    expect(exitCode).toBe(1);
    expect(err).toEqual([
      expect.stringMatching(
        `^poolhouse: 127.0.0.1:${port} is taken by another program: .* POOLHOUSE_LISTEN=127.0.0.1:PORT$`,
      ),
    ]);
  });

  test("a stack that is not there is one line that names it", async () => {
    const { exitCode, err } = await run(["dev", "--stack", "none.yaml"], quiet);
    expect(exitCode).toBe(1);
    expect(err).toEqual(["poolhouse: none.yaml cannot be read: ENOENT"]);
  });
});

describe("commands that need a server", () => {
  test("env says what is missing", async () => {
    const { exitCode, err } = await run(["env"]);
    expect(exitCode).toBe(1);
    expect(err).toEqual([expect.stringContaining("poolhouse dev writes it, so start that first")]);
  });

  test("a stack trace is shown on demand and not otherwise", async () => {
    const environment = { POOLHOUSE_DATA_DIR: main };
    const { err } = await run(["trust"], environment);
    expect(err).toHaveLength(1);
    const shown = await run(["trust"], { ...environment, POOLHOUSE_DEBUG: "1" });
    expect(shown.err.join("\n")).toContain("    at ");
  });
});
