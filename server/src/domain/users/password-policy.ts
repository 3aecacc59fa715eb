/** Which passwords a pool takes: Cognito's policy, and what the hardened profile adds to it. */
import { passwordOutsidePolicy } from "../../errors/cognito-idp.ts";
import { isHashable } from "../auth/password-hash.ts";
import type {
  PasswordPolicy,
  UserPool,
  UserPoolExtensions,
  UserPoolSettings,
} from "../pools/pool.ts";
import { isBreachedPassword } from "./breached-passwords.ts";

/** Whose password it will be, as far as it must not be guessed from their names. */
export type PasswordHolder = { readonly username: string; readonly email?: string | undefined };

/** The classes that Cognito's policy knows, in the order it names them; Basic Latin only, as its guide says. */
const classes = [
  ["requireUppercase", hasAny(/[A-Z]/), "Password must have uppercase characters"],
  ["requireLowercase", hasAny(/[a-z]/), "Password must have lowercase characters"],
  ["requireNumbers", hasAny(/[0-9]/), "Password must have numeric characters"],
  ["requireSymbols", hasSymbol, "Password must have symbol characters"],
] as const;

/** A name shorter than this is part of too many words to mean anything. */
const minNameLength = 4;
/** What a password that holds a name must have besides, so that its strength does not rest on the name. */
const minOtherLetters = 8;
/** Barred besides the names of pool and user. */
const productName = "poolhouse";

type Rules = Omit<PasswordPolicy, "temporaryPasswordValidityDays" | "passwordHistorySize">;

/** What decides about passwords in a pool. */
type RuledPool = Pick<UserPool, "name"> & {
  readonly settings: Pick<UserPoolSettings, "passwordPolicy">;
  readonly extensions: Pick<UserPoolExtensions, "profile">;
};

/** Throws InvalidPasswordException unless the pool takes this as a new password of this user. */
export async function checkNewPassword(
  pool: RuledPool,
  password: string,
  holder: PasswordHolder,
): Promise<void> {
  const violation =
    findPolicyViolation(password, pool.settings.passwordPolicy) ??
    (pool.extensions.profile === "hardened"
      ? await findWeakness(password, { ...holder, poolName: pool.name })
      : undefined);
  if (violation !== undefined) throw passwordOutsidePolicy(violation);
}

/** The first rule of Cognito's policy that the password breaks, in Cognito's words. */
export function findPolicyViolation(password: string, policy: Rules): string | undefined {
  // A challenge's answer and a page's form bring what no operation's member would.
  if (!isHashable(password)) return "Password too long";
  if ([...password].length < policy.minimumLength) return "Password not long enough";
  return classes.find(([rule, isMet]) => policy[rule] && !isMet(password))?.[2];
}

/** Why the hardened profile refuses a password that the policy would take: it is breached, or rests on a name. */
export async function findWeakness(
  password: string,
  names: PasswordHolder & { readonly poolName: string },
): Promise<string | undefined> {
  if (await isBreachedPassword(password)) return "Password is known from data breaches";
  if (restsOnName(password, names)) {
    return "Password is too close to the user name or the name of the app";
  }
  return undefined;
}

function hasAny(characters: RegExp): (password: string) => boolean {
  return (password) => characters.test(password);
}

/** Cognito's guide lists these, and the space unless it leads or trails. */
function hasSymbol(password: string): boolean {
  return /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]/.test(password) || password.trim().includes(" ");
}

function restsOnName(
  password: string,
  { poolName, username, email = "" }: PasswordHolder & { readonly poolName: string },
): boolean {
  const full = password.toLowerCase();
  const rest = wordsOf([productName, poolName, username, email]).reduce(
    // A blank in its place, so that what stood on both sides does not become another name.
    (text, word) => text.replaceAll(word, " "),
    full,
  );
  return rest !== full && (rest.match(/\p{L}/gu) ?? []).length < minOtherLetters;
}

/** Each name, an address also without its domain, and the words they are made of; the longest first. */
function wordsOf(names: readonly string[]): string[] {
  const words = names
    .map((name) => name.toLowerCase())
    .flatMap((name) => [name, name.split("@")[0] ?? ""])
    .flatMap((name) => [name, ...name.split(/[^\p{L}\p{N}]+/u)])
    .filter((word) => [...word].length >= minNameLength);
  return [...new Set(words)].sort((one, other) => other.length - one.length);
}
