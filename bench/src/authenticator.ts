/** An authenticator with one passkey, and the browser around it: ES256, its user verified, no attestation. */
import { generateKeyPairSync, hash, randomBytes, sign } from "node:crypto";

type CreationOptions = { readonly challenge: string; readonly rp: { readonly id: string } };
type CreationUser = { readonly user: { readonly id: string } };
type RequestOptions = { readonly challenge: string; readonly rpId: string };

export type Authenticator = {
  /** What navigator.credentials.create gives, as JSON has it (WebAuthn §5.1.8). */
  create(options: CreationOptions & CreationUser): object;
  /** What navigator.credentials.get gives. */
  get(options: RequestOptions): object;
};

/** User present and verified (WebAuthn §6.1); `attested` says that a new key is there. */
const flags = { verified: 0x05, attested: 0x40 } as const;

/** A new passkey that is used on pages of this origin. */
export function createAuthenticator(origin: string): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const id = randomBytes(32);
  let userHandle = "";
  let signCount = 0;

  const credential = (response: object) => ({
    id: id.toString("base64url"),
    rawId: id.toString("base64url"),
    type: "public-key",
    clientExtensionResults: {},
    response,
  });
  const clientData = (type: string, challenge: string) =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const authenticatorData = (relyingPartyId: string, bits: number) => {
    const rest = Buffer.alloc(5);
    rest.writeUInt8(bits, 0);
    rest.writeUInt32BE(signCount, 1);
    return Buffer.concat([hash("sha256", relyingPartyId, "buffer"), rest]);
  };

  return {
    create({ challenge, rp, user }) {
      userHandle = user.id;
      const authData = Buffer.concat([
        authenticatorData(rp.id, flags.verified | flags.attested),
        Buffer.alloc(16),
        Buffer.of(0, id.length),
        id,
        coseKey(Buffer.from(x, "base64url"), Buffer.from(y, "base64url")),
      ]);
      return credential({
        clientDataJSON: clientData("webauthn.create", challenge).toString("base64url"),
        attestationObject: attestationObject(authData).toString("base64url"),
        transports: ["internal"],
      });
    },
    get({ challenge, rpId }) {
      signCount++;
      const data = clientData("webauthn.get", challenge);
      const authData = authenticatorData(rpId, flags.verified);
      const signed = Buffer.concat([authData, hash("sha256", data, "buffer")]);
      return credential({
        clientDataJSON: data.toString("base64url"),
        authenticatorData: authData.toString("base64url"),
        signature: sign("sha256", signed, privateKey).toString("base64url"),
        userHandle,
      });
    },
  };
}

/** The CBOR of a map of 1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: x, -3: y (RFC 9053 §7.1). */
function coseKey(x: Buffer, y: Buffer): Buffer {
  const head = Buffer.from("a5010203262001", "hex");
  return Buffer.concat([head, Buffer.from("215820", "hex"), x, Buffer.from("225820", "hex"), y]);
}

/** The CBOR of a map of "fmt": "none", "attStmt": {}, "authData": bytes (WebAuthn §6.5.4). */
function attestationObject(authData: Buffer): Buffer {
  return Buffer.concat([
    Buffer.of(0xa3),
    ...[text("fmt"), text("none"), text("attStmt"), Buffer.of(0xa0), text("authData")],
    Buffer.of(0x58, authData.length),
    authData,
  ]);
}

/** A text of fewer than 24 bytes. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.of(0x60 | value.length), Buffer.from(value)]);
}
