/** Proofs of possession (RFC 9449) as clients make them. */
import { createHash, createPublicKey, randomUUID } from "node:crypto";
import { type ClientKey, clientKey, signWith } from "./assertions.ts";
import type { TestPool } from "./pools.ts";

type Members = Record<string, unknown>;

export type TestKey = {
  readonly jkt: string;
  /** The `DPoP` header of a request; `undefined` leaves a member out. */
  proof(request: {
    nowMs: number;
    htu: string;
    htm?: string;
    accessToken?: string;
    nonce?: string | undefined;
    payload?: Members;
    header?: Members;
  }): string;
};

/** The key of a client, which signs with this algorithm. */
export function dpopKey(alg: ClientKey["alg"] = "ES256"): TestKey {
  const key = clientKey(alg);
  const { kid: _kid, ...jwk } = createPublicKey(key.privateKey).export({ format: "jwk" });
  return {
    jkt: thumbprint(jwk),
    proof: ({ nowMs, htu, htm = "POST", accessToken, nonce, payload, header }) =>
      signWith(
        key,
        {
          ...{ jti: randomUUID(), htm, htu, iat: Math.floor(nowMs / 1000) },
          ...(accessToken === undefined ? {} : { ath: sha256(accessToken) }),
          ...(nonce === undefined ? {} : { nonce }),
          ...payload,
        },
        { typ: "dpop+jwt", jwk, kid: undefined, ...header },
      ),
  };
}

function thumbprint(jwk: Members): string {
  const names = ["crv", "e", "kty", "n", "x", "y"].filter((name) => name in jwk);
  return sha256(JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]]))));
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** The address of a pool's endpoint as clients have it. */
export function endpointUrl({ pool }: Pick<TestPool, "pool">, path: string): string {
  return `https://localhost:8443/${pool.id}${path}`;
}
