/** Keys of clients and what they sign, for tests of client assertions. */
import { constants, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";

export type ClientKey = {
  readonly alg: "RS256" | "PS256" | "ES256" | "EdDSA" | "Ed25519";
  readonly privateKey: KeyObject;
  /** Public, with its kid. */
  readonly jwk: Record<string, unknown>;
};

/** Makes a key that signs with this algorithm. */
export function clientKey(alg: ClientKey["alg"] = "ES256", kid = "key-1"): ClientKey {
  const { privateKey, publicKey } = keyPair(alg);
  return { alg, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid } };
}

function keyPair(alg: ClientKey["alg"]) {
  if (alg === "ES256") return generateKeyPairSync("ec", { namedCurve: "P-256" });
  return alg.startsWith("Ed")
    ? generateKeyPairSync("ed25519")
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
}

/** The AssertionKeys of a client that has these. */
export function jwksOf(...keys: ClientKey[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}

type Members = Record<string, unknown>;

/** A JWS of any header and payload. */
export function signWith({ alg, privateKey }: ClientKey, payload: Members, header: Members = {}) {
  const encode = (value: Members) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${encode({ alg, kid: "key-1", ...header })}.${encode(payload)}`;
  const key =
    alg === "ES256"
      ? { key: privateKey, dsaEncoding: "ieee-p1363" as const }
      : alg === "PS256"
        ? { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
        : { key: privateKey };
  const digest = alg.startsWith("Ed") ? null : "sha256";
  return `${signed}.${sign(digest, Buffer.from(signed), key).toString("base64url")}`;
}

/** What a right assertion of a client says, good for a minute from now on. */
export function assertionClaims(given: {
  clientId: string;
  issuer: string;
  nowMs: number;
}): Members {
  const { clientId, issuer, nowMs } = given;
  const iat = Math.floor(nowMs / 1000);
  return { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat, exp: iat + 60 };
}

/** The fields of a request that carries an assertion. */
export function withAssertion(assertion: string) {
  return {
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
}
