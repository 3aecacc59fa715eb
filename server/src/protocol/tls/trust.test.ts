import { chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Authority, loadOrCreateAuthority } from "./authority.ts";
import {
  type CommandResult,
  distrustAuthority,
  runCommand,
  type TrustContext,
  trustAuthority,
} from "./trust.ts";

let home: string;
let authority: Authority;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "home-"));
  authority = await loadOrCreateAuthority(join(home, "it's data"), { nowMs: Date.now() });
});
afterEach(() => rm(home, { recursive: true }));

/** A machine on which every command succeeds but those answered otherwise; `ran` is what was run. */
function machine(
  context: Partial<TrustContext>,
  answers: Record<string, Partial<CommandResult>> = {},
) {
  const ran: string[] = [];
  const run: TrustContext["run"] = async (command, args) => {
    const line = [command, ...args].join(" ");
    const answer = Object.entries(answers).find(([start]) => line.startsWith(start))?.[1];
    if (!/ (--help|-H)$/.test(line) && command !== "test") ran.push(line);
    return { exitCode: 0, output: "", ...answer };
  };
  return { ran, context: { platform: "linux", homeDir: home, isRoot: false, ...context, run } };
}
const missing = { exitCode: undefined };
const systemFile = () => `/usr/local/share/ca-certificates/poolhouse-${authority.fingerprint}.crt`;
const withDatabase = async (...place: string[]): Promise<string> => {
  const directory = join(home, ...place);
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "cert9.db"), "");
  return directory;
};

