/** How a receiver knows that a request is ours, and when we made it. */
import { createHmac } from "node:crypto";

/**
 * The headers that sign a body: HMAC-SHA256 in hex over the time in seconds, a dot and the body. The time is signed too, so
 * that a request that somebody overheard is worth nothing later.
 */
export function signatureHeaders(given: {
  secret: string;
  body: string;
  nowMs: number;
}): Record<string, string> {
  const timestamp = String(Math.floor(given.nowMs / 1000));
  const hmac = createHmac("sha256", given.secret).update(`${timestamp}.${given.body}`);
  return {
    "x-poolhouse-timestamp": timestamp,
    "x-poolhouse-signature": `v1=${hmac.digest("hex")}`,
  };
}
