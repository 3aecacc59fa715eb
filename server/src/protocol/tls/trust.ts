import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { access, stat } from "node:fs/promises";
import { join } from "node:path";
import { shellWord } from "../../lib/shell.ts";
import type { Authority } from "./authority.ts";

/** What became of a command: no exit code means that there is no such command. */
export type CommandResult = { exitCode: number | undefined; output: string };

export type RunCommand = (command: string, args: readonly string[]) => Promise<CommandResult>;

export type TrustContext = { run: RunCommand; platform: string; homeDir: string; isRoot: boolean };

/** What was done, and what only the user can do, in sentences and command lines. */
type TrustReport = { done: string[]; byHand: string[] };

type TrustedAuthority = Pick<Authority, "certificate" | "certificatePath" | "fingerprint">;
type Store = (authority: TrustedAuthority, context: TrustContext) => Promise<TrustReport>;

/** Makes the system's and the user's certificate stores trust an authority; safe to repeat. */
export const trustAuthority: Store = async (authority, context) => {
  const path = shellWord(authority.certificatePath);
  const environment = [
    `Node.js: NODE_EXTRA_CA_CERTS=${path}`,
    `AWS CLI and boto3: AWS_CA_BUNDLE=${path}`,
    `Firefox: Settings, Privacy & Security, View Certificates, Authorities, Import: ${authority.certificatePath}`,
  ];
  const stores: Record<string, Store[]> = {
    linux: [addToDebian, addToNss],
    darwin: [addToKeychain],
  };
  const other = `Add ${authority.certificatePath} to the trusted root certificates, on Windows: certutil -addstore -user Root "${authority.certificatePath}"`;
  return merge([
    ...(await inTurn(stores[context.platform], { authority, context, other })),
    { done: [], byHand: environment },
  ]);
};

/** Takes an authority out of every store that `trustAuthority` puts it in; what is not there is no error. */
export const distrustAuthority: Store = async (authority, context) => {
  const stores: Record<string, Store[]> = {
    linux: [removeFromDebian, removeFromNss],
    darwin: [removeFromKeychain],
  };
  const other = `Remove it from the trusted root certificates, on Windows: certutil -delstore -user Root ${sha1(authority)}`;
  return merge([
    ...(await inTurn(stores[context.platform], { authority, context, other })),
    {
      done: [],
      byHand: [
        "Firefox: Settings, Privacy & Security, View Certificates, Authorities, Delete, if it was imported",
      ],
    },
  ]);
};

/** Runs a command without a shell and without input. */
export const runCommand: RunCommand = (command, args) =>
  new Promise((resolve) => {
    const child = execFile(command, args, { timeout: 60_000 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim();
      if (!error) resolve({ exitCode: 0, output });
      else if (error.code === "ENOENT") resolve({ exitCode: undefined, output });
      else
        resolve({
          exitCode: typeof error.code === "number" ? error.code : 1,
          output: output || error.message,
        });
    });
    child.stdin?.end();
  });

async function inTurn(
  stores: Store[] | undefined,
  {
    authority,
    context,
    other,
  }: { authority: TrustedAuthority; context: TrustContext; other: string },
): Promise<TrustReport[]> {
  if (!stores) return [{ done: [], byHand: [other] }];
  const reports: TrustReport[] = [];
  for (const store of stores) reports.push(await store(authority, context));
  return reports;
}

const merge = (reports: TrustReport[]): TrustReport => ({
  done: reports.flatMap(({ done }) => done),
  byHand: reports.flatMap(({ byHand }) => byHand),
});
const done = (text: string): TrustReport => ({ done: [text], byHand: [] });
const byHand = (text: string): TrustReport => ({ done: [], byHand: [text] });
const nothing: TrustReport = { done: [], byHand: [] };

// Debian keeps it in /usr/sbin, which is not in every user's PATH.
const updateCaCertificates = "/usr/sbin/update-ca-certificates";
const systemFile = (authority: TrustedAuthority): string =>
  `/usr/local/share/ca-certificates/poolhouse-${authority.fingerprint}.crt`;

const addToDebian: Store = async (authority, { run, isRoot }) => {
  const { certificatePath } = authority;
  if ((await run(updateCaCertificates, ["--help"])).exitCode === undefined) {
    return byHand(
      `System certificates, on Fedora and Arch: sudo trust anchor --store ${shellWord(certificatePath)}`,
    );
  }
  const file = systemFile(authority);
  const line = `sudo install -m 0644 ${shellWord(certificatePath)} ${file} && sudo ${updateCaCertificates}`;
  if (!isRoot) return byHand(`System certificates (curl, Python, Go): ${line}`);
  const failure = await firstFailure(run, [
    ["install", "-m", "0644", certificatePath, file],
    [updateCaCertificates],
  ]);
  return failure === undefined
    ? done(`added to the system's certificates as ${file}`)
    : byHand(`${line} # failed here: ${failure}`);
};

