/** Says in words what went wrong and what to do next: ours where we know better, else the server's own. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return "Something unexpected happened. Please try again.";
  // Amplify's name for a failed fetch, and the browser's.
  if (error.name === "NetworkError" || error instanceof TypeError) {
    return "The server did not answer. Is it running, and does this browser trust its certificate?";
  }
  return byName[error.name] ?? byMessage[error.message] ?? error.message;
}

const byName: Readonly<Record<string, string>> = {
  EnableSoftwareTokenMFAException:
    "That code is not right. Wait until the app shows the next one, and type that.",
  PasskeyAlreadyExists: "This device already holds a passkey for your account.",
  PasskeyNotSupported: "This browser makes no passkeys. Try another one, or a phone.",
  PasskeyRegistrationCanceled:
    "No passkey was made: the browser's question was closed, or it took too long. Try again.",
  RelyingPartyMismatch:
    "Passkeys of this pool belong to another host. Open the demo at the address of the server itself.",
};

const byMessage: Readonly<Record<string, string>> = {
  "Sign in with a second factor to change it.":
    "This takes a sign-in with a code of your app. Sign out, sign in with one, and come back.",
  "Access Token has been revoked": "This session was ended. Sign out, and sign in again.",
};
