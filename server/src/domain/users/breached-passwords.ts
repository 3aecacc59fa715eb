/** Passwords known from data breaches, most common first, from a list that comes with an installed package: no network. */

let known: Promise<ReadonlySet<string>> | undefined;

/** Tells whether this is one of the 49 thousand most common breached passwords, in any case of letters. */
export async function isBreachedPassword(password: string): Promise<boolean> {
  // Loaded when first asked for: a pool that follows Cognito to the letter never pays the memory.
  known ??= load();
  return (await known).has(password.toLowerCase());
}

async function load(): Promise<ReadonlySet<string>> {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  // The package's other list, diceware words, is no list of passwords. Everything in this one is lower case.
  return new Set(dictionary["passwords-common"]);
}
