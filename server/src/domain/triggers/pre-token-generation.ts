/** The function that edits what tokens say (AWS, "Pre token generation Lambda trigger"). */
import { unrecognizableLambdaOutput } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { type Group, rolesOf } from "../groups/group.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { eventAttributes, fireTrigger } from "./fire.ts";
import { recordIn, textIn, textsIn } from "./output.ts";

/** When tokens are made, as AWS names it. */
export type TokenGenerationSource =
  | "TokenGeneration_HostedAuth"
  | "TokenGeneration_Authentication"
  | "TokenGeneration_NewPasswordChallenge"
  | "TokenGeneration_AuthenticateDevice"
  | "TokenGeneration_RefreshTokens";

export type ClaimEdits = {
  readonly add: Readonly<Record<string, unknown>>;
  readonly suppress: readonly string[];
};

/** What takes the place of the user's groups; nothing of it is in the tokens where it is empty. */
export type GroupOverride = {
  readonly names: readonly string[];
  readonly roles: readonly string[];
  readonly preferredRole: string | undefined;
};

/** What a function changes about the tokens of one sign-in or refresh. */
export type TokenEdits = {
  readonly id: ClaimEdits;
  readonly access: ClaimEdits & {
    readonly scopesToAdd: readonly string[];
    readonly scopesToSuppress: readonly string[];
  };
  /** Absent: the groups stay. */
  readonly groups?: GroupOverride;
};

/** AWS's quota of claims and scopes that one answer may add or suppress. */
const maxEdits = 5000;
const maxRoleCharacters = 2048;
const versions = { V1_0: "1", V2_0: "2", V3_0: "3" } as const;

/** Asks what to change; undefined where nothing is. */
export async function firePreTokenGeneration(
  call: Call,
  given: {
    pool: UserPool;
    client: UserPoolClient;
    user: User;
    groups: readonly Group[];
    /** Of the access token. */
    scopes: readonly string[];
    source: TokenGenerationSource;
    /** Only what a request brought that answers a challenge or refreshes (AWS, InitiateAuth). */
    clientMetadata: Readonly<Record<string, string>> | undefined;
  },
): Promise<TokenEdits | undefined> {
  const { pool, client, user, groups, scopes, source, clientMetadata } = given;
  const { version: configured = "V1_0" } = pool.settings.lambdaConfig.PreTokenGeneration ?? {};
  const version = versions[configured];
  const { roles, preferredRole } = rolesOf(groups);
  const member = version === "1" ? "claimsOverrideDetails" : "claimsAndScopeOverrideDetails";
  const response = await fireTrigger(call, {
    pool,
    client,
    trigger: "PreTokenGeneration",
    source,
    version,
    userName: user.username,
    request: {
      userAttributes: eventAttributes(pool, user),
      groupConfiguration: {
        groupsToOverride: groups.map(({ name }) => name),
        iamRolesToOverride: roles,
        preferredRole: preferredRole ?? null,
      },
      ...(version === "1" ? {} : { scopes }),
      ...(clientMetadata ? { clientMetadata } : {}),
    },
    response: { [member]: null },
  });
  const details = response && recordIn(response, member);
  return details && readEdits(details, version);
}

/**
 * Asks what to change about the token of a client, which stands for no user; undefined where nothing is. Only the third
 * version of the event knows such tokens.
 */
export async function fireClientTokenGeneration(
  call: Call,
  given: {
    pool: UserPool;
    client: UserPoolClient;
    scopes: readonly string[];
    clientMetadata: Readonly<Record<string, string>> | undefined;
  },
): Promise<TokenEdits | undefined> {
  const { pool, client, scopes, clientMetadata } = given;
  if (pool.settings.lambdaConfig.PreTokenGeneration?.version !== "V3_0") return undefined;
  const member = "claimsAndScopeOverrideDetails";
  const response = await fireTrigger(call, {
    pool,
    client,
    trigger: "PreTokenGeneration",
    source: "TokenGeneration_ClientCredentials",
    version: "3",
    userName: "ClientCredentials",
    request: {
      userAttributes: {},
      groupConfiguration: null,
      scopes,
      ...(clientMetadata ? { clientMetadata } : {}),
    },
    response: { [member]: null },
  });
  const details = response && recordIn(response, member);
  return details && readEdits(details, "3");
}

type Members = Readonly<Record<string, unknown>>;

function readEdits(details: Members, version: "1" | "2" | "3"): TokenEdits {
  const id = version === "1" ? details : (recordIn(details, "idTokenGeneration") ?? {});
  const access = version === "1" ? {} : (recordIn(details, "accessTokenGeneration") ?? {});
  const groups = readGroups(details);
  const edits: TokenEdits = {
    id: readClaims(id, version),
    access: {
      ...readClaims(access, version),
      scopesToAdd: textsIn(access, "scopesToAdd") ?? [],
      scopesToSuppress: textsIn(access, "scopesToSuppress") ?? [],
    },
    ...(groups ? { groups } : {}),
  };
  if (countEdits(edits) > maxEdits) throw unrecognizableLambdaOutput();
  return edits;
}

function countEdits({ id, access }: TokenEdits): number {
  const claims = [id, access].map(({ add, suppress }) => Object.keys(add).length + suppress.length);
  const scopes = access.scopesToAdd.length + access.scopesToSuppress.length;
  return claims.reduce((sum, count) => sum + count, scopes);
}

/** In the first version a claim is a text; later it may be whatever JSON has. */
function readClaims(given: Members, version: "1" | "2" | "3"): ClaimEdits {
  const claims = recordIn(given, "claimsToAddOrOverride") ?? {};
  const add = Object.entries(claims).filter(([, value]) => value !== null);
  if (version === "1" && add.some(([, value]) => typeof value !== "string")) {
    throw unrecognizableLambdaOutput();
  }
  return { add: Object.fromEntries(add), suppress: textsIn(given, "claimsToSuppress") ?? [] };
}

/** "If you provide an empty or null object in the response, then the groups are suppressed." */
function readGroups(details: Members): GroupOverride | undefined {
  if (!Object.hasOwn(details, "groupOverrideDetails")) return undefined;
  const given = recordIn(details, "groupOverrideDetails") ?? {};
  return {
    names: textsIn(given, "groupsToOverride") ?? [],
    roles: textsIn(given, "iamRolesToOverride") ?? [],
    preferredRole: textIn(given, "preferredRole", maxRoleCharacters),
  };
}
