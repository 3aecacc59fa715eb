/**
 * The log: JSON, one line an event, UTC, to standard error. What looks like a secret is masked wherever it stands, by the
 * name of its member or by its own form; callers hand over no secrets to begin with.
 */
import { type DestinationStream, destination, pino } from "pino";
import type { ServerConfig } from "../config.ts";
import type { Log } from "../domain/context.ts";

const MASK = "[masked]";
const MAX_DEPTH = 6;
const MAX_MEMBERS = 50;
const MAX_TEXT = 4_000;

const secretName =
  /password|passwd|passphrase|^pass$|secret|token|authorization|cookie|session|assertion|private|credential|signature|verifier|confirmation_?code|user_?code|otp|salt|proof/i;
/** Tokens in JWS form, passwords in URLs, signatures of AWS requests. */
const secretForms: readonly [RegExp, string][] = [
  [/\beyJ[\w-]{8,}\.[\w-]+(\.[\w-]*){1,3}/g, MASK],
  [/(:\/\/[^\s:/@]{0,200}:)[^\s@]{1,200}@/g, `$1${MASK}@`],
  [/(Signature=)[0-9a-f]{16,}/gi, `$1${MASK}`],
];

/** A log of this level and above; `stream` takes its lines. */
export function createLog(level: ServerConfig["logLevel"], stream: DestinationStream): Log {
  const logger = pino(
    {
      level,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (about) => maskMembers(about, 0),
      },
      // The formatter above has made plain objects of errors already.
      serializers: { err: (value) => value },
    },
    stream,
  );
  return {
    info: (about, message) => logger.info(about, maskText(message)),
    warn: (about, message) => logger.warn(about, maskText(message)),
    error: (about, message) => logger.error(about, maskText(message)),
  };
}

function mask(value: unknown, depth: number): unknown {
  if (typeof value === "string") return maskText(value);
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return "[deep]";
  if (value instanceof Error) return maskError(value, depth);
  if (value instanceof Date) return value.toISOString();
  if (ArrayBuffer.isView(value)) return "[bytes]";
  if (Array.isArray(value)) return value.slice(0, MAX_MEMBERS).map((each) => mask(each, depth + 1));
  return maskMembers(value, depth);
}

function maskMembers(value: object, depth: number): Record<string, unknown> {
  const members = Object.entries(value).slice(0, MAX_MEMBERS);
  return Object.fromEntries(
    members.map(([name, member]) => [name, secretName.test(name) ? MASK : mask(member, depth + 1)]),
  );
}

/** Only what is known of errors: their other members may be anything, such as the parameters of a statement. */
function maskError(error: Error, depth: number): Record<string, unknown> {
  return {
    type: error.name,
    message: maskText(error.message),
    ...("code" in error && typeof error.code === "string" ? { code: error.code } : {}),
    stack: maskText(error.stack ?? ""),
    ...(error.cause === undefined ? {} : { cause: mask(error.cause, depth + 1) }),
  };
}

function maskText(text: string): string {
  const bounded = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
  return secretForms.reduce((masked, [form, by]) => masked.replace(form, by), bounded);
}

/** Standard error, written at once, so that no line is lost whatever ends the process. */
export function standardError(): DestinationStream {
  return destination({ dest: 2, sync: true });
}

/** Lines for people where standard error is a terminal, and JSON where it is not. */
export function standardErrorForPeople(): DestinationStream {
  if (!process.stderr.isTTY) return standardError();
  return { write: (line) => void process.stderr.write(`${forPeople(line)}\n`) };
}

/** `12:34:56 warn  the message {"about":"what"}`: escaped as JSON is, so that nothing in it moves the cursor. */
export function forPeople(line: string): string {
  // Written by the logger above.
  const { level, time, pid, hostname, msg, ...about } = JSON.parse(line) as Record<string, unknown>;
  const { method, route, operation, status, ms } = about;
  const clock = String(time).slice(11, 19);
  if (msg === "request") {
    return `${clock} ${method} ${operation ?? route ?? "?"} ${status ?? "gone"} ${ms} ms`;
  }
  return `${clock} ${level} ${msg} ${JSON.stringify(about)}`;
}
