/** What browsers send of passkeys: read from a stranger's JSON, bounded, before anything is decoded. */
import { invalidPasskeyCredential } from "../../errors/cognito-idp.ts";
import { JsonFault, parseJson } from "../../lib/json.ts";

/** What the browser put together and the authenticator signed (WebAuthn Level 3 §5.8.1). */
export type ClientData = {
  readonly type: string;
  readonly challenge: string;
  readonly origin: string;
  /** Whether the page was within one of another origin. */
  readonly crossOrigin: boolean;
};

type Credential = {
  /** Base64url. */
  readonly id: string;
  readonly clientDataJSON: string;
  readonly clientData: ClientData;
};

/** A RegistrationResponseJSON. */
export type NewCredential = Credential & {
  readonly attestationObject: string;
  readonly transports: readonly Transport[];
  readonly attachment: Attachment | undefined;
};

/** An AuthenticationResponseJSON. */
export type Assertion = Credential & {
  readonly authenticatorData: string;
  readonly signature: string;
  readonly userHandle: string | undefined;
};

const transports = ["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"] as const;
export type Transport = (typeof transports)[number];
const attachments = ["platform", "cross-platform"] as const;
export type Attachment = (typeof attachments)[number];

/** Credential ids have at most 1,023 bytes (WebAuthn Level 3 §7.1). */
const maxIdCharacters = 1364;
const maxClientDataCharacters = 8192;
/** Certificates may be within, which are not looked at. */
const maxAttestationCharacters = 49_152;
const maxAssertionCharacters = 4096;
const maxAssertionJson = 32_768;
const maxDepth = 8;

/** Reads a credential as navigator.credentials.create gives it; throws for what is none. */
export function readNewCredential(document: unknown): NewCredential {
  const { credential, response } = readEnvelope(document);
  const given = response["transports"];
  const named = Array.isArray(given) ? given.slice(0, 32) : [];
  return {
    ...readCredential(credential, response),
    attestationObject: base64url(response["attestationObject"], maxAttestationCharacters),
    transports: transports.filter((transport) => named.includes(transport)),
    attachment: attachments.find((name) => name === credential["authenticatorAttachment"]),
  };
}

/** Reads a credential as navigator.credentials.get gives it, in JSON; throws for what is none. */
export function readAssertion(json: string): Assertion {
  if (json.length > maxAssertionJson) throw invalidPasskeyCredential();
  const { credential, response } = readEnvelope(parse(Buffer.from(json)));
  const userHandle = response["userHandle"];
  const isAbsent = userHandle === undefined || userHandle === null || userHandle === "";
  return {
    ...readCredential(credential, response),
    authenticatorData: base64url(response["authenticatorData"], maxAssertionCharacters),
    signature: base64url(response["signature"], maxAssertionCharacters),
    userHandle: isAbsent ? undefined : base64url(userHandle, maxAssertionCharacters),
  };
}

type Members = Readonly<Record<string, unknown>>;

function readEnvelope(document: unknown): { credential: Members; response: Members } {
  const credential = membersOf(document);
  if (credential["type"] !== "public-key") throw invalidPasskeyCredential();
  return { credential, response: membersOf(credential["response"]) };
}

function readCredential(credential: Members, response: Members): Credential {
  const clientDataJSON = base64url(response["clientDataJSON"], maxClientDataCharacters);
  return {
    id: base64url(credential["id"], maxIdCharacters),
    clientDataJSON,
    clientData: readClientData(membersOf(parse(Buffer.from(clientDataJSON, "base64url")))),
  };
}

function readClientData(members: Members): ClientData {
  const { type, challenge, origin, crossOrigin, topOrigin } = members;
  if (typeof type !== "string" || typeof challenge !== "string" || typeof origin !== "string") {
    throw invalidPasskeyCredential();
  }
  const isAlone = crossOrigin === undefined || crossOrigin === false;
  return { type, challenge, origin, crossOrigin: !isAlone || topOrigin !== undefined };
}

function membersOf(value: unknown): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalidPasskeyCredential();
  }
  return value as Members;
}

function base64url(value: unknown, maxCharacters: number): string {
  const isWhole =
    typeof value === "string" && value.length <= maxCharacters && /^[\w-]+$/.test(value);
  if (!isWhole) throw invalidPasskeyCredential();
  return value;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return parseJson(bytes, maxDepth);
  } catch (error) {
    if (error instanceof JsonFault) throw invalidPasskeyCredential();
    throw error;
  }
}
