/** Making the tokens of a sign-in: signed outside the transaction that stores their family. */
import { hash } from "node:crypto";
import { oauthError } from "../../errors/oauth.ts";
import { insertRefreshToken } from "../../store/refresh-tokens.ts";
import type { Db } from "../../store/schema.ts";
import { insertTokenFamily } from "../../store/token-families.ts";
import type { Proof } from "../auth/progress.ts";
import type { Call } from "../call.ts";
import { tokenLifetimes, type UserPoolClient } from "../clients/client.ts";
import type { Context } from "../context.ts";
import { groupsOf } from "../groups/group.ts";
import type { UserPool } from "../pools/pool.ts";
import { lastingScope } from "../resource-servers/lasting-scope.ts";
import { noteProofs } from "../risk/record-auth-event.ts";
import { makeRoomForSession, newSession } from "../sessions/track.ts";
import {
  firePreTokenGeneration,
  type TokenGenerationSource,
} from "../triggers/pre-token-generation.ts";
import type { User } from "../users/user.ts";
import { accessTokenClaims, type GrantFacts, idTokenClaims, type TokenSubject } from "./claims.ts";
import { signJws } from "./jws.ts";
import { userAdminScope } from "./scopes.ts";

export type TokenPair = {
  readonly accessToken: string;
  /** Absent where the scope of an OAuth grant has no `openid`. */
  readonly idToken?: string;
  readonly expiresInSeconds: number;
  /** The key that must prove every use of the access token (RFC 9449). */
  readonly dpopJkt?: string;
};

/** What a sign-in gives; a refresh without rotation gives no new refresh token. */
export type IssuedTokens = TokenPair & { readonly refreshToken?: string };

/** Signs an access and an ID token of one family, good from now on. */
export async function signTokens(context: Context, subject: TokenSubject): Promise<TokenPair> {
  const { pool, client } = subject;
  const { accessTokenSeconds, idTokenSeconds } = tokenLifetimes(client.settings);
  const iat = Math.floor(context.clock.now() / 1000);
  const [accessKey, idKey] = await Promise.all([
    context.keyRing.signing(pool.id, "access"),
    context.keyRing.signing(pool.id, "id"),
  ]);
  const access = accessTokenClaims(context, subject, { iat, exp: iat + accessTokenSeconds });
  const accessToken = signJws(accessKey, access);
  const { grant, scope } = subject.family;
  const pair = {
    ...{ accessToken, expiresInSeconds: accessTokenSeconds },
    ...(grant?.dpopJkt ? { dpopJkt: grant.dpopJkt } : {}),
  };
  if (grant && !scope.split(" ").includes("openid")) return pair;
  const id = idTokenClaims(context, subject, { iat, exp: iat + idTokenSeconds, accessToken });
  return { ...pair, idToken: signJws(idKey, id) };
}

/** What an OAuth grant says of its family. */
export type FamilyGrant = GrantFacts & {
  /** When the user signed in. */
  readonly authTimeMs: number;
  /** Separated by spaces. */
  readonly scope: string;
  /** Whether the tokens go through the browser; then there is no refresh token (RFC 6749 §4.2.2). */
  readonly isImplicit?: boolean;
};

export type NewFamily = {
  readonly id: string;
  /** What is left of the scope that was granted. */
  readonly scope: string;
  readonly tokens: IssuedTokens;
  /** Stores the family and its first refresh token, in the transaction of the sign-in. */
  store(trx: Db): Promise<void>;
};

/** Prepares the tokens of a fresh sign-in; they are worth nothing until `store` is committed. */
export async function prepareFamily(
  call: Call,
  given: {
    pool: UserPool;
    client: UserPoolClient;
    user: User;
    /** What the pool's function is told; a sign-in when absent. */
    triggerSource?: TokenGenerationSource;
    /** What the sign-in proved. */
    proved?: readonly Proof[];
    /** For the pool's function: only what came with an answer to a challenge. */
    clientMetadata?: Readonly<Record<string, string>> | undefined;
    /** The device that the tokens are bound to: the one that signed in, or the one that this sign-in is given. */
    deviceKey?: string | undefined;
    /** Of a grant by the OAuth endpoints. */
    grant?: FamilyGrant;
  },
): Promise<NewFamily> {
  const { pool, client, user, clientMetadata, deviceKey = null, grant } = given;
  const nowMs = call.clock.now();
  const id = call.random.uuid();
  const expiresAtMs = nowMs + tokenLifetimes(client.settings).refreshTokenSeconds * 1000;
  const groups = await groupsOf(call.db, pool, user);
  const { authTimeMs = nowMs } = grant ?? {};
  const scope = grant ? await lastingScope(call.db, pool, grant.scope) : userAdminScope;
  if (scope === "") throw oauthError("invalid_grant");
  const family = { id, authTimeMs, scope, deviceKey, ...(grant ? { grant } : {}) };
  const edits = await firePreTokenGeneration(call, {
    ...{ pool, client, user, groups, clientMetadata },
    scopes: family.scope.split(" "),
    source: given.triggerSource ?? "TokenGeneration_Authentication",
  });
  const pair = await signTokens(call, { pool, client, user, groups, family, edits });
  const refreshToken = grant?.isImplicit ? undefined : makeRefreshToken(call);
  const session = newSession(call, pool, nowMs);
  return {
    id,
    scope,
    tokens: refreshToken === undefined ? pair : { ...pair, refreshToken },
    async store(trx) {
      noteProofs(call, given.proved ?? []);
      call.about.tokensIssued = true;
      await makeRoomForSession(trx, call, { pool, user });
      await insertTokenFamily(trx, {
        ...session,
        id,
        user_pool_id: pool.id,
        client_id: client.id,
        user_id: user.id,
        auth_time_ms: family.authTimeMs,
        scope: family.scope,
        factors: JSON.stringify(given.proved ?? []),
        expires_at_ms: expiresAtMs,
        revoked_at_ms: null,
        created_at_ms: nowMs,
        device_key: deviceKey,
        login_session_id: grant?.loginSessionId ?? null,
        dpop_jkt: grant?.dpopJkt ?? null,
        resource: grant?.resource ?? null,
      });
      if (refreshToken === undefined) return;
      await insertRefreshToken(trx, {
        token_hash: hashRefreshToken(refreshToken),
        family_id: id,
        user_pool_id: pool.id,
        user_id: user.id,
        issued_at_ms: nowMs,
        expires_at_ms: expiresAtMs,
        replaced_at_ms: null,
      });
    },
  };
}

/** A refresh token: 256 random bits, nothing to read in it. */
export function makeRefreshToken(context: Pick<Context, "random">): string {
  return context.random.bytes(32).toString("base64url");
}

/** The form in which a refresh token is stored; it holds too much chance to need a salt or a slow hash. */
export function hashRefreshToken(token: string): string {
  return hash("sha256", token, "base64url");
}
