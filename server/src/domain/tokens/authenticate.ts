/** Who holds an access token; our own APIs look up at every call whether it still counts. */
import {
  accessTokenExpired,
  accessTokenRevoked,
  accessTokenScopeMissing,
  invalidAccessToken,
  userIsDisabled,
  userNotFound,
} from "../../errors/cognito-idp.ts";
import { findTokenFamily } from "../../store/token-families.ts";
import type { Call, UserCall } from "../call.ts";
import type { Context } from "../context.ts";
import { findPool, issuerOf, type UserPool } from "../pools/pool.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import { type AccessTokenClaims, userAdminScope } from "./claims.ts";
import { isSignedBy, type ParsedJws, parseJws } from "./jws.ts";

/** The call as that of the token's holder; throws AWS's refusal for a token that is false, over, revoked or too narrow. */
export async function authenticate(call: Call, accessToken: string): Promise<UserCall> {
  const { pool, claims } = await verifyAccessToken(call, accessToken);
  call.about.userPoolId = pool.id;
  call.about.clientId = claims.client_id;
  call.about.sub = claims.sub;
  const user = await requireLive(call, pool, claims);
  if (!claims.scope.split(" ").includes(userAdminScope)) throw accessTokenScopeMissing();
  return { ...call, pool, user, claims };
}

/** Checks signature, issuer, kind and time; the claims are only believed from here on. */
async function verifyAccessToken(
  context: Context,
  token: string,
): Promise<{ pool: UserPool; claims: AccessTokenClaims }> {
  const jws = parseJws(token);
  const pool = jws && (await poolOfIssuer(context, jws));
  const key = pool && (await context.keyRing.verifying(pool.id, jws.kid, "access"));
  if (!jws || !pool || !key || !isSignedBy(jws, key)) throw invalidAccessToken();
  const claims = readAccessTokenClaims(jws.payload);
  if (!claims || claims.iss !== issuerOf(pool, context.settings.publicUrl)) {
    throw invalidAccessToken("another issuer, or not an access token");
  }
  if (claims.exp * 1000 <= context.clock.now()) throw accessTokenExpired();
  return { pool, claims };
}

/** The pool that the issuer's last segment names; whether the issuer is really its own is checked after the signature. */
async function poolOfIssuer(context: Context, jws: ParsedJws): Promise<UserPool | undefined> {
  const { iss } = jws.payload;
  const id =
    typeof iss === "string" ? /\/([\w-]{1,45}_[0-9A-Za-z]{1,55})$/.exec(iss)?.[1] : undefined;
  return id === undefined ? undefined : findPool(context.store.db, id);
}

/** The payload as an access token's claims; undefined for any other kind of token, whoever signed it. */
export function readAccessTokenClaims(
  payload: Readonly<Record<string, unknown>>,
): AccessTokenClaims | undefined {
  const text = ["iss", "sub", "client_id", "scope", "jti", "username"];
  const whole =
    payload["token_use"] === "access" &&
    text.every((name) => typeof payload[name] === "string") &&
    ["iat", "exp", "auth_time"].every((name) => Number.isSafeInteger(payload[name]));
  // Every member that the type promises was looked at, and we signed the rest.
  return whole ? (payload as unknown as AccessTokenClaims) : undefined;
}

async function requireLive(call: Call, pool: UserPool, claims: AccessTokenClaims): Promise<User> {
  const user = await findUserBySub(call.db, pool, claims.sub);
  if (!user) throw userNotFound();
  if (!user.enabled) throw userIsDisabled();
  if (await isRevoked(call, user, claims)) throw accessTokenRevoked();
  return user;
}

async function isRevoked(call: Call, user: User, claims: AccessTokenClaims): Promise<boolean> {
  // Without an `origin_jti` the family is not known; then the moment of the last sign-out everywhere decides.
  if (claims.origin_jti === undefined) return claims.iat * 1000 <= user.tokensValidFromMs;
  const family = await findTokenFamily(call.db, claims.origin_jti);
  return !family || family.revoked_at_ms !== null || family.user_id !== user.id;
}
