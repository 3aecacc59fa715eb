/** Signing up: an unconfirmed user, and a code to the address that the pool verifies. */
import {
  accountWithAttributeExists,
  signUpNotPermitted,
  userAlreadyExists,
} from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import type { CodeTarget } from "../codes/code.ts";
import { noFactors } from "../mfa/factors.ts";
import type { UserPool } from "../pools/pool.ts";
import { normalised, requireComplete, requireConforming, requireWritable } from "./attributes.ts";
import { contactAttributes, signUpContact } from "./contacts.ts";
import { issueCode } from "./issue-code.ts";
import { newPassword } from "./password.ts";
import { nameNewUser } from "./sign-in-name.ts";
import type { User } from "./user.ts";
import { insertUser, merged } from "./write.ts";

export type NewSignUp = {
  readonly username: string;
  readonly password: string;
  readonly attributes: Readonly<Record<string, string>>;
};

/**
 * Makes an unconfirmed user and sends the code that confirms it, if the pool verifies an address that was given. When
 * the message fails the user is there all the same; the code can be sent again.
 */
export async function signUp(
  call: Call,
  at: ClientInPool,
  given: NewSignUp,
): Promise<{ user: User; target: CodeTarget | undefined }> {
  const { pool, client } = at;
  if (pool.settings.adminCreateUserOnly) throw signUpNotPermitted();
  const named = nameSignUp(call, at, given);
  const stored = await newPassword(call, pool, { user: named, password: given.password });
  const nowMs = call.clock.now();
  const user: User = {
    ...named,
    ...stored,
    userPoolId: pool.id,
    status: "UNCONFIRMED",
    enabled: true,
    temporaryPasswordExpiresAtMs: null,
    factors: noFactors,
    tokensValidFromMs: 0,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  const target = signUpContact(pool, user.attributes);
  const dispatch = await call.change(async (trx) => {
    await insertOrRefuse(trx, pool, user);
    call.about.sub = user.id;
    const purpose = "confirm-sign-up" as const;
    return target && (await issueCode(trx, call, { pool, client, user, purpose, target }));
  });
  await dispatch?.send();
  return { user, target };
}

/** The cheap checks, all of them before the password is hashed. */
function nameSignUp(
  call: Call,
  { pool, client }: ClientInPool,
  given: NewSignUp,
): Pick<User, "id" | "username" | "attributes"> {
  requireWritable(pool, client, Object.keys(given.attributes));
  requireConforming(pool, given.attributes);
  const id = call.random.uuid();
  // An empty value is none: Amplify sends one for a field that was left open.
  const attributes = normalised(merged({}, given.attributes));
  const named = nameNewUser(pool, { sub: id, username: given.username, attributes });
  requireConforming(pool, named.attributes);
  requireComplete(pool, named.attributes);
  return { id, username: named.username, attributes: unverified(named.attributes) };
}

function unverified(attributes: Readonly<Record<string, string>>): Record<string, string> {
  const flags = contactAttributes
    .filter((kind) => attributes[kind])
    .map((kind) => [`${kind}_verified`, "false"]);
  return { ...attributes, ...Object.fromEntries(flags) };
}

async function insertOrRefuse(trx: Db, pool: UserPool, user: User): Promise<void> {
  const conflict = await insertUser(trx, pool, { user });
  if (conflict === "username") throw userAlreadyExists();
  if (conflict) throw accountWithAttributeExists(conflict);
}
