/** Says in words what went wrong: the server's own, or ours where it could not be asked. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return "Something unexpected happened. Please try again.";
  // Amplify's name for a failed fetch, and the browser's.
  if (error.name === "NetworkError" || error instanceof TypeError) {
    return "The server did not answer. Is it running, and does this browser trust its certificate?";
  }
  return error.message;
}
