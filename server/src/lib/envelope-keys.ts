/**
 * The master-key file: what opens the secrets in the database, kept apart from it. Pure text in and out; the caller reads
 * and writes the file. It holds keys in order of preference, the first one sealing and all of them opening, and one
 * derivation secret that outlives every rotation, since what was derived from it (code digests, cookie keys) cannot be
 * wrapped anew.
 */
import { hkdfSync } from "node:crypto";
import type { Random } from "./random.ts";

export type MasterKey = {
  /** Names the key in every blob that it sealed; computed from the secret, so that no two keys can share one. */
  readonly id: string;
  readonly secret: Buffer;
};

export type MasterKeys = {
  /** The first key seals, all open. */
  readonly keys: readonly [MasterKey, ...MasterKey[]];
  /** Stays the same while keys come and go. */
  readonly derivationSecret: Buffer;
};

const header = "poolhouse-master-keys v1";
const secretBytes = 32;
const idBytes = 8;
/** Far more keys than anybody rotates through, and still a bounded file. */
const maxFileLength = 64 * 1024;
const line = /^(key|derivation) ([A-Za-z0-9_-]{43})$/;

/** A new set with one key, for a first start. */
export function generateMasterKeys(random: Random): MasterKeys {
  return { keys: [newKey(random)], derivationSecret: random.bytes(secretBytes) };
}

/**
 * Adds a new key that opens and does not seal yet. Where several nodes run, all of them get this file before
 * `promoteMasterKey`, or those that lag behind cannot open what the others seal.
 */
export function addMasterKey(masterKeys: MasterKeys, random: Random): MasterKeys {
  return { ...masterKeys, keys: [...masterKeys.keys, newKey(random)] };
}

/** Makes the key of this id the one that seals; the others still open. */
export function promoteMasterKey(masterKeys: MasterKeys, id: string): MasterKeys {
  const chosen = masterKeys.keys.find((key) => key.id === id);
  if (!chosen) throw new Error(`no master key has the id ${id}`);
  return { ...masterKeys, keys: [chosen, ...masterKeys.keys.filter((key) => key !== chosen)] };
}

/** Leaves the key that seals alone: for when nothing in the database is under another one. */
export function retireMasterKeys(masterKeys: MasterKeys): MasterKeys {
  return { ...masterKeys, keys: [masterKeys.keys[0]] };
}

/** Writes the file's text, which `parseMasterKeys` reads back as the same keys. */
export function formatMasterKeys({ keys, derivationSecret }: MasterKeys): string {
  return [
    header,
    "# Opens every secret in the database. Keep it apart from the database and its backups.",
    "# The first key seals, all keys open. The derivation secret never changes.",
    `derivation ${derivationSecret.toString("base64url")}`,
    ...keys.map((key) => `key ${key.secret.toString("base64url")}`),
    "",
  ].join("\n");
}

/** Reads the file's text, refusing anything that is not wholly understood; no refusal quotes the file. */
export function parseMasterKeys(text: string): MasterKeys {
  if (text.length > maxFileLength) throw new Error("the master-key file is too long");
  const lines = text.split(/\r?\n/).map((each) => each.trim());
  if (lines[0] !== header) throw new Error(`the master-key file does not begin with "${header}"`);
  const secrets = { key: new Set<string>(), derivation: new Set<string>() };
  for (const [index, each] of lines.entries()) {
    if (index === 0 || each === "" || each.startsWith("#")) continue;
    readLine(each, index + 1, secrets);
  }
  const [derivation] = secrets.derivation;
  if (secrets.derivation.size !== 1 || derivation === undefined) {
    throw new Error("the master-key file needs exactly one derivation line");
  }
  const [first, ...rest] = [...secrets.key].map(decode).map(withId);
  if (!first) throw new Error("the master-key file holds no key");
  return { keys: [first, ...rest], derivationSecret: decode(derivation) };
}

function readLine(
  text: string,
  lineNumber: number,
  secrets: Record<"key" | "derivation", Set<string>>,
): void {
  const [, kind, secret = ""] = line.exec(text) ?? [];
  const known = kind === "key" || kind === "derivation";
  // The last of 43 characters carries 4 bits and two that must be zero: only one spelling of a key is a key.
  if (!known || decode(secret).toString("base64url") !== secret) {
    throw new Error(`line ${lineNumber} of the master-key file is not understood`);
  }
  if (secrets.key.has(secret) || secrets.derivation.has(secret)) {
    throw new Error(`line ${lineNumber} of the master-key file repeats a secret`);
  }
  secrets[kind].add(secret);
}

function decode(secret: string): Buffer {
  return Buffer.from(secret, "base64url");
}

function newKey(random: Random): MasterKey {
  return withId(random.bytes(secretBytes));
}

function withId(secret: Buffer): MasterKey {
  const id = Buffer.from(hkdfSync("sha256", secret, "", "poolhouse master key id v1", idBytes));
  return { id: id.toString("hex"), secret };
}
