// The certificate library wants this first, and both cost 70 ms: import this file only when a certificate is to be made.
import "reflect-metadata";
import { createHash, createPublicKey, type KeyObject, randomBytes } from "node:crypto";
import { isIP } from "node:net";
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";
import { nameConstraints } from "./name-constraints.ts";

const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 86_400_000;
const authorityDays = 3650;
// Browsers accept at most 398 days from publicly trusted CAs and some hold private ones to it.
const leafDays = 396;
const nameConstraintsOid = "2.5.29.30";

/** Signs an authority's own certificate: TLS servers only, no further authorities, and no name but those permitted. */
export async function issueAuthority(
  privateKey: KeyObject,
  { nowMs, extraNames }: { nowMs: number; extraNames: readonly string[] },
): Promise<string> {
  const publicKey = createPublicKey(privateKey);
  const id = keyId(publicKey);
  const name = [{ CN: [`Poolhouse development CA ${id.slice(0, 8)}`] }, { O: ["Poolhouse"] }];
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: name,
    issuer: name,
    ...validity(nowMs, authorityDays),
    publicKey: publicKey.toCryptoKey(ecdsa, true, ["verify"]),
    signingKey: privateKey.toCryptoKey(ecdsa, false, ["sign"]),
    signingAlgorithm: ecdsa,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new Extension(nameConstraintsOid, true, nameConstraints(extraNames)),
      new SubjectKeyIdentifierExtension(id),
    ],
  });
  return certificate.toString("pem");
}

/** Signs a server certificate for the names, in the authority's name; the authority's constraints stay the limit. */
export async function issueLeaf(
  authority: { certificate: string; privateKey: KeyObject },
  { nowMs, names, publicKey }: { nowMs: number; names: readonly string[]; publicKey: KeyObject },
): Promise<string> {
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    // A common name holds 64 characters at most and no client reads it any more: the names are below.
    subject: [{ O: ["Poolhouse"] }],
    issuer: new X509Certificate(authority.certificate).subjectName,
    ...validity(nowMs, leafDays),
    publicKey: publicKey.toCryptoKey(ecdsa, true, ["verify"]),
    signingKey: authority.privateKey.toCryptoKey(ecdsa, false, ["sign"]),
    signingAlgorithm: ecdsa,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) ? "ip" : "dns", value })),
      ),
      new SubjectKeyIdentifierExtension(keyId(publicKey)),
      new AuthorityKeyIdentifierExtension(keyId(createPublicKey(authority.privateKey))),
    ],
  });
  return certificate.toString("pem");
}

// A day back, for clients whose clock lags.
const validity = (nowMs: number, days: number): { notBefore: Date; notAfter: Date } => ({
  notBefore: new Date(nowMs - dayMs),
  notAfter: new Date(nowMs + days * dayMs),
});

const keyId = (publicKey: KeyObject): string =>
  createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("hex")
    .slice(0, 40);

/** RFC 5280 section 4.1.2.2: positive, at most 20 octets. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
