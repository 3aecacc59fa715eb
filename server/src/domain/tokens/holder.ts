/** Who holds a token of a user; our own APIs look up at every call whether it still counts. */
import { findTokenFamily } from "../../store/token-families.ts";
import { findUserPoolClient } from "../../store/user-pool-clients.ts";
import type { Call } from "../call.ts";
import type { Context } from "../context.ts";
import type { TokenUse } from "../keys/create.ts";
import { findPool, issuerOf, notePool, type UserPool } from "../pools/pool.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import type { AccessTokenClaims, IdTokenClaims } from "./claims.ts";
import { isSignedBy, type ParsedJws, parseJws } from "./jws.ts";

export type ClaimsOf<Use extends TokenUse> = Use extends "access"
  ? AccessTokenClaims
  : IdTokenClaims;

/** Somebody who proved to be a user by a token that counts. */
export type TokenHolder<Use extends TokenUse> = {
  readonly pool: UserPool;
  readonly user: User;
  readonly claims: ClaimsOf<Use>;
};

/** Why a token does not count. `invalid` says no more: what is wrong with a forged token is nobody's business. */
export type TokenFault = "invalid" | "expired" | "revoked" | "disabled user" | "unknown user";

/** Which tokens a caller takes; of every pool where none are named. */
export type AcceptedTokens<Use extends TokenUse> = {
  readonly uses: readonly Use[];
  readonly userPoolIds?: readonly string[];
  /** The key that the request proved to hold (RFC 9449): the token must be bound to it, and to none where this is absent. */
  readonly dpopJkt?: string | undefined;
};

/** The holder of this token, noted for the call's audit row; or why it does not count. */
export async function findTokenHolder<Use extends TokenUse>(
  call: Call,
  token: string,
  accepted: AcceptedTokens<Use>,
): Promise<TokenHolder<Use> | TokenFault> {
  const verified = await verifyToken(call, token, accepted);
  if (typeof verified === "string") return verified;
  const { pool, claims } = verified;
  notePool(call, pool);
  call.about.clientId = claims.token_use === "access" ? claims.client_id : claims.aud;
  call.about.sub = claims.sub;
  const user = await findUserBySub(call.db, pool, claims.sub);
  if (!user) return "unknown user";
  if (!user.enabled) return "disabled user";
  if (await isRevoked(call, user, claims)) return "revoked";
  call.about.callerSub = user.id;
  return { pool, user, claims };
}

/** Checks signature, kind, issuer and time; the claims are only believed from here on. */
async function verifyToken<Use extends TokenUse>(
  context: Context,
  token: string,
  { uses, userPoolIds, dpopJkt }: AcceptedTokens<Use>,
): Promise<{ pool: UserPool; claims: ClaimsOf<Use> } | TokenFault> {
  const jws = parseJws(token);
  // What a token says of itself only chooses the one key that it must then be signed by.
  const use = uses.find((each) => each === jws?.payload["token_use"]);
  if (!jws || use === undefined) return "invalid";
  const pool = await poolOfIssuer(context, jws);
  if (!pool || userPoolIds?.includes(pool.id) === false) return "invalid";
  const key = await context.keyRing.verifying(pool.id, jws.kid, use);
  if (!key || !isSignedBy(jws, key)) return "invalid";
  const claims = readClaims(jws.payload, use);
  if (claims?.iss !== issuerOf(pool, context.settings.publicUrl)) return "invalid";
  if (keyOf(claims) !== dpopJkt) return "invalid";
  if (claims.exp * 1000 <= context.clock.now()) return "expired";
  return { pool, claims };
}

/** ID tokens are bound to no key. */
function keyOf(claims: AccessTokenClaims | IdTokenClaims): string | undefined {
  return claims.token_use === "access" ? claims.cnf?.jkt : undefined;
}

/** The pool that the issuer's last segment names; whether the issuer is really its own is checked after the signature. */
async function poolOfIssuer(context: Context, jws: ParsedJws): Promise<UserPool | undefined> {
  const { iss } = jws.payload;
  return typeof iss === "string"
    ? findPool(context.store.db, iss.slice(iss.lastIndexOf("/") + 1))
    : undefined;
}

const shared = { texts: ["iss", "sub", "jti"], numbers: ["iat", "exp", "auth_time"] };
const texts: Record<TokenUse, readonly string[]> = {
  access: [...shared.texts, "client_id", "scope", "username"],
  id: [...shared.texts, "aud", "cognito:username"],
};

/** The payload as the claims of this kind of token; undefined for any other, whoever signed it. */
function readClaims<Use extends TokenUse>(
  payload: Readonly<Record<string, unknown>>,
  use: Use,
): ClaimsOf<Use> | undefined {
  const whole =
    payload["token_use"] === use &&
    texts[use].every((name) => typeof payload[name] === "string") &&
    shared.numbers.every((name) => Number.isSafeInteger(payload[name]));
  // Every member that is required was looked at, and we signed the rest.
  return whole ? (payload as unknown as ClaimsOf<Use>) : undefined;
}

async function isRevoked(
  call: Call,
  user: User,
  claims: AccessTokenClaims | IdTokenClaims,
): Promise<boolean> {
  if (claims.origin_jti === undefined) return await isOutdated(call, user, claims);
  const family = await findTokenFamily(call.db, claims.origin_jti);
  return !family || family.revoked_at_ms !== null || family.user_id !== user.id;
}

/**
 * Without an `origin_jti` the family is not known; then the moment of the last sign-out everywhere decides, and whether
 * the client is still the one that the token was issued to.
 */
async function isOutdated(
  call: Call,
  user: User,
  claims: AccessTokenClaims | IdTokenClaims,
): Promise<boolean> {
  if (claims.iat * 1000 <= user.tokensValidFromMs) return true;
  const clientId = claims.token_use === "access" ? claims.client_id : claims.aud;
  const client = await findUserPoolClient(call.db, clientId);
  if (client?.user_pool_id !== user.userPoolId) return true;
  return claims.iat < Math.floor(client.created_at_ms / 1000);
}
