/** The codes of authenticator apps (RFC 6238): SHA-1, six digits, steps of 30 seconds, which is what all of them know. */
import { Secret, TOTP } from "otpauth";
import type { Random } from "../../lib/random.ts";

/** RFC 4226 §4 R6 recommends 160 bits. */
const secretBytes = 20;
const stepMs = 30_000;
/** One step to either side, for clocks that are off and users who are slow. */
const window = 1;
const form = /^[0-9]{6}$/;

/** A new secret in base32, as apps take it. */
export function drawTotpSecret(random: Random): string {
  return new Secret({ buffer: Uint8Array.from(random.bytes(secretBytes)).buffer }).base32;
}

/** The time step whose code this is; undefined for a code that is wrong now. */
export function stepOfCode(
  secret: string,
  { code, nowMs }: { code: string; nowMs: number },
): number | undefined {
  if (!form.test(code)) return undefined;
  const totp = new TOTP({ secret, period: stepMs / 1000 });
  const delta = totp.validate({ token: code, timestamp: nowMs, window });
  return delta === null ? undefined : Math.floor(nowMs / stepMs) + delta;
}
