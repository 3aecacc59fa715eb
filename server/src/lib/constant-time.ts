import { hash, timingSafeEqual } from "node:crypto";

/** Tells whether two secrets are the same, in a time that depends on their lengths alone; text stands for its UTF-8 bytes. */
export function constantTimeEqual(left: string | Uint8Array, right: string | Uint8Array): boolean {
  const same = timingSafeEqual(digest(left), digest(right));
  // UTF-8 writes every lone surrogate as U+FFFD, so two different ill-formed texts would meet here.
  return same && isExact(left) && isExact(right);
}

function digest(secret: string | Uint8Array): Buffer {
  return hash("sha256", secret, "buffer");
}

function isExact(secret: string | Uint8Array): boolean {
  return typeof secret !== "string" || secret.isWellFormed();
}
