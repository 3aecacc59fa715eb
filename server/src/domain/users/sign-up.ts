/** Signing up: an unconfirmed user, and a code to the address that the pool verifies. */
import {
  accountWithAttributeExists,
  invalidParameter,
  passwordMissing,
  signUpNotPermitted,
  userAlreadyExists,
} from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import type { CodeTarget } from "../codes/code.ts";
import { noFactors } from "../mfa/factors.ts";
import { takesUsersWithoutPassword, type UserPool } from "../pools/pool.ts";
import { requireNotCompromised } from "../risk/compromised-password.ts";
import { firePostConfirmation } from "../triggers/post-confirmation.ts";
import { firePreSignUp, type SignUpVerdict } from "../triggers/pre-sign-up.ts";
import { normalised, requireComplete, requireConforming, requireWritable } from "./attributes.ts";
import { contactAttributes, nothingToVerify, signUpContact } from "./contacts.ts";
import { issueCode } from "./issue-code.ts";
import { hashPassword, noPassword } from "./password.ts";
import { checkNewPassword } from "./password-policy.ts";
import { nameNewUser } from "./sign-in-name.ts";
import type { User } from "./user.ts";
import { insertUser, merged } from "./write.ts";

export type NewSignUp = {
  readonly username: string;
  /** Absent for a user without one, where the pool takes such users. */
  readonly password: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
  /** For the function that is asked before a sign-up. */
  readonly validationData?: Readonly<Record<string, string>> | undefined;
};

/**
 * Makes an unconfirmed user and sends the code that confirms it, if the pool verifies an address that was given. When
 * the message fails the user is there all the same; the code can be sent again. The pool's function may refuse the user,
 * or confirm it at once, and then there is no code.
 */
export async function signUp(
  call: Call,
  at: ClientInPool,
  given: NewSignUp,
): Promise<{ user: User; target: CodeTarget | undefined }> {
  const { pool, client } = at;
  if (pool.settings.adminCreateUserOnly) throw signUpNotPermitted();
  const asked = nameSignUp(call, at, given);
  const { password, validationData } = given;
  await checkFirstPassword(call, at, { user: asked, password });
  const source = "PreSignUp_SignUp";
  const verdict = await firePreSignUp(call, { pool, client, source, user: asked, validationData });
  if (!verdict.confirmed) requireNoPreferredName(pool, asked.attributes);
  const named = { ...asked, attributes: judged(asked.attributes, verdict) };
  const stored =
    password === undefined ? noPassword : await hashPassword(call, pool, { user: named, password });
  const nowMs = call.clock.now();
  const user: User = {
    ...named,
    ...stored,
    userPoolId: pool.id,
    status: verdict.confirmed ? "CONFIRMED" : "UNCONFIRMED",
    enabled: true,
    temporaryPasswordExpiresAtMs: null,
    factors: noFactors,
    tokensValidFromMs: 0,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  const target = verdict.confirmed ? undefined : signUpContact(pool, user.attributes);
  const dispatch = await call.change(async (trx) => {
    await insertOrRefuse(trx, pool, user);
    call.about.sub = user.id;
    const purpose = "confirm-sign-up" as const;
    const occasion = "SignUp" as const;
    return (
      target && (await issueCode(trx, call, { pool, client, user, purpose, occasion, target }))
    );
  });
  await dispatch?.send();
  if (verdict.confirmed) {
    const confirmed = "PostConfirmation_ConfirmSignUp";
    await firePostConfirmation(call, { pool, client, userId: user.id, source: confirmed });
  }
  return { user, target };
}

/** A preferred user name is an alias once its user is confirmed, and nothing proves whose it is (amplify-js#1669). */
function requireNoPreferredName(
  pool: UserPool,
  { preferred_username: name }: Readonly<Record<string, string>>,
): void {
  if (name && pool.settings.aliasAttributes?.includes("preferred_username")) {
    throw invalidParameter(
      "Preferred username cannot be provided for unconfirmed account, since user pool is configured for preferred username alias.",
    );
  }
}

async function checkFirstPassword(
  call: Call,
  at: ClientInPool,
  given: { user: Pick<User, "username" | "attributes">; password: string | undefined },
): Promise<void> {
  const { pool } = at;
  const { user, password } = given;
  if (password !== undefined) {
    const { username, attributes } = user;
    await checkNewPassword(pool, password, { username, email: attributes["email"] });
    await requireNotCompromised(call, { ...at, password, occasion: "SIGN_UP" });
  } else if (!takesUsersWithoutPassword(pool.settings)) throw passwordMissing();
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

/** The attributes with what the function answers for; without the address there is nothing to verify. */
function judged(
  attributes: Readonly<Record<string, string>>,
  verdict: SignUpVerdict,
): Readonly<Record<string, string>> {
  const kinds = [
    ...(verdict.phoneVerified ? (["phone_number"] as const) : []),
    ...(verdict.emailVerified ? (["email"] as const) : []),
  ];
  for (const kind of kinds) if (!attributes[kind]) throw nothingToVerify(kind);
  return {
    ...attributes,
    ...Object.fromEntries(kinds.map((kind) => [`${kind}_verified`, "true"])),
  };
}

async function insertOrRefuse(trx: Db, pool: UserPool, user: User): Promise<void> {
  // Only the function verifies an address here; AWS then moves the alias to the newer user.
  const conflict = await insertUser(trx, pool, { user, takeOverAliases: true });
  if (conflict === "username") throw userAlreadyExists();
  if (conflict) throw accountWithAttributeExists(conflict);
}
