/** A passkey in software, for what is asked of no browser: it makes and signs what navigator.credentials would give. */
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** What the options of StartWebAuthnRegistration have that is used here. */
export type CreationOptions = {
  readonly challenge: string;
  readonly rp: { readonly id: string };
  readonly user: { readonly id: string };
};
/** What CREDENTIAL_REQUEST_OPTIONS has that is used here. */
type RequestOptions = { readonly challenge: string; readonly rpId: string };

/** Flags of authenticator data (WebAuthn §6.1): the user is there and verified; a new credential comes along. */
const present = 0x01 | 0x04;
const attested = 0x40;

export class Passkey {
  readonly #origin: string;
  readonly #id = randomBytes(32);
  readonly #keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  #userHandle = "";

  /** Of pages of this origin. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** RegistrationResponseJSON. */
  create({ challenge, rp, user }: CreationOptions) {
    this.#userHandle = user.id;
    const { x = "", y = "" } = this.#keys.publicKey.export({ format: "jwk" });
    // COSE_Key of ES256 (RFC 9053 §7.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y} in CBOR.
    const key = `a501020326200121${bytes(x)}22${bytes(y)}`;
    const length = Buffer.of(0, this.#id.length).toString("hex");
    const data = `${authenticatorData(rp.id, present | attested)}${"00".repeat(16)}${length}${this.#id.toString("hex")}${key}`;
    // {"fmt": "none", "attStmt": {}, "authData": …} in CBOR.
    const size = (data.length / 2).toString(16).padStart(2, "0");
    const object = `a363${hex("fmt")}64${hex("none")}67${hex("attStmt")}a068${hex("authData")}58${size}${data}`;
    return this.#credential({
      clientDataJSON: this.#clientData("webauthn.create", challenge),
      attestationObject: Buffer.from(object, "hex").toString("base64url"),
      transports: ["internal"],
    });
  }

  /** AuthenticationResponseJSON. */
  get({ challenge, rpId }: RequestOptions) {
    const clientDataJSON = this.#clientData("webauthn.get", challenge);
    const data = Buffer.from(authenticatorData(rpId, present), "hex");
    const signed = Buffer.concat([data, sha256(Buffer.from(clientDataJSON, "base64url"))]);
    return this.#credential({
      clientDataJSON,
      authenticatorData: data.toString("base64url"),
      signature: sign("sha256", signed, this.#keys.privateKey).toString("base64url"),
      userHandle: this.#userHandle,
    });
  }

  #credential<Response>(response: Response) {
    const id = this.#id.toString("base64url");
    return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
  }

  #clientData(type: string, challenge: string): string {
    const data = { type, challenge, origin: this.#origin, crossOrigin: false };
    return Buffer.from(JSON.stringify(data)).toString("base64url");
  }
}

/** Without a counter, as synchronised passkeys have it. */
function authenticatorData(rpId: string, flags: number): string {
  return `${sha256(rpId).toString("hex")}${Buffer.of(flags).toString("hex")}00000000`;
}

function sha256(data: string | Uint8Array): Buffer {
  return createHash("sha256").update(data).digest();
}

/** A byte string of 32 bytes in CBOR. */
function bytes(base64url: string): string {
  return `5820${Buffer.from(base64url, "base64url").toString("hex")}`;
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}
