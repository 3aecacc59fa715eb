/** How user names and aliases are compared: two stored names never meet in one key unless the pool says so. */
import type { ContactAttribute, UserPool } from "../pools/pool.ts";

/** The key of a name in this pool: NFC, and lower-cased where the pool is case-insensitive. */
export function foldKey(pool: UserPool, name: string): string {
  const normal = name.normalize("NFC");
  return pool.settings.caseSensitive ? normal : normal.toLowerCase();
}

/** AWS takes any text with an @ between something and something with a dot; we also refuse spaces, commas and controls. */
export function isEmailAddress(text: string): boolean {
  return (
    text.length <= 320 &&
    /^[^\s@,;<>()\\"\p{C}]+@[^\s@,;<>()\\"\p{C}.]+(?:\.[^\s@,;<>()\\"\p{C}.]+)+$/u.test(text)
  );
}

/** E.164: a plus sign and at most fifteen digits. */
export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9][0-9]{1,14}$/.test(text);
}

/** Which contact attribute a text can be, by its form. */
export function contactKind(text: string): ContactAttribute | undefined {
  if (isPhoneNumber(text)) return "phone_number";
  return isEmailAddress(text) ? "email" : undefined;
}

/** A destination as AWS shows it: `t***@e***`, `+*******9934`. */
export function maskDestination(kind: ContactAttribute, destination: string): string {
  if (kind === "phone_number") {
    const digits = destination.slice(1);
    return `+${"*".repeat(Math.max(0, digits.length - 4))}${digits.slice(-4)}`;
  }
  const [local = "", domain = ""] = destination.split("@");
  return `${[...local][0] ?? ""}***@${[...domain][0] ?? ""}***`;
}
