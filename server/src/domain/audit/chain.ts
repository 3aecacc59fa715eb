/**
 * How rows of the trail hang together: each has a place and a hash over the hash before it and its own content, and
 * digests sign where the chain stood (docs/decisions/audit-chain.md).
 */
import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from "node:crypto";
import type { Vault } from "../../lib/envelope.ts";

/** A row as its hash covers it. */
export type ChainedEvent = {
  readonly seq: number;
  readonly id: string;
  readonly at_ms: number;
  readonly user_pool_id: string | null;
  readonly event: string;
};

/** A place in the chain: the last row and its hash. */
export type ChainPlace = { readonly seq: number; readonly hash: string };

/** Before the first row. */
export const chainStart: ChainPlace = {
  seq: 0,
  hash: hash("sha256", "poolhouse audit chain v1", "hex"),
};

/** The place of a sealed row. */
export function placeOf(row: { id: string; seq: number | null; hash: string | null }): ChainPlace {
  const { id, seq, hash } = row;
  if (seq === null || hash === null) throw new Error(`audit event ${id} is not sealed`);
  return { seq, hash };
}

/** The hash of a row that follows this one: SHA-256 over the bytes of that hash and the row as JSON. */
export function chainHash(previous: string, row: ChainedEvent): string {
  const content = JSON.stringify([row.seq, row.id, row.at_ms, row.user_pool_id, row.event]);
  return hash("sha256", Buffer.concat([Buffer.from(previous, "hex"), Buffer.from(content)]), "hex");
}

export type DigestKeys = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };

/** RFC 8410: an Ed25519 private key in PKCS #8 is this and the seed. */
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/** The key pair that signs digests, the same on every node and after every rotation of the master keys. */
export function digestKeys(vault: Vault): DigestKeys {
  const key = Buffer.concat([pkcs8Prefix, vault.derive("audit digests")]);
  const privateKey = createPrivateKey({ key, format: "der", type: "pkcs8" });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

type SignedPlace = ChainPlace & { readonly at_ms: number };

/** The signature of the chain's place at a time. */
export function signDigest(privateKey: KeyObject, digest: SignedPlace): string {
  return sign(null, digestContent(digest), privateKey).toString("base64url");
}

/** Tells whether the key signed this digest. */
export function isDigestSigned(
  publicKey: KeyObject,
  digest: SignedPlace & { readonly signature: string },
): boolean {
  const signature = Buffer.from(digest.signature, "base64url");
  return verify(null, digestContent(digest), publicKey, signature);
}

function digestContent({ seq, hash, at_ms }: SignedPlace): Buffer {
  return Buffer.from(JSON.stringify(["poolhouse audit digest v1", seq, hash, at_ms]));
}
