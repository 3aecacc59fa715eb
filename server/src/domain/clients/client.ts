/** App clients: what one may do, how long its tokens live, and whether the caller knows its secret. */
import { createHmac } from "node:crypto";
import {
  secretHashMismatch,
  secretHashMissing,
  secretHashMissingInAuth,
  userPoolClientNotFound,
} from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { constantTimeEqual } from "../../lib/constant-time.ts";
import { readOnce } from "../../lib/read-once.ts";
import type { Db } from "../../store/schema.ts";
import {
  findUserPoolClient,
  findUserPoolClientWithPool,
  listClientExtensions,
  pageUserPoolClients,
  type UserPoolClientRow,
} from "../../store/user-pool-clients.ts";
import type { Call, UserCall } from "../call.ts";
import type { Context } from "../context.ts";
import { notePool, type UserPool, userPoolFromRow } from "../pools/pool.ts";
import type { RiskConfiguration } from "../risk/risk-configuration.ts";
import { openSecrets } from "./secrets.ts";

export type TimeUnit = "seconds" | "minutes" | "hours" | "days";

export type UserPoolClientSettings = {
  /** As given; empty or absent means refresh, SRP and custom. */
  readonly explicitAuthFlows?: readonly string[];
  readonly readAttributes?: readonly string[];
  readonly writeAttributes?: readonly string[];
  /** In the unit of `tokenValidityUnits`; absent means AWS's default. */
  readonly accessTokenValidity?: number;
  readonly idTokenValidity?: number;
  readonly refreshTokenValidity: number;
  readonly tokenValidityUnits: {
    readonly accessToken?: TimeUnit;
    readonly idToken?: TimeUnit;
    readonly refreshToken?: TimeUnit;
  };
  readonly authSessionValidityMinutes: number;
  readonly preventUserExistenceErrors?: "LEGACY" | "ENABLED";
  readonly enableTokenRevocation: boolean;
  readonly enablePropagateAdditionalUserContextData: boolean;
  readonly refreshTokenRotation?: {
    readonly feature: "ENABLED" | "DISABLED";
    readonly retryGracePeriodSeconds?: number;
  };
  /**
   * For how many minutes after a sign-in hosted login asks for no other; absent means AWS's default. Set by
   * SetUserPoolClientSessionConfiguration; updates of the client leave it.
   */
  readonly ssoValidityMinutes?: number;
  /** Set by SetRiskConfiguration, in place of the pool's; updates of the client leave it. */
  readonly risk?: RiskConfiguration;
  /** What the OAuth endpoints will ask for; kept and shown. */
  readonly oauth: {
    readonly allowedFlowsUserPoolClient: boolean;
    readonly allowedFlows?: readonly ("code" | "implicit" | "client_credentials")[];
    readonly allowedScopes?: readonly string[];
    readonly callbackUrls?: readonly string[];
    readonly logoutUrls?: readonly string[];
    readonly defaultRedirectUri?: string;
    readonly supportedIdentityProviders?: readonly string[];
  };
};

/** What AWS has no field for; what is absent is off, or as the pool has it. */
export type UserPoolClientExtensions = {
  /** Of the OAuth endpoints: true to Cognito to the byte, or to the standards. The pool's where absent. */
  readonly profile?: "compat" | "hardened";
  /** Whether codes are given to no request without PKCE. */
  readonly requirePkce?: "on" | "off";
  /** Whether users are asked before the client gets their data (OpenID Connect Core §3.1.2.4). */
  readonly consent?: "on" | "off";
  /** Whether the answer may come as a form that the browser posts (OAuth 2.0 Form Post Response Mode). */
  readonly formPost?: "on" | "off";
  /** Pushed authorization requests (RFC 9126); `required` takes no others. */
  readonly pushedAuthorizationRequests?: "on" | "required" | "off";
  /** Tokens bound to a key of the client (RFC 9449); `required` gives no others. */
  readonly dpop?: "on" | "required" | "off";
  /** Sign-in of devices without a browser (RFC 8628). */
  readonly deviceAuthorization?: "on" | "off";
  /** Whether the client may ask what its tokens are worth (RFC 7662). */
  readonly tokenIntrospection?: "on" | "off";
  /** Logout by `id_token_hint` and `post_logout_redirect_uri` (OpenID Connect RP-Initiated Logout 1.0). */
  readonly rpInitiatedLogout?: "on" | "off";
  /** Where the client wants to be told of logouts (OpenID Connect Back-Channel Logout 1.0). */
  readonly backChannelLogoutUri?: string;
  /** The public keys, a JWKS as JSON, with which the client proves itself instead of a secret (RFC 7523). */
  readonly assertionKeys?: string;
};

