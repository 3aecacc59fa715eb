import type { Check } from "./checks.ts";
import { report, serializationError, wrongType } from "./faults.ts";

/** Bytes, which AWS JSON writes in Base64. Limits are of the bytes themselves. */
export function blob({ min = 0, max }: { min?: number; max: number }): Check<Uint8Array> {
  return {
    read(value, at, faults) {
      if (typeof value !== "string") throw wrongType(value, "string");
      if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value) || value.length % 4 !== 0) {
        throw serializationError("Invalid Base64");
      }
      const bytes = Buffer.from(value, "base64");
      if (bytes.length > max) {
        report(faults, at, { rule: `Member must have length less than or equal to ${max}` });
      }
      if (bytes.length < min) {
        report(faults, at, { rule: `Member must have length greater than or equal to ${min}` });
      }
      return bytes;
    },
    // The trail is no place for images.
    show: (value) => `${value.byteLength} bytes`,
  };
}
