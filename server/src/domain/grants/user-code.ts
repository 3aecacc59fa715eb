/** The code that a device shows and a user types elsewhere (RFC 8628 §6.1). */
import type { Context } from "../context.ts";
import type { UserPool } from "../pools/pool.ts";

/** Neither vowels, which make words, nor digits, which look like letters: 34 bits. */
const alphabet = "BCDFGHJKLMNPQRSTVWXZ";
const letters = 8;
const maxTyped = 64;

/** Draws one, as it is shown: `WDJB-MJHT`. */
export function makeUserCode({ random }: Pick<Context, "random">): string {
  const drawn = Array.from({ length: letters }, () => alphabet[random.integer(alphabet.length)]);
  return show(drawn.join(""));
}

/** A code as users type it: in either case, with or without what divides it; undefined for what can be none. */
export function readUserCode(typed: string): string | undefined {
  const code = typed
    .slice(0, maxTyped)
    .toUpperCase()
    .replace(/[\s\p{Pd}_.]/gu, "");
  const isCode = code.length === letters && [...code].every((letter) => alphabet.includes(letter));
  return isCode ? show(code) : undefined;
}

/** The form in which it is stored; without the master key nobody can try them all. */
export function hashUserCode(
  { vault }: Pick<Context, "vault">,
  pool: UserPool,
  code: string,
): string {
  return vault.macCode({ purpose: "device", user: pool.id }, code);
}

function show(code: string): string {
  return `${code.slice(0, letters / 2)}-${code.slice(letters / 2)}`;
}
