import {
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { chmod, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createOnce, readIfPresent } from "../../lib/publish-file.ts";
import { nameConstraints } from "./name-constraints.ts";

/** A certificate authority of one data directory. */
export type Authority = {
  dir: string;
  /** Where its certificate lies, for whoever is to trust it. */
  certificatePath: string;
  certificate: string;
  privateKey: KeyObject;
  /** Tells it from the authorities of other data directories: first digits of the certificate's SHA-256. */
  fingerprint: string;
};

/** `extraNames` are DNS names beyond localhost that it may certify, with all below them: only ever by explicit choice. */
export type AuthorityOptions = { nowMs: number; extraNames?: readonly string[] };

const dnsName =
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$/;

/**
 * The authority of a data directory, made at first use: `ca.pem` for everyone, `ca-key.pem` for the owner alone.
 * Processes that start at once end up with the same one; an authority made for other names or past its end is never
 * replaced, since people have trusted it: that is an error.
 */
export async function loadOrCreateAuthority(
  dir: string,
  options: AuthorityOptions,
): Promise<Authority> {
  const { nowMs, extraNames = [] } = options;
  const wrong = extraNames.find((name) => !dnsName.test(name));
  if (wrong !== undefined)
    throw new Error(`not a DNS name that a certificate authority could be limited to: ${wrong}`);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const keyPath = join(dir, "ca-key.pem");
  const certificatePath = join(dir, "ca.pem");
  const key =
    (await readIfPresent(keyPath)) ??
    (await createOnce(keyPath, { content: newKey(), mode: 0o600 }));
  // An archive or a copy may have loosened it. Where modes mean nothing this fails, and nothing is lost.
  await chmod(keyPath, 0o600).catch(() => undefined);
  // Whoever finds a key without a certificate completes it: the first to publish wins, the key being the same for all.
  const certificate =
    (await readIfPresent(certificatePath)) ??
    (await certify(certificatePath, key, { nowMs, extraNames }));
  const authority = { dir, certificatePath, certificate };
  return { ...authority, ...checkUsable(certificate, key, { dir, nowMs, extraNames }) };
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

async function certify(
  path: string,
  key: string,
  options: { nowMs: number; extraNames: readonly string[] },
): Promise<string> {
  const { issueAuthority } = await import("./issue.ts");
  return createOnce(path, {
    content: await issueAuthority(createPrivateKey(key), options),
    mode: 0o644,
  });
}

function checkUsable(
  certificate: string,
  key: string,
  { dir, nowMs, extraNames }: { dir: string; nowMs: number; extraNames: readonly string[] },
): Pick<Authority, "privateKey" | "fingerprint"> {
  const refuse = (reason: string): Error =>
    new Error(
      `${reason}: remove ca.pem and ca-key.pem from ${dir}, start again and trust the new ones`,
    );
  const pair = parsePair(certificate, key);
  if (!pair) throw refuse("ca.pem or ca-key.pem is damaged");
  const { parsed, privateKey } = pair;
  if (!parsed.checkPrivateKey(privateKey))
    throw refuse("ca.pem and ca-key.pem do not belong together");
  if (parsed.validToDate.getTime() < nowMs) throw refuse("the certificate authority has expired");
  if (!parsed.ca || !parsed.raw.includes(nameConstraints(extraNames))) {
    throw refuse("the certificate authority was made for other names");
  }
  return {
    privateKey,
    fingerprint: parsed.fingerprint256.replaceAll(":", "").slice(0, 16).toLowerCase(),
  };
}

function parsePair(
  certificate: string,
  key: string,
): { parsed: X509Certificate; privateKey: KeyObject } | undefined {
  try {
    return { parsed: new X509Certificate(certificate), privateKey: createPrivateKey(key) };
  } catch {
    return undefined;
  }
}
