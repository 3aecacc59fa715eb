/** The answers that OAuth's endpoints have in common. */
import { asOAuthError } from "../errors/oauth.ts";
import type { ServiceError } from "../errors/service-error.ts";
import type { WireAnswer } from "../protocol/wire.ts";

/** What holds tokens is kept nowhere (RFC 6749 §5.1). */
const unkept = { "cache-control": "no-store", pragma: "no-cache" };

/** A body in JSON that nobody keeps. */
export function jsonAnswer(
  value: object,
  about: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): WireAnswer {
  return {
    status: about.status ?? 200,
    headers: { "content-type": "application/json", ...unkept, ...about.headers },
    body: JSON.stringify(value),
  };
}

/**
 * The refusal of an endpoint that apps call (RFC 6749 §5.2). Amplify shows `error_message`, everybody else reads
 * `error_description`. Cognito answers 400 for clients that fail to prove themselves too; RFC 6749 asks 401 of those that
 * tried by HTTP authentication.
 */
export function jsonRefusal(
  refusal: ServiceError,
  about: { status?: number; headers?: Readonly<Record<string, string>> } = {},
): WireAnswer {
  const { code, message } = asOAuthError(refusal);
  const status = about.status ?? statusOf(code);
  const told = message === "" ? {} : { error_description: message, error_message: message };
  return jsonAnswer({ error: code, ...told }, { status, ...pick(about) });
}

function pick({ headers }: { headers?: Readonly<Record<string, string>> }) {
  return headers ? { headers } : {};
}

function statusOf(code: string): number {
  if (code === "server_error") return 500;
  return code === "temporarily_unavailable" ? 503 : 400;
}

/** Sends the browser on by GET, whatever it came with (RFC 9700 §4.12: 303 and never 307 after a form). */
export function redirectAnswer(
  location: string,
  about: { status?: 302 | 303; cookies?: readonly string[] } = {},
): WireAnswer {
  return {
    status: about.status ?? 302,
    headers: { location: inAscii(location), ...unkept, "referrer-policy": "no-referrer" },
    body: "",
    ...(about.cookies ? { cookies: about.cookies } : {}),
  };
}

/** RFC 9110 §5.5: a registered address may hold letters that a header may not. */
function inAscii(location: string): string {
  return location.replace(/[^\x21-\x7e]+/gu, encodeURIComponent);
}