const removeFromDebian: Store = async (authority, { run, isRoot }) => {
  const file = systemFile(authority);
  if ((await run("test", ["-e", file])).exitCode !== 0) return nothing;
  const line = `sudo rm -f ${file} && sudo ${updateCaCertificates}`;
  if (!isRoot) return byHand(`System certificates: ${line}`);
  // Without --fresh the link to the deleted file would stay behind.
  const failure = await firstFailure(run, [
    ["rm", "-f", file],
    [updateCaCertificates, "--fresh"],
  ]);
  return failure === undefined
    ? done(`removed ${file} from the system's certificates`)
    : byHand(`${line} # failed here: ${failure}`);
};

const nickname = (authority: TrustedAuthority): string => `Poolhouse ${authority.fingerprint}`;

const addToNss: Store = async (authority, context) => {
  const { run, homeDir } = context;
  const usual = join(homeDir, ".pki", "nssdb");
  if ((await run("certutil", ["-H"])).exitCode === undefined) {
    return byHand("Chrome and Chromium: sudo apt-get install libnss3-tools, then run this again");
  }
  if (await belongsToOther(context))
    return byHand("Chrome and Chromium: run this again without sudo");
  const present = await databases(homeDir);
  const reports: TrustReport[] = [];
  for (const directory of present.length > 0 ? present : [usual]) {
    const create = [
      ["mkdir", "-p", "-m", "0700", directory],
      ["certutil", "-N", "-d", `sql:${directory}`, "--empty-password"],
    ];
    const add = [
      "certutil",
      "-A",
      "-d",
      `sql:${directory}`,
      "-n",
      nickname(authority),
      "-t",
      "C,,",
      "-i",
      authority.certificatePath,
    ];
    const failure = await firstFailure(run, present.length > 0 ? [add] : [...create, add]);
    reports.push(
      failure === undefined
        ? done(`added to Chrome's and Chromium's certificates in ${directory}`)
        : byHand(`${add.map(shellWord).join(" ")} # failed here: ${failure}`),
    );
  }
  return merge(reports);
};

const removeFromNss: Store = async (authority, { run, homeDir }) => {
  const reports: TrustReport[] = [];
  for (const directory of await databases(homeDir)) {
    const entry = ["-d", `sql:${directory}`, "-n", nickname(authority)];
    if ((await run("certutil", ["-L", ...entry])).exitCode !== 0) continue;
    const failure = await firstFailure(run, [["certutil", "-D", ...entry]]);
    reports.push(
      failure === undefined
        ? done(`removed from Chrome's and Chromium's certificates in ${directory}`)
        : byHand(
            `${["certutil", "-D", ...entry].map(shellWord).join(" ")} # failed here: ${failure}`,
          ),
    );
  }
  return merge(reports);
};

/** The user's NSS databases that exist: the old place, and the one newer Chromium reads as well. */
async function databases(homeDir: string): Promise<string[]> {
  const places = [join(homeDir, ".pki", "nssdb"), join(homeDir, ".local", "share", "pki", "nssdb")];
  const found: string[] = [];
  for (const place of places) {
    if (
      await access(join(place, "cert9.db")).then(
        () => true,
        () => false,
      )
    )
      found.push(place);
  }
  return found;
}

// Files that root makes in a user's home would lock the user's browser out of its own store.
const belongsToOther = async ({ isRoot, homeDir }: TrustContext): Promise<boolean> =>
  isRoot &&
  (await stat(homeDir).then(
    ({ uid }) => uid !== 0,
    () => true,
  ));

const loginKeychain = (homeDir: string): string =>
  join(homeDir, "Library", "Keychains", "login.keychain-db");

const addToKeychain: Store = async ({ certificatePath }, { run, homeDir }) => {
  // For TLS servers alone, and for this user alone.
  const add = [
    "security",
    "add-trusted-cert",
    "-r",
    "trustRoot",
    "-p",
    "ssl",
    "-k",
    loginKeychain(homeDir),
    certificatePath,
  ];
  const failure = await firstFailure(run, [add]);
  return failure === undefined
    ? done("added to the login keychain")
    : byHand(`${add.map(shellWord).join(" ")} # failed here: ${failure}`);
};

const removeFromKeychain: Store = async (authority, { run, homeDir }) => {
  const remove = [
    "security",
    "delete-certificate",
    "-t",
    "-Z",
    sha1(authority),
    loginKeychain(homeDir),
  ];
  const failure = await firstFailure(run, [remove]);
  return failure === undefined
    ? done("removed from the login keychain")
    : byHand(`${remove.map(shellWord).join(" ")} # failed here: ${failure}`);
};

const sha1 = (authority: TrustedAuthority): string =>
  new X509Certificate(authority.certificate).fingerprint.replaceAll(":", "");

/** Runs commands until one fails; returns what the failing one said. */
async function firstFailure(run: RunCommand, commands: string[][]): Promise<string | undefined> {
  for (const [command = "", ...args] of commands) {
    const { exitCode, output } = await run(command, args);
    if (exitCode === undefined) return `no such command: ${command}`;
    if (exitCode !== 0)
      return output.replace(/\s+/g, " ").slice(0, 200) || `${command} ended with ${exitCode}`;
  }
  return undefined;
}
