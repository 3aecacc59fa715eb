import type { RootKeys } from "../config.ts";
import type { Random } from "../lib/random.ts";

const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** An access key in the form of AWS's: 20 characters to name it and 240 random bits to sign with. */
export function makeRootKeys(random: Random): RootKeys {
  const name = Array.from(random.bytes(16), (byte) => base32.charAt(byte % 32)).join("");
  return { accessKeyId: `AKIA${name}`, secretAccessKey: random.bytes(30).toString("base64") };
}