export type UserPoolClient = {
  readonly id: string;
  readonly userPoolId: string;
  readonly name: string;
  /** Sealed; openSecrets reads them. A public client has none. */
  readonly sealedSecrets: string | undefined;
  readonly settings: UserPoolClientSettings;
  readonly extensions: UserPoolClientExtensions;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

const readSettings = readOnce<UserPoolClientSettings>(1_000);
const readExtensions = readOnce<UserPoolClientExtensions>(1_000);

export function clientFromRow(row: UserPoolClientRow): UserPoolClient {
  return {
    id: row.id,
    userPoolId: row.user_pool_id,
    name: row.name,
    sealedSecrets: row.secret ?? undefined,
    settings: readSettings(row.settings),
    extensions: readExtensions(row.extensions),
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

export type ClientInPool = { readonly pool: UserPool; readonly client: UserPoolClient };

/** The client that a public call names, with its pool, both noted for the audit row. */
export async function loadClient(call: Call, clientId: string): Promise<ClientInPool> {
  const found = await findUserPoolClientWithPool(call.db, clientId);
  if (found?.pool.deleted_at_ms !== null) throw userPoolClientNotFound(clientId);
  const client = clientFromRow(found.client);
  const pool = userPoolFromRow(found.pool);
  notePool(call, pool);
  call.about.clientId = client.id;
  return { pool, client };
}

/** The client of this id, of whichever pool. */
export async function findClient(db: Db, id: string): Promise<UserPoolClient | undefined> {
  const row = await findUserPoolClient(db, id);
  return row && clientFromRow(row);
}

/** The client of this pool that an administrator's call names. */
export async function loadClientOfPool(
  call: Call,
  { pool, clientId }: { pool: UserPool; clientId: string },
  db: Db = call.db,
): Promise<UserPoolClient> {
  const row = await findUserPoolClient(db, clientId);
  if (row?.user_pool_id !== pool.id) throw userPoolClientNotFound(clientId);
  call.about.clientId = row.id;
  return clientFromRow(row);
}

/** The client that the token of the caller was issued to. */
export async function loadOwnClient(call: UserCall): Promise<UserPoolClient> {
  return await loadClientOfPool(call, { pool: call.pool, clientId: call.claims.client_id });
}

/** What the clients of a pool have switched on beyond AWS, each combination once. */
export async function extensionsInUse(
  db: Db,
  pool: UserPool,
): Promise<readonly UserPoolClientExtensions[]> {
  return (await listClientExtensions(db, pool.id)).map(readExtensions);
}

/** The clients of a pool, by id. */
export async function listClients(
  db: Db,
  pool: UserPool,
  page: { after: string | undefined; limit: number },
): Promise<UserPoolClient[]> {
  const rows = await pageUserPoolClients(db, { ...page, userPoolId: pool.id });
  return rows.map(clientFromRow);
}

/**
 * Refuses a call that does not prove one of the client's secrets: Base64(HMAC-SHA256(secret, username + clientId)).
 * `names` are the spellings of the user that the caller may have hashed. AWS words the missing hash differently in
 * sign-in (`auth`) than elsewhere. What a public client sends is ignored.
 */
export function requireSecretHash(
  context: Pick<Context, "vault">,
  client: UserPoolClient,
  given: { secretHash: string | undefined; names: readonly string[]; auth?: boolean },
): void {
  const secrets = openSecrets(context, client);
  if (secrets.length === 0) return;
  if (given.secretHash === undefined) {
    throw given.auth ? secretHashMissingInAuth(client.id) : secretHashMissing(client.id);
  }
  const { secretHash } = given;
  const proved = secrets.flatMap(({ value }) =>
    given.names.map((name) => {
      const expected = createHmac("sha256", value)
        .update(name + client.id)
        .digest("base64");
      return constantTimeEqual(expected, secretHash);
    }),
  );
  if (!proved.includes(true)) throw secretHashMismatch(client.id);
}

/** The refusal of a call in which one of the secrets itself should prove the client and does not; a public client has none. */
export function clientSecretRefusal(
  context: Pick<Context, "vault">,
  client: UserPoolClient,
  given: string | undefined,
): ServiceError | undefined {
  const secrets = openSecrets(context, client);
  if (secrets.length === 0) return undefined;
  if (given === undefined) return secretHashMissing(client.id);
  const proved = secrets.map(({ value }) => constantTimeEqual(value, given));
  return proved.includes(true) ? undefined : secretHashMismatch(client.id);
}

/** Of clients that get tokens for themselves by the API. */
export const clientTokenFlow = "ALLOW_CLIENT_TOKEN_AUTH";

/** Whether this client may get tokens for itself, by either of the ways. */
export function standsForItself({ settings }: UserPoolClient): boolean {
  const { explicitAuthFlows = [], oauth } = settings;
  return (
    oauth.allowedFlows?.includes("client_credentials") === true ||
    explicitAuthFlows.includes(clientTokenFlow)
  );
}

/** Whether this client can prove which one it is (RFC 6749 §2.1). */
export function isConfidential({ sealedSecrets, extensions }: UserPoolClient): boolean {
  return sealedSecrets !== undefined || extensions.assertionKeys !== undefined;
}

/** Whether this client hides which users exist. */
export function preventsUserExistenceErrors(client: UserPoolClient): boolean {
  return client.settings.preventUserExistenceErrors === "ENABLED";
}

/** Whether this client may start this flow, in either of AWS's two vocabularies. */
export function allowsFlow(client: UserPoolClient, flow: AuthFlowName): boolean {
  const given = client.settings.explicitAuthFlows ?? [];
  if (given.length === 0)
    return flow === "REFRESH_TOKEN_AUTH" || flow === "USER_SRP_AUTH" || flow === "CUSTOM_AUTH";
  if (given.some((name) => name.startsWith("ALLOW_"))) return given.includes(`ALLOW_${flow}`);
  return legacyAllows(given, flow);
}

export type AuthFlowName =
  | "USER_SRP_AUTH"
  | "USER_PASSWORD_AUTH"
  | "ADMIN_USER_PASSWORD_AUTH"
  | "REFRESH_TOKEN_AUTH"
  | "CUSTOM_AUTH"
  | "USER_AUTH";

/** The names from before ALLOW_*: they add to SRP, custom and refresh, or leave custom alone. */
function legacyAllows(given: readonly string[], flow: AuthFlowName): boolean {
  if (flow === "REFRESH_TOKEN_AUTH") return true;
  if (given.includes("CUSTOM_AUTH_FLOW_ONLY")) return flow === "CUSTOM_AUTH";
  if (flow === "ADMIN_USER_PASSWORD_AUTH") return given.includes("ADMIN_NO_SRP_AUTH");
  if (flow === "USER_PASSWORD_AUTH") return given.includes("USER_PASSWORD_AUTH");
  return flow === "USER_SRP_AUTH" || flow === "CUSTOM_AUTH";
}

const unitSeconds: Record<TimeUnit, number> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

/** How long this client's tokens live: one hour and thirty days unless it says otherwise. */
export function tokenLifetimes(settings: UserPoolClientSettings): {
  accessTokenSeconds: number;
  idTokenSeconds: number;
  refreshTokenSeconds: number;
} {
  const units = settings.tokenValidityUnits;
  return {
    accessTokenSeconds:
      (settings.accessTokenValidity ?? 0) * unitSeconds[units.accessToken ?? "hours"] || 3600,
    idTokenSeconds: (settings.idTokenValidity ?? 0) * unitSeconds[units.idToken ?? "hours"] || 3600,
    refreshTokenSeconds:
      (settings.refreshTokenValidity || 30) *
      unitSeconds[settings.refreshTokenValidity === 0 ? "days" : (units.refreshToken ?? "days")],
  };
}
