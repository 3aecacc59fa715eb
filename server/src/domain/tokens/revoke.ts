/** Ending sign-ins: one family, or all of a user. */
import { unsupportedTokenType } from "../../errors/cognito-idp.ts";
import { oauthError } from "../../errors/oauth.ts";
import { deleteUserChallenges } from "../../store/challenges.ts";
import { findRefreshToken } from "../../store/refresh-tokens.ts";
import type { Db } from "../../store/schema.ts";
import {
  findTokenFamily,
  revokeTokenFamily,
  revokeUserTokenFamilies,
  type TokenFamilyRow,
} from "../../store/token-families.ts";
import { updateUser } from "../../store/users.ts";
import type { Call } from "../call.ts";
import type { ClientInPool, UserPoolClient } from "../clients/client.ts";
import { endSessionById, endSessionsOf } from "../logout/end-sessions.ts";
import type { User } from "../users/user.ts";
import { hashRefreshToken } from "./issue.ts";
import { parseJws } from "./jws.ts";
import { isClientToken, readOwnAccessToken } from "./own-access-token.ts";

/**
 * Ends every sign-in of a user, in the transaction of what calls for it: refresh and access tokens are dead, and so are
 * the sessions of browsers and the challenges that are under way.
 */
export async function signOutEverywhere(trx: Db, call: Call, user: User): Promise<void> {
  await endSignIns(trx, call, { user });
}

/** Ends every sign-in of a user but the one that asks for it, in the transaction of what calls for it. */
export async function signOutElsewhere(
  trx: Db,
  call: Call,
  given: { user: User; keepFamilyId: string },
): Promise<void> {
  await endSignIns(trx, call, given);
}

async function endSignIns(
  trx: Db,
  call: Call,
  { user, keepFamilyId: exceptId }: { user: User; keepFamilyId?: string },
): Promise<void> {
  const { userPoolId, id: userId } = user;
  const nowMs = call.clock.now();
  await endSessionsOf(trx, call, { user, everywhere: true, keepFamilyId: exceptId });
  const families = { userPoolId, userId, nowMs, ...(exceptId === undefined ? {} : { exceptId }) };
  await revokeUserTokenFamilies(trx, families);
  await deleteUserChallenges(trx, { userPoolId, userId });
  // For tokens that carry no `origin_jti`; those of a family that stays are judged by that and not by this moment.
  await updateUser(trx, { userPoolId, id: userId }, { set: { tokens_valid_from_ms: nowMs } });
}

/**
 * Ends the family of a refresh token of this client. A token that is unknown, another's or revoked already changes
 * nothing and is no error (RFC 7009 §2.2); an ID or access token is one.
 */
export async function revokeRefreshToken(
  call: Call,
  client: UserPoolClient,
  token: string,
): Promise<void> {
  await revoke(call, client, { token, endsSession: false });
}

/** The same, and it ends the session of the browser that the sign-in came through; the other sign-ins through it stay. */
export async function revokeRefreshTokenAndSession(
  call: Call,
  client: UserPoolClient,
  token: string,
): Promise<void> {
  await revoke(call, client, { token, endsSession: true });
}

async function revoke(
  call: Call,
  client: UserPoolClient,
  { token, endsSession }: { token: string; endsSession: boolean },
): Promise<void> {
  if (token.includes(".")) throw unsupportedTokenType();
  const row = await findRefreshToken(call.db, hashRefreshToken(token));
  const family = row && (await findTokenFamily(call.db, row.family_id));
  if (family?.client_id !== client.id) return;
  await endFamily(call, { family, endsSession });
}

/**
 * Ends the family of an access token of this client (RFC 7009 §2.1). One that is unknown, another's or over changes
 * nothing; an ID token, and a token that stands for no user, cannot be revoked: throws `unsupported_token_type`.
 */
export async function revokeByAccessToken(
  call: Call,
  { pool, client }: ClientInPool,
  token: string,
): Promise<void> {
  if (parseJws(token)?.payload["token_use"] === "id") throw oauthError("unsupported_token_type");
  const claims = await readOwnAccessToken(call, { pool, client }, token);
  if (!claims) return;
  if (isClientToken(claims) || claims.origin_jti === undefined) {
    throw oauthError("unsupported_token_type");
  }
  const family = await findTokenFamily(call.db, claims.origin_jti);
  if (family?.client_id !== client.id || claims.exp * 1000 <= call.clock.now()) return;
  await endFamily(call, { family, endsSession: false });
}

async function endFamily(
  call: Call,
  { family, endsSession }: { family: TokenFamilyRow; endsSession: boolean },
): Promise<void> {
  call.about.sub = family.user_id;
  const nowMs = call.clock.now();
  await call.change(async (trx) => {
    await revokeTokenFamily(trx, { id: family.id, nowMs });
    const { user_pool_id: userPoolId, user_id: userId, login_session_id: id } = family;
    if (endsSession && id !== null) await endSessionById(trx, call, { userPoolId, userId, id });
  });
}
