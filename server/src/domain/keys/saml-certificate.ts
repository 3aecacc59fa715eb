/**
 * The certificate by which SAML providers know what a pool signs. It is over a key of its own: those of tokens are
 * rotated far more often than administrators of providers want to exchange a certificate (docs/decisions/saml-key.md).
 */
import { createHash, createPublicKey, type KeyObject } from "node:crypto";
import type { Db } from "../../store/schema.ts";
import { insertSigningKey, listSigningKeys } from "../../store/signing-keys.ts";
import type { Call } from "../call.ts";
import { loadPool, type UserPool } from "../pools/pool.ts";
import { newSigningKey } from "./create.ts";

/** "Issued certificates are valid for 10 years from the date of issue" (API reference, GetSigningCertificate). */
const validForYears = 10;
const rsa = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } as const;

/**
 * The pool's certificate in Base64, without the lines around it. The first call makes the key; made of nothing but the
 * key and when it was made, and signed without chance, the certificate is the same at every call.
 */
export async function samlSigningCertificate(call: Call, pool: UserPool): Promise<string> {
  const createdAtMs = (await createdAt(call.db, pool)) ?? (await makeKey(call, pool));
  // Another node may have made the key since this one last looked.
  call.keyRing.forget(pool.id);
  const { kid, privateKey } = await call.keyRing.signing(pool.id, "saml");
  return await issue(privateKey, { kid, createdAtMs, name: pool.id });
}

async function createdAt(db: Db, pool: UserPool): Promise<number | undefined> {
  const keys = await listSigningKeys(db, pool.id);
  const key = keys.find((each) => each.token_use === "saml" && each.state === "active");
  return key?.created_at_ms;
}

async function makeKey(call: Call, pool: UserPool): Promise<number> {
  // Of two calls at once the second one finds the first one's key under this id.
  const kid = createHash("sha256").update(`saml/${pool.id}`).digest("base64");
  const key = await newSigningKey(call, {
    userPoolId: pool.id,
    tokenUse: "saml",
    state: "active",
    kid,
  });
  const createdAtMs = await call.change(async (trx) => {
    await loadPool(call, pool.id, trx);
    await insertSigningKey(trx, key);
    return await createdAt(trx, pool);
  });
  return createdAtMs ?? key.created_at_ms;
}

async function issue(
  privateKey: KeyObject,
  about: { kid: string; createdAtMs: number; name: string },
): Promise<string> {
  // Both cost 70 ms, and most servers never make such a certificate.
  await import("reflect-metadata");
  const { X509CertificateGenerator } = await import("@peculiar/x509");
  const notBefore = new Date(about.createdAtMs);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + validForYears);
  const name = [{ CN: [about.name] }];
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serialNumberFor(about.kid),
    subject: name,
    issuer: name,
    notBefore,
    notAfter,
    publicKey: createPublicKey(privateKey).toCryptoKey(rsa, true, ["verify"]),
    signingKey: privateKey.toCryptoKey(rsa, false, ["sign"]),
    signingAlgorithm: rsa,
  });
  return Buffer.from(certificate.rawData).toString("base64");
}

/** RFC 5280 section 4.1.2.2: positive, at most 20 octets. */
function serialNumberFor(kid: string): string {
  const bytes = createHash("sha256").update(kid).digest().subarray(0, 16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString("hex");
}
