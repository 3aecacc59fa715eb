import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from "node:crypto";
import { isIP } from "node:net";
import { join } from "node:path";
import { readIfPresent, replaceFile } from "../../lib/publish-file.ts";
import type { Authority } from "./authority.ts";

/** A server certificate with its key, as PEM. */
export type Leaf = { certificate: string; key: string; notAfterMs: number };

/** The names every data directory's certificate covers. */
export const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "::1"];

const renewBeforeMs = 30 * 86_400_000;

/**
 * The certificate for a data directory's server, kept there in `tls.pem` (owner alone) and renewed when fewer than 30
 * days are left, or when the authority or the names have changed.
 */
export async function leafFor(
  authority: Authority,
  names: readonly string[],
  { nowMs }: { nowMs: number },
): Promise<Leaf> {
  const path = join(authority.dir, "tls.pem");
  const kept = readLeaf((await readIfPresent(path)) ?? "");
  if (kept && isUsable(kept, { authority, names, nowMs })) return kept;
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const leaf = await signLeaf(authority, { names, privateKey, nowMs });
  await replaceFile(path, {
    content: `${leaf.key.trim()}\n${leaf.certificate.trim()}\n`,
    mode: 0o600,
  });
  return leaf;
}

/** Signs a certificate for the names with the given key; keeps nothing. */
export async function signLeaf(
  authority: Authority,
  { names, privateKey, nowMs }: { names: readonly string[]; privateKey: KeyObject; nowMs: number },
): Promise<Leaf> {
  const { issueLeaf } = await import("./issue.ts");
  const publicKey = createPublicKey(privateKey);
  const certificate = await issueLeaf(authority, { nowMs, names, publicKey });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  return { certificate, key, notAfterMs: new X509Certificate(certificate).validToDate.getTime() };
}

/** Whether a certificate has more than the renewal margin left. */
export const isFresh = (leaf: Leaf, nowMs: number): boolean =>
  leaf.notAfterMs - nowMs > renewBeforeMs;

function readLeaf(text: string): Leaf | undefined {
  const key = /-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----/.exec(text)?.[0];
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text)?.[0];
  if (!key || !certificate) return undefined;
  try {
    return { key, certificate, notAfterMs: new X509Certificate(certificate).validToDate.getTime() };
  } catch {
    // Whatever damaged it, a new one is as good.
    return undefined;
  }
}

function isUsable(
  leaf: Leaf,
  { authority, names, nowMs }: { authority: Authority; names: readonly string[]; nowMs: number },
): boolean {
  const issuer = new X509Certificate(authority.certificate);
  const certificate = new X509Certificate(leaf.certificate);
  return (
    isFresh(leaf, nowMs) &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey) &&
    certificate.checkPrivateKey(createPrivateKey(leaf.key)) &&
    names.every(
      (name) =>
        (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined,
    ) &&
    certificate.subjectAltName?.split(", ").length === names.length
  );
}
