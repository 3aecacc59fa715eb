/**
 * Options and credentials as JSON (W3C, Web Authentication Level 3 §5.1.8 to §5.1.10), also where the browser cannot yet
 * turn them by itself: Chromium below 129, Safari below 18.4.
 */
type Descriptor = { readonly id: string };

export function requestOptions(text: string): PublicKeyCredentialRequestOptions {
  const options = JSON.parse(text);
  const parse = globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON;
  if (parse) return parse.call(PublicKeyCredential, options);
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...descriptors(options, "allowCredentials"),
  };
}

export function creationOptions(text: string): PublicKeyCredentialCreationOptions {
  const given = JSON.parse(text);
  // Cognito wraps them in `publicKey` in one place and not in the other.
  const options = given.publicKey ?? given;
  const parse = globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON;
  if (parse) return parse.call(PublicKeyCredential, options);
  return {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    ...descriptors(options, "excludeCredentials"),
  };
}

function descriptors(options: Record<string, readonly Descriptor[] | undefined>, name: string) {
  const list = options[name];
  return list ? { [name]: list.map((each) => ({ ...each, id: bytes(each.id) })) } : {};
}

export function credentialText(credential: Credential): string {
  if ("toJSON" in credential) return JSON.stringify(credential);
  const { id, rawId, type, response, ...rest } = publicKeyCredential(credential);
  return JSON.stringify({
    id,
    rawId: text(rawId),
    type,
    clientExtensionResults: rest.getClientExtensionResults.call(credential),
    ...(rest.authenticatorAttachment
      ? { authenticatorAttachment: rest.authenticatorAttachment }
      : {}),
    response: responseOf(response),
  });
}

function publicKeyCredential(credential: Credential) {
  const { id, rawId, type, response, authenticatorAttachment, getClientExtensionResults } =
    credential as PublicKeyCredential;
  return { id, rawId, type, response, authenticatorAttachment, getClientExtensionResults };
}

function responseOf(response: AuthenticatorResponse): Record<string, unknown> {
  const clientDataJSON = text(response.clientDataJSON);
  if (response instanceof AuthenticatorAttestationResponse) {
    const transports = response.getTransports();
    return { clientDataJSON, attestationObject: text(response.attestationObject), transports };
  }
  const { authenticatorData, signature, userHandle } = response as AuthenticatorAssertionResponse;
  return {
    clientDataJSON,
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    ...(userHandle ? { userHandle: text(userHandle) } : {}),
  };
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  const base64 = base64url.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function text(buffer: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