describe("on Debian", () => {
  test("root puts the authority among the system's certificates and the browsers'", async () => {
    await chownToRoot(home);
    const { ran, context } = machine({ isRoot: true });
    const report = await trustAuthority(authority, context);
    expect(ran.slice(0, 2)).toEqual([
      `install -m 0644 ${authority.certificatePath} ${systemFile()}`,
      "/usr/sbin/update-ca-certificates",
    ]);
    expect(report.done[0]).toBe(`added to the system's certificates as ${systemFile()}`);
  });

  test("a user is told the line to run, fit to paste", async () => {
    const { ran, context } = machine({});
    const { byHand } = await trustAuthority(authority, context);
    const pasted = `'${authority.certificatePath.replace("'", "'\\''")}'`;
    expect(byHand).toContain(
      `System certificates (curl, Python, Go): sudo install -m 0644 ${pasted} ${systemFile()} && sudo /usr/sbin/update-ca-certificates`,
    );
    expect(byHand).toContain(`Node.js: NODE_EXTRA_CA_CERTS=${pasted}`);
    expect(byHand).toContain(`AWS CLI and boto3: AWS_CA_BUNDLE=${pasted}`);
    expect(ran.filter((line) => !line.includes("nssdb"))).toEqual([]);
  });

  test("the browsers' database is made when there is none", async () => {
    const { ran, context } = machine({});
    const directory = join(home, ".pki", "nssdb");
    expect((await trustAuthority(authority, context)).done).toEqual([
      `added to Chrome's and Chromium's certificates in ${directory}`,
    ]);
    expect(ran).toEqual([
      `mkdir -p -m 0700 ${directory}`,
      `certutil -N -d sql:${directory} --empty-password`,
      `certutil -A -d sql:${directory} -n Poolhouse ${authority.fingerprint} -t C,, -i ${authority.certificatePath}`,
    ]);
  });

  test("every database that exists gets it, and none is made beside them", async () => {
    const places = [
      await withDatabase(".pki", "nssdb"),
      await withDatabase(".local", "share", "pki", "nssdb"),
    ];
    const { ran, context } = machine({});
    await trustAuthority(authority, context);
    expect(ran.map((line) => line.split(" -n ")[0])).toEqual(
      places.map((place) => `certutil -A -d sql:${place}`),
    );
  });

  test("root does not write into the home of another", async () => {
    if (process.getuid?.() === 0) await chown(home, 65534, 65534);
    const { ran, context } = machine({ isRoot: true });
    const { byHand } = await trustAuthority(authority, context);
    expect(byHand).toContain("Chrome and Chromium: run this again without sudo");
    expect(ran.join("\n")).not.toContain("nssdb");
  });

  test("missing tools and failing commands become lines to run by hand", async () => {
    const without = machine(
      { isRoot: true },
      { "/usr/sbin/update-ca-certificates": missing, certutil: missing },
    );
    const report = await trustAuthority(authority, without.context);
    expect(report.done).toEqual([]);
    expect(without.ran).toEqual([]);
    expect(report.byHand[0]).toMatch(
      /^System certificates, on Fedora and Arch: sudo trust anchor --store '/,
    );
    expect(report.byHand[1]).toBe(
      "Chrome and Chromium: sudo apt-get install libnss3-tools, then run this again",
    );

    const failing = machine(
      { isRoot: true },
      {
        install: { exitCode: 1, output: "read-only\nfile system" },
        "certutil -A": { exitCode: 255 },
      },
    );
    const failed = await trustAuthority(authority, failing.context);
    expect(failed.done).toEqual([]);
    expect(failed.byHand[0]).toMatch(/^sudo install .* # failed here: read-only file system$/);
    expect(failing.ran).not.toContain("/usr/sbin/update-ca-certificates");
  });

  test("it is taken out of every store again", async () => {
    const directory = await withDatabase(".pki", "nssdb");
    const { ran, context } = machine({ isRoot: true });
    const report = await distrustAuthority(authority, context);
    const entry = `-d sql:${directory} -n Poolhouse ${authority.fingerprint}`;
    expect(ran).toEqual([
      `rm -f ${systemFile()}`,
      "/usr/sbin/update-ca-certificates --fresh",
      `certutil -L ${entry}`,
      `certutil -D ${entry}`,
    ]);
    expect(report.done).toEqual([
      `removed ${systemFile()} from the system's certificates`,
      `removed from Chrome's and Chromium's certificates in ${directory}`,
    ]);
  });

  test("taking out what is not there does nothing", async () => {
    await withDatabase(".pki", "nssdb");
    const { ran, context } = machine(
      { isRoot: true },
      { test: { exitCode: 1 }, "certutil -L": { exitCode: 255 } },
    );
    expect((await distrustAuthority(authority, context)).done).toEqual([]);
    expect(ran.every((line) => line.startsWith("certutil -L"))).toBe(true);
  });

  test("a user is told how to take it out of the system's certificates", async () => {
    const { ran, context } = machine({});
    expect((await distrustAuthority(authority, context)).byHand[0]).toBe(
      `System certificates: sudo rm -f ${systemFile()} && sudo /usr/sbin/update-ca-certificates`,
    );
    expect(ran).toEqual([]);
  });
});

describe("elsewhere", () => {
  test("on macOS the login keychain trusts it for TLS alone, and forgets it", async () => {
    const keychain = join(home, "Library", "Keychains", "login.keychain-db");
    const { ran, context } = machine({ platform: "darwin" });
    expect((await trustAuthority(authority, context)).done).toEqual([
      "added to the login keychain",
    ]);
    expect((await distrustAuthority(authority, context)).done).toEqual([
      "removed from the login keychain",
    ]);
    expect(ran[0]).toBe(
      `security add-trusted-cert -r trustRoot -p ssl -k ${keychain} ${authority.certificatePath}`,
    );
    expect(ran[1]).toMatch(/^security delete-certificate -t -Z [0-9A-F]{40} /);
  });

  test("on other systems all is left to the user", async () => {
    const { ran, context } = machine({ platform: "win32" });
    expect((await trustAuthority(authority, context)).byHand[0]).toContain(
      "certutil -addstore -user Root",
    );
    expect((await distrustAuthority(authority, context)).byHand[0]).toMatch(
      /certutil -delstore -user Root [0-9A-F]{40}$/,
    );
    expect(ran).toEqual([]);
  });
});

describe("real commands", () => {
  test("tell success, failure and absence apart", async () => {
    expect(
      await runCommand(process.execPath, ["-e", "console.log('out'); console.error('err')"]),
    ).toEqual({ exitCode: 0, output: "out\nerr" });
    expect(await runCommand(process.execPath, ["-e", "process.exit(3)"])).toMatchObject({
      exitCode: 3,
    });
    expect(await runCommand("poolhouse-no-such-command", [])).toMatchObject({
      exitCode: undefined,
    });
  });

  test("a browser's database takes it twice, holds it once, and gives it back", async ({
    skip,
  }) => {
    if ((await runCommand("certutil", ["-H"])).exitCode === undefined)
      skip("certutil is not installed");
    await chownToRoot(home);
    // The real certutil in a home of its own; nothing of the system is touched.
    const run: TrustContext["run"] = (command, args) =>
      command === "certutil" || command === "mkdir"
        ? runCommand(command, args)
        : Promise.resolve({ exitCode: undefined, output: "" });
    const context = { platform: "linux", homeDir: home, isRoot: process.getuid?.() === 0, run };
    const directory = join(home, ".pki", "nssdb");
    const list = async () =>
      (await runCommand("certutil", ["-L", "-d", `sql:${directory}`])).output;
    await trustAuthority(authority, context);
    expect((await trustAuthority(authority, context)).done).toEqual([
      `added to Chrome's and Chromium's certificates in ${directory}`,
    ]);
    expect(await list()).toMatch(new RegExp(`Poolhouse ${authority.fingerprint} +C,,`));
    const other = await loadOrCreateAuthority(join(home, "other"), { nowMs: Date.now() });
    await trustAuthority(other, context);
    expect((await distrustAuthority(authority, context)).done).toEqual([
      `removed from Chrome's and Chromium's certificates in ${directory}`,
    ]);
    expect(await list()).not.toContain(authority.fingerprint);
    expect(await list()).toContain(other.fingerprint);
    expect((await distrustAuthority(authority, context)).done).toEqual([]);
  });
});

const chownToRoot = async (path: string): Promise<void> => {
  if (process.getuid?.() === 0) await chown(path, 0, 0);
};
