/** An authenticator and its browser in software, for tests of passkeys: real keys, real signatures, and any lie a test wants. */
import { generateKeyPairSync, hash, type KeyObject, randomBytes, sign } from "node:crypto";

/** CBOR of what authenticators send (RFC 8949 §3). */
export type Cbor = number | string | Uint8Array | readonly Cbor[] | ReadonlyMap<unknown, Cbor>;

export function cbor(value: Cbor): Buffer {
  if (typeof value === "number") return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === "string") return prefixed(3, Buffer.from(value));
  if (value instanceof Uint8Array) return prefixed(2, value);
  if (value instanceof Map) {
    const entries = [...value].flatMap(([key, each]) => [cbor(key as Cbor), cbor(each as Cbor)]);
    return Buffer.concat([head(5, value.size), ...entries]);
  }
  const list = value as readonly Cbor[];
  return Buffer.concat([head(4, list.length), ...list.map(cbor)]);
}

function prefixed(major: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([head(major, bytes.length), bytes]);
}

function head(major: number, count: number): Buffer {
  if (count < 24) return Buffer.of((major << 5) | count);
  if (count < 256) return Buffer.of((major << 5) | 24, count);
  return Buffer.of((major << 5) | 25, count >> 8, count & 0xff);
}

const flag = { up: 0x01, uv: 0x04, be: 0x08, bs: 0x10, at: 0x40 } as const;
type Flag = keyof typeof flag;

/** What a test may have different from what is right. */
export type Lies = {
  readonly origin?: string;
  readonly type?: string;
  readonly challenge?: string;
  readonly clientData?: Readonly<Record<string, unknown>>;
  readonly relyingPartyId?: string;
  /** All flags but `at`; "up" and "uv" unless told otherwise. */
  readonly flags?: readonly Flag[];
  readonly signCount?: number;
  readonly publicKey?: ReadonlyMap<unknown, Cbor>;
  readonly attestation?: { readonly fmt: string; readonly attStmt: ReadonlyMap<unknown, Cbor> };
  readonly userHandle?: string | undefined;
  readonly aaguid?: string;
};

/** What options for browsers must have to be used here. */
type CreationOptions = {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
};
type RequestOptions = { readonly challenge: string; readonly rpId: string };

export type Algorithm = "ES256" | "RS256";

/** An authenticator with one passkey, used from pages of one origin. */
export class Authenticator {
  readonly id: Buffer;
  readonly origin: string;
  /** Counts each signature; stays at 0 for one that does not count. */
  signCount = 0;
  readonly #counts: boolean;
  readonly #privateKey: KeyObject;
  readonly #publicKey: ReadonlyMap<unknown, Cbor>;
  #userHandle = "";

  constructor(
    given: { origin?: string; algorithm?: Algorithm; counts?: boolean; id?: Buffer } = {},
  ) {
    this.origin = given.origin ?? "https://localhost:8443";
    this.id = given.id ?? randomBytes(32);
    this.#counts = given.counts ?? true;
    const pair =
      given.algorithm === "RS256"
        ? generateKeyPairSync("rsa", { modulusLength: 2048 })
        : generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#privateKey = pair.privateKey;
    this.#publicKey = coseOf(pair.publicKey);
  }

  get credentialId(): string {
    return this.id.toString("base64url");
  }

  /** navigator.credentials.create, as RegistrationResponseJSON. */
  create(options: CreationOptions, lies: Lies = {}) {
    this.#userHandle = options.user.id;
    const credentialIdLength = Buffer.of(this.id.length >> 8, this.id.length & 0xff);
    const authData = Buffer.concat([
      this.#authenticatorData(lies.relyingPartyId ?? options.rp.id, lies, flag.at),
      Buffer.from((lies.aaguid ?? "0".repeat(32)).replaceAll("-", ""), "hex"),
      credentialIdLength,
      this.id,
      cbor(lies.publicKey ?? this.#publicKey),
    ]);
    const { fmt, attStmt } = lies.attestation ?? { fmt: "none", attStmt: new Map() };
    const attestation = new Map<unknown, Cbor>([
      ["fmt", fmt],
      ["attStmt", attStmt],
      ["authData", authData],
    ]);
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: "public-key",
      authenticatorAttachment: "platform",
      clientExtensionResults: {},
      response: {
        clientDataJSON: this.#clientData("webauthn.create", options.challenge, lies),
        attestationObject: cbor(attestation).toString("base64url"),
        transports: ["internal", "hybrid"],
      },
    };
  }

  /** navigator.credentials.get, as AuthenticationResponseJSON. */
  get(options: RequestOptions, lies: Lies = {}) {
    if (this.#counts) this.signCount += 1;
    const clientDataJSON = this.#clientData("webauthn.get", options.challenge, lies);
    const authenticatorData = this.#authenticatorData(lies.relyingPartyId ?? options.rpId, lies, 0);
    const clientDataHash = Buffer.from(
      hash("sha256", Buffer.from(clientDataJSON, "base64url"), "hex"),
      "hex",
    );
    const signed = Buffer.concat([authenticatorData, clientDataHash]);
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: "public-key",
      authenticatorAttachment: "platform",
      clientExtensionResults: {},
      response: {
        clientDataJSON,
        authenticatorData: authenticatorData.toString("base64url"),
        signature: sign("sha256", signed, this.#privateKey).toString("base64url"),
        userHandle: "userHandle" in lies ? lies.userHandle : this.#userHandle,
      },
    };
  }

  #clientData(type: string, challenge: string, lies: Lies): string {
    const data = {
      type: lies.type ?? type,
      challenge: lies.challenge ?? challenge,
      origin: lies.origin ?? this.origin,
      crossOrigin: false,
      ...lies.clientData,
    };
    return Buffer.from(JSON.stringify(data)).toString("base64url");
  }

  #authenticatorData(relyingPartyId: string, lies: Lies, more: number): Buffer {
    const flags = (lies.flags ?? ["up", "uv"]).reduce((bits, name) => bits | flag[name], more);
    const rest = Buffer.alloc(5);
    rest.writeUInt8(flags, 0);
    rest.writeUInt32BE(lies.signCount ?? this.signCount, 1);
    return Buffer.concat([Buffer.from(hash("sha256", relyingPartyId, "hex"), "hex"), rest]);
  }
}

/** A key as COSE has it (RFC 9053 §7.1, RFC 8230 §4). */
export function coseOf(publicKey: KeyObject): ReadonlyMap<unknown, Cbor> {
  const jwk = publicKey.export({
    format: "jwk",
  });
  const bytes = (text: string | undefined) => Buffer.from(text ?? "", "base64url");
  if (jwk.kty === "RSA") {
    return new Map<unknown, Cbor>([
      [1, 3],
      [3, -257],
      [-1, bytes(jwk.n)],
      [-2, bytes(jwk.e)],
    ]);
  }
  return new Map<unknown, Cbor>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, bytes(jwk.x)],
    [-3, bytes(jwk.y)],
  ]);
}
