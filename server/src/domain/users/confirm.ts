/** Confirming a sign-up: by the code or the link that was sent, or by an administrator. */
import { hash } from "node:crypto";
import {
  aliasExistsAtConfirmation,
  cannotBeConfirmed,
  codeMismatch,
  codesNotResendable,
  expiredCode,
  userAlreadyConfirmed,
  userIsDisabled,
} from "../../errors/cognito-idp.ts";
import { ServiceError } from "../../errors/service-error.ts";
import { deleteCodes } from "../../store/codes.ts";
import type { Db } from "../../store/schema.ts";
import { isIdTaken, takeId } from "../../store/used-ids.ts";
import type { Call } from "../call.ts";
import { type ClientInPool, preventsUserExistenceErrors } from "../clients/client.ts";
import { countAttempt } from "../codes/attempt-limits.ts";
import { type CodeTarget, codeLifetimeMs, takeCode } from "../codes/code.ts";
import type { UserPool } from "../pools/pool.ts";
import { firePostConfirmation } from "../triggers/post-confirmation.ts";
import { readAnew, storeChange } from "./change.ts";
import { autoVerified, isCurrent, signUpContact } from "./contacts.ts";
import { findNamed, type GivenName, hidesUserState } from "./named.ts";
import { sendCode } from "./send-code.ts";
import type { User } from "./user.ts";
import type { UserChange } from "./write.ts";

const purpose = "confirm-sign-up";
const confirmed = "PostConfirmation_ConfirmSignUp";

/** Confirms a user by the code of the sign-up; the address that received it is verified from then on. Answers the user. */
export async function confirmSignUp(
  call: Call,
  at: ClientInPool,
  given: GivenName & {
    code: string;
    takeOverAliases: boolean;
    /** Done in the same transaction. */
    alongside?(trx: Db): Promise<unknown>;
  },
): Promise<User> {
  const { pool, client } = at;
  const named = await findNamed(call, at, given);
  await countAttempt(call, pool, { action: "confirm-sign-up", subject: named.subject });
  const user = await call.change(async (trx) => {
    const user = named.user && (await readAnew(trx, pool, named.user));
    const refusal = user && refusalToConfirm(user);
    if (refusal && !hidesUserState(at)) return refusal;
    const owner = { id: named.subject };
    const taken = await takeCode(trx, call, { pool, user: owner, purpose, code: given.code });
    if (taken instanceof ServiceError) return taken;
    if (!user || refusal) return codeMismatch();
    if (!isCurrent(user.attributes, taken)) return expiredCode();
    const attributes = { [`${taken.attribute}_verified`]: "true" };
    const { takeOverAliases } = given;
    await storeConfirmed(trx, call, { pool, user, change: { attributes }, takeOverAliases });
    await given.alongside?.(trx);
    return readAnew(trx, pool, user);
  });
  await firePostConfirmation(call, { pool, client, userId: user.id, source: confirmed });
  return user;
}

/**
 * Confirms a user by the link of the sign-up's message. Programs that look at mail may have followed it before; for as long
 * as its code would have been good, another time is as good as the first.
 */
export async function confirmByLink(
  call: Call,
  at: ClientInPool,
  { username, code }: { username: string; code: string },
): Promise<void> {
  const { pool, client } = at;
  const link = JSON.stringify(["confirm-link", client.id, username, code]);
  const id = { userPoolId: pool.id, idHash: hash("sha256", link, "base64url") };
  const untilMs = call.clock.now() + codeLifetimeMs(pool, purpose);
  const named = { username, code, secretHash: undefined, byPages: true, takeOverAliases: false };
  try {
    await confirmSignUp(call, at, {
      ...named,
      alongside: (trx) => takeId(trx, { ...id, untilMs }),
    });
  } catch (error) {
    const wasFollowed = await isIdTaken(call.db, { ...id, nowMs: call.clock.now() });
    if (!(error instanceof ServiceError) || !wasFollowed) throw error;
  }
}

/** Confirms a user without a code, and so without verifying any address. */
export async function confirmByAdministrator(
  call: Call,
  pool: UserPool,
  named: User,
): Promise<void> {
  await call.change(async (trx) => {
    const user = await readAnew(trx, pool, named);
    if (user.status !== "UNCONFIRMED") return cannotBeConfirmed(user.status);
    return storeConfirmed(trx, call, { pool, user, change: {}, takeOverAliases: false });
  });
  await firePostConfirmation(call, { pool, userId: named.id, source: confirmed });
}

/** Sends the code of a sign-up again; answers where it went, or would have gone. */
export async function resendSignUpCode(
  call: Call,
  at: ClientInPool,
  given: GivenName,
): Promise<CodeTarget> {
  const { pool } = at;
  if (autoVerified(pool).length === 0) throw codesNotResendable();
  const named = await findNamed(call, at, given);
  await countAttempt(call, pool, { action: "resend-sign-up-code", subject: named.subject });
  return sendCode(call, at, {
    named,
    purpose,
    occasion: "ResendCode",
    kinds: autoVerified(pool),
    contactOf: (user) => signUpContact(pool, user.attributes),
    refusalOf: refusalToResend,
    hidesRefusal: (user) => hidesRefusal(at, user),
  });
}

function refusalToConfirm(user: User): ServiceError | undefined {
  if (!user.enabled) return userIsDisabled();
  return user.status === "UNCONFIRMED" ? undefined : cannotBeConfirmed(user.status);
}

function refusalToResend(user: User, target: CodeTarget | undefined): ServiceError | undefined {
  if (!user.enabled) return userIsDisabled();
  if (user.status !== "UNCONFIRMED") return userAlreadyConfirmed();
  return target ? undefined : codesNotResendable();
}

/** Cognito answers as if it had sent a code where there is nobody to send one to, but tells that a user is confirmed. */
function hidesRefusal(at: ClientInPool, user: User): boolean {
  const isConfirmed = user.enabled && user.status !== "UNCONFIRMED";
  return isConfirmed ? hidesUserState(at) : preventsUserExistenceErrors(at.client);
}

async function storeConfirmed(
  trx: Db,
  call: Call,
  given: { pool: UserPool; user: User; change: UserChange; takeOverAliases: boolean },
): Promise<void> {
  const { pool, user, takeOverAliases } = given;
  await storeChange(trx, call, {
    pool,
    user,
    change: { ...given.change, status: "CONFIRMED" },
    takeOverAliases,
    aliasTaken: aliasExistsAtConfirmation,
  });
  // Whoever was sent another code before this proof has no claim on the account (pre-hijacking).
  await deleteCodes(trx, { userPoolId: pool.id, userId: user.id });
}
