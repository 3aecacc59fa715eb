/** The signing keys of pools, opened once and looked up anew every few seconds, so that every node sees a rotation. */

import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { Clock } from "../../lib/clock.ts";
import { dropOldest } from "../../lib/drop-oldest.ts";
import type { Vault } from "../../lib/envelope.ts";
import { listSigningKeys, type SigningKeyRow } from "../../store/signing-keys.ts";
import type { Store } from "../../store/store.ts";
import { type KeyUse, signingKeyPlace, type TokenUse } from "./create.ts";

export type SigningKey = { readonly kid: string; readonly privateKey: KeyObject };

/** One key as JWKS shows it (RFC 7517). */
export type PublishedKey = {
  readonly alg: "RS256";
  readonly e: string;
  readonly kid: string;
  readonly kty: "RSA";
  readonly n: string;
  readonly use: "sig";
};

export type KeyRing = {
  /** The key that signs this kind of token now, or what goes to SAML providers. */
  signing(userPoolId: string, use: KeyUse): Promise<SigningKey>;
  /** The key that may have signed a token of this kind, or undefined: keys come from here and never from a token. */
  verifying(userPoolId: string, kid: string, tokenUse: TokenUse): Promise<KeyObject | undefined>;
  /** All keys that a token in circulation may name, and those that will sign next. */
  published(userPoolId: string): Promise<readonly PublishedKey[]>;
  /** Makes this node look a pool's keys up anew at once; the others do so within KEY_RING_AGE_MS. */
  forget(userPoolId: string): void;
};

/** How long a node may go on with what it knows; a key is published for longer than this before it signs. */
export const KEY_RING_AGE_MS = 5_000;
const MAX_POOLS = 1_000;

type OpenedKey = {
  readonly kid: string;
  readonly tokenUse: string;
  readonly state: string;
  readonly published: PublishedKey;
  readonly publicKey: KeyObject;
  /** Opened when first signed with. */
  readonly privateKey: () => KeyObject;
};

type Held = { readonly keys: Promise<readonly OpenedKey[]>; readonly atMs: number };

/** A ring over the store; `clock` is the machine's, since a moved clock must not make it read anew at every call. */
export function createKeyRing(given: { store: Store; vault: Vault; clock: Clock }): KeyRing {
  const { store, vault, clock } = given;
  const held = new Map<string, Held>();
  const opened = new Map<string, OpenedKey>();

  async function read(userPoolId: string): Promise<readonly OpenedKey[]> {
    const rows = await listSigningKeys(store.db, userPoolId);
    return rows.map((row) => {
      const known = opened.get(row.kid);
      if (known?.state === row.state) return known;
      const key = openKey(row, vault);
      opened.set(row.kid, key);
      dropOldest(opened, 4 * MAX_POOLS);
      return key;
    });
  }

  function keysOf(userPoolId: string): Promise<readonly OpenedKey[]> {
    const now = clock.now();
    const known = held.get(userPoolId);
    if (known && Math.abs(now - known.atMs) < KEY_RING_AGE_MS) return known.keys;
    const keys = read(userPoolId);
    held.delete(userPoolId);
    held.set(userPoolId, { keys, atMs: now });
    const drop = () => held.get(userPoolId)?.keys === keys && held.delete(userPoolId);
    // What failed, or found nothing (the pool may be made at this moment), is asked again by the next caller.
    keys.then((found) => found.length === 0 && drop(), drop);
    dropOldest(held, MAX_POOLS);
    return keys;
  }

  return {
    async signing(userPoolId, use) {
      const keys = await keysOf(userPoolId);
      const active = keys.find((key) => key.state === "active" && key.tokenUse === use);
      if (!active) throw new Error(`pool ${userPoolId} has no active ${use} key`);
      return { kid: active.kid, privateKey: active.privateKey() };
    },
    async verifying(userPoolId, kid, tokenUse) {
      const keys = await keysOf(userPoolId);
      return keys.find((key) => key.kid === kid && key.tokenUse === tokenUse)?.publicKey;
    },
    async published(userPoolId) {
      // Whoever verifies tokens is to take none that the other key signed.
      const keys = (await keysOf(userPoolId)).filter(({ tokenUse }) => tokenUse !== "saml");
      return keys.map((key) => key.published);
    },
    forget: (userPoolId) => void held.delete(userPoolId),
  };
}

function openKey(row: SigningKeyRow, vault: Vault): OpenedKey {
  // Written by this program in newSigningKey.
  const { n, e } = JSON.parse(row.public_jwk) as { n: string; e: string };
  let privateKey: KeyObject | undefined;
  return {
    kid: row.kid,
    tokenUse: row.token_use,
    state: row.state,
    published: { alg: "RS256", e, kid: row.kid, kty: "RSA", n, use: "sig" },
    publicKey: createPublicKey({ key: { kty: "RSA", n, e }, format: "jwk" }),
    privateKey() {
      privateKey ??= createPrivateKey(vault.open(signingKeyPlace(row.kid), row.private_key));
      return privateKey;
    },
  };
}
