/**
 * The checks of WebAuthn Level 3 §7.1 and §7.2 that need CBOR, COSE and signatures. The library that makes them takes a
 * fifth of a second and 30 MB to load, so a server without passkeys never does.
 */
import { hash } from "node:crypto";
import {
  webAuthnCredentialNotSupported,
  webAuthnRelyingPartyMismatch,
} from "../../errors/cognito-idp.ts";
import type { PasskeyRow } from "../../store/passkeys.ts";
import type { Assertion, NewCredential } from "./credential.ts";
import { algorithms, isSupportedKey } from "./public-key.ts";
import type { RelyingParty } from "./relying-party.ts";

const loadLibrary = () => import("@simplewebauthn/server");
const loadHelpers = () => import("@simplewebauthn/server/helpers");

/** What an authenticator said of the passkey that it made. */
export type VerifiedPasskey = {
  /** COSE, base64url. */
  readonly publicKey: string;
  readonly signCount: number;
  readonly userVerified: boolean;
  readonly backupEligible: boolean;
  /** The model of the authenticator, unproved; zeros where it does not say. */
  readonly aaguid: string;
};

/** Checks a new passkey whose challenge and page were checked; throws AWS's refusal for one that does not pass. */
export async function verifyRegistration(
  party: RelyingParty,
  credential: NewCredential,
): Promise<VerifiedPasskey> {
  const [{ verifyRegistrationResponse }, { decodeCredentialPublicKey, isoBase64URL }] =
    await Promise.all([loadLibrary(), loadHelpers()]);
  const { id, clientData, clientDataJSON } = credential;
  const attestationObject = await withoutAttestation(party, credential.attestationObject);
  const { registrationInfo } = await orNotSupported(() =>
    verifyRegistrationResponse({
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: { clientDataJSON, attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: clientData.challenge,
      expectedOrigin: clientData.origin,
      expectedRPID: party.id,
      requireUserVerification: party.userVerification === "required",
      supportedAlgorithmIDs: Object.values(algorithms),
    }),
  );
  // The id that the browser tells must be the one that the authenticator made.
  if (registrationInfo?.credential.id !== id) throw webAuthnCredentialNotSupported();
  const { publicKey, counter } = registrationInfo.credential;
  if (!isSupportedKey(decodeCredentialPublicKey(publicKey) as { get(name: number): unknown })) {
    throw webAuthnCredentialNotSupported();
  }
  return {
    publicKey: isoBase64URL.fromBuffer(publicKey),
    signCount: counter,
    userVerified: registrationInfo.userVerified,
    backupEligible: registrationInfo.credentialDeviceType === "multiDevice",
    aaguid: registrationInfo.aaguid,
  };
}

/**
 * The same object with nothing said of where the authenticator comes from: none was asked for, and to check it the
 * library would fetch addresses that the sender names (revocation lists of certificates).
 */
async function withoutAttestation(party: RelyingParty, given: string): Promise<string> {
  const { decodeAttestationObject, isoBase64URL, isoCBOR } = await loadHelpers();
  const decoded: { get(key: "authData"): unknown } = await orNotSupported(async () =>
    decodeAttestationObject(isoBase64URL.toBuffer(given)),
  );
  const data = decoded instanceof Map ? decoded.get("authData") : undefined;
  if (!(data instanceof Uint8Array)) throw webAuthnCredentialNotSupported();
  const authData = new Uint8Array(data);
  if (!startsWithHashOf(party.id, authData)) throw webAuthnRelyingPartyMismatch();
  const bare = new Map<string, string | Map<string, string> | Uint8Array>([
    ["fmt", "none"],
    ["attStmt", new Map()],
    ["authData", authData],
  ]);
  return isoBase64URL.fromBuffer(isoCBOR.encode(bare));
}

function startsWithHashOf(relyingPartyId: string, authData: Uint8Array): boolean {
  return Buffer.from(hash("sha256", relyingPartyId, "hex"), "hex").equals(authData.subarray(0, 32));
}

/** The library throws plain errors for whatever an authenticator, or an attacker, sends. */
async function orNotSupported<T>(verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch {
    throw webAuthnCredentialNotSupported();
  }
}

export type VerifiedAssertion = { readonly signCount: number; readonly userVerified: boolean };

/** Checks the signature by a stored passkey, whose page was checked; undefined for one that does not pass. */
export async function verifyAssertion(
  party: RelyingParty,
  passkey: PasskeyRow,
  given: { assertion: Assertion; expectedChallenge: string },
): Promise<VerifiedAssertion | undefined> {
  const [{ verifyAuthenticationResponse }, { isoBase64URL }] = await Promise.all([
    loadLibrary(),
    loadHelpers(),
  ]);
  const { id, clientData, clientDataJSON, authenticatorData, signature } = given.assertion;
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId: id,
        type: "public-key",
        response: { clientDataJSON, authenticatorData, signature },
        clientExtensionResults: {},
      },
      expectedChallenge: given.expectedChallenge,
      expectedOrigin: clientData.origin,
      expectedRPID: party.id,
      requireUserVerification: party.userVerification === "required",
      credential: {
        id: passkey.credential_id,
        publicKey: isoBase64URL.toBuffer(passkey.public_key),
        counter: passkey.sign_count,
      },
    });
    const { newCounter, userVerified, credentialDeviceType } = authenticationInfo;
    // What may be copied elsewhere was always so, or it is another authenticator (WebAuthn Level 3 §7.2).
    const isSameKind = (credentialDeviceType === "multiDevice") === (passkey.backup_eligible === 1);
    return verified && isSameKind ? { signCount: newCounter, userVerified } : undefined;
  } catch {
    return undefined;
  }
}
