/** What a new user is called, and what a user is called when written to. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { ContactAttribute, UserPool } from "../pools/pool.ts";
import { aliasForm, formNames } from "./attributes.ts";
import { contactKind } from "./contacts.ts";
import { foldKey } from "./fold-key.ts";
import type { User } from "./user.ts";

type Named = {
  readonly username: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/**
 * The stored user name and attributes of a user who is created under `username`. Where e-mail or phone number is the
 * user name, what was typed becomes that attribute and the `sub` is the user name; refuses a name that the pool cannot
 * take.
 */
export function nameNewUser(
  pool: UserPool,
  { sub, username, attributes }: Named & { sub: string },
): Named {
  const { usernameAttributes = [] } = pool.settings;
  if (usernameAttributes.length === 0) {
    const form = aliasForm(pool, username);
    if (form) throw looksLikeAlias(form);
    return { username, attributes };
  }
  const kind = contactKind(username);
  if (!kind || !usernameAttributes.includes(kind)) throw noUsername(usernameAttributes);
  const given = attributes[kind];
  if (given && foldKey(pool, given) !== foldKey(pool, username)) {
    throw invalidParameter(`Username and ${kind} should be the same.`);
  }
  return { username: sub, attributes: { ...attributes, [kind]: given || username } };
}

function looksLikeAlias(kind: ContactAttribute): Error {
  const format = formNames[kind];
  return invalidParameter(
    `Username cannot be of ${format} format, since user pool is configured for ${format} alias.`,
  );
}

function noUsername(kinds: readonly ContactAttribute[]): Error {
  if (kinds.length > 1) {
    return invalidParameter("Username should be either an email or a phone number.");
  }
  const kind = kinds[0] === "email" ? "an email" : "a phone number";
  return invalidParameter(`Username should be ${kind}.`);
}

/** What this user types to sign in, as messages show it: never a bare `sub` where an e-mail or phone number will do. */
export function signInNameOf(pool: UserPool, user: Pick<User, "username" | "attributes">): string {
  for (const kind of pool.settings.usernameAttributes ?? []) {
    const value = user.attributes[kind];
    if (value) return value;
  }
  return user.username;
}
