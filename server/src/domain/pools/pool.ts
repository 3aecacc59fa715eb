/** User pools: what one is made of. AWS's casing is left at the operations; here it is camel case. */
import { userPoolNotFound } from "../../errors/cognito-idp.ts";
import { readOnce } from "../../lib/read-once.ts";
import type { Db } from "../../store/schema.ts";
import { findUserPool, pageUserPools, type UserPoolRow } from "../../store/user-pools.ts";
import type { Call } from "../call.ts";
import type { RiskConfiguration } from "../risk/risk-configuration.ts";

export type ContactAttribute = "email" | "phone_number";
export type AliasAttribute = ContactAttribute | "preferred_username";

export type PasswordPolicy = {
  readonly minimumLength: number;
  readonly requireUppercase: boolean;
  readonly requireLowercase: boolean;
  readonly requireNumbers: boolean;
  readonly requireSymbols: boolean;
  readonly temporaryPasswordValidityDays: number;
  /** How many earlier passwords a new one must differ from; none when absent. */
  readonly passwordHistorySize?: number;
};

/** How users may begin a sign-in. */
export type FirstAuthFactor = "PASSWORD" | "EMAIL_OTP" | "SMS_OTP" | "WEB_AUTHN";

/** What SetUserPoolMfaConfig sets beside MfaConfiguration; updates of the pool leave it. */
export type MfaSettings = {
  readonly sms: boolean;
  readonly softwareToken: boolean;
  /** The message that carries a code; present when e-mail is a second factor. */
  readonly email?: { readonly subject?: string; readonly message?: string };
  readonly webAuthn?: {
    readonly relyingPartyId?: string;
    readonly userVerification: "required" | "preferred";
    readonly factorConfiguration: "SINGLE_FACTOR" | "MULTI_FACTOR_WITH_USER_VERIFICATION";
  };
};

/** Present when the pool remembers devices. */
export type DeviceConfiguration = {
  /** Whether a remembered device spares its user the second factor. */
  readonly challengeRequiredOnNewDevice: boolean;
  /** Whether the user must agree to a device being remembered. */
  readonly deviceOnlyRememberedOnUserPrompt: boolean;
};

export const triggerNames = [
  "PreSignUp",
  "CustomMessage",
  "PostConfirmation",
  "PreAuthentication",
  "PostAuthentication",
  "DefineAuthChallenge",
  "CreateAuthChallenge",
  "VerifyAuthChallengeResponse",
  "UserMigration",
] as const;
export type TriggerName = (typeof triggerNames)[number];

/** The functions that take part in what users do, by ARN. */
export type LambdaConfig = Readonly<Partial<Record<TriggerName, string>>> & {
  readonly PreTokenGeneration?: {
    readonly arn: string;
    readonly version: "V1_0" | "V2_0" | "V3_0";
  };
  readonly CustomEmailSender?: { readonly arn: string; readonly version: "V1_0" };
  readonly CustomSMSSender?: { readonly arn: string; readonly version: "V1_0" };
  readonly KMSKeyID?: string;
};

/** An attribute that users of a pool may have; limits are kept as the strings that AWS has on the wire. */
export type SchemaAttribute = {
  /** With its prefix: `custom:team`, `dev:custom:score`. */
  readonly name: string;
  readonly type: "String" | "Number" | "DateTime" | "Boolean";
  readonly mutable: boolean;
  readonly required: boolean;
  readonly developerOnly: boolean;
  readonly minLength?: string;
  readonly maxLength?: string;
  readonly minValue?: string;
  readonly maxValue?: string;
};

export type MessageTemplate = {
  readonly emailSubject?: string;
  readonly emailMessage?: string;
  readonly smsMessage?: string;
};

/** What verifies an address: a code, or at a sign-up a link that brings one along. */
export type VerificationTemplate = MessageTemplate & {
  readonly emailOption?: "CONFIRM_WITH_LINK" | "CONFIRM_WITH_CODE";
  readonly emailSubjectByLink?: string;
  readonly emailMessageByLink?: string;
};

export type RecoveryOption = {
  readonly name: "verified_email" | "verified_phone_number" | "admin_only";
  readonly priority: number;
};

export type EmailConfiguration = {
  readonly emailSendingAccount: "COGNITO_DEFAULT" | "DEVELOPER";
  readonly sourceArn?: string;
  readonly replyToEmailAddress?: string;
  readonly from?: string;
  readonly configurationSet?: string;
};

/** Whether a pool watches what its users do, and whether it acts on what it finds. */
export type AdvancedSecurityMode = "OFF" | "AUDIT" | "ENFORCED";

export type AdvancedSecurity = {
  readonly mode: AdvancedSecurityMode;
  readonly customAuthMode: UserPoolSettings["customAuthMode"];
};

/** What AWS has a field for. What is absent was not given; defaults are in default-settings.ts. */
export type UserPoolSettings = {
  readonly passwordPolicy: PasswordPolicy;
  readonly deletionProtection: boolean;
  readonly autoVerifiedAttributes?: readonly ContactAttribute[];
  /** Fixed at creation. */
  readonly aliasAttributes?: readonly AliasAttribute[];
  /** Fixed at creation. */
  readonly usernameAttributes?: readonly ContactAttribute[];
  /** Fixed at creation. */
  readonly caseSensitive: boolean;
  readonly usernameConfigurationGiven: boolean;
  readonly verificationBeforeUpdate: readonly ContactAttribute[];
  readonly accountRecovery?: readonly RecoveryOption[];
  readonly adminCreateUserOnly: boolean;
  readonly inviteTemplate?: MessageTemplate;
  readonly verificationTemplate: VerificationTemplate;
  /** The text of second factors by SMS. */
  readonly smsAuthenticationMessage?: string;
  readonly emailConfiguration: EmailConfiguration;
  readonly smsConfiguration?: {
    readonly snsCallerArn: string;
    readonly externalId?: string;
    readonly snsRegion?: string;
  };
  readonly mfaConfiguration: "OFF" | "OPTIONAL" | "ON";
  readonly mfa: MfaSettings;
  readonly allowedFirstAuthFactors: readonly FirstAuthFactor[];
  readonly deviceConfiguration?: DeviceConfiguration;
  readonly lambdaConfig: LambdaConfig;
  /** Set by SetUserPoolSessionConfiguration; updates of the pool leave it. */
  readonly sessions: { readonly tracking: boolean; readonly maxPerUser: number };
  /** All attributes, standard ones first. */
  readonly schema: readonly SchemaAttribute[];
  readonly tier: "LITE" | "ESSENTIALS" | "PLUS";
  readonly tags: Readonly<Record<string, string>>;
  /** Threat protection; off when absent. */
  readonly advancedSecurityMode?: AdvancedSecurityMode;
  /** Threat protection of custom flows. */
  readonly customAuthMode?: "AUDIT" | "ENFORCED";
  /** Set by SetRiskConfiguration; updates of the pool leave it. */
  readonly risk?: RiskConfiguration;
  /** What a request said although it is so anyway; kept to be shown. */
  readonly keyType?: "AWS_OWNED_KEY";
  readonly issuerType?: "ORIGINAL";
};

type FixedAtCreation =
  | "aliasAttributes"
  | "usernameAttributes"
  | "caseSensitive"
  | "usernameConfigurationGiven"
  | "schema";

/** What other operations than UpdateUserPool set. */
type SetApart = "mfa" | "sessions" | "risk";

/** What a pool keeps for good; only the schema grows. */
export type FixedUserPoolSettings = Pick<UserPoolSettings, FixedAtCreation>;

/** What an update replaces as a whole. */
export type ReplaceableUserPoolSettings = Omit<UserPoolSettings, FixedAtCreation | SetApart>;

/** What AWS has no field for: Metadata.Poolhouse of a template, or Put/GetUserPoolExtensions. */
export type UserPoolExtensions = {
  readonly profile: "compat" | "hardened";
  readonly issuerMode: "own" | "aws";
  readonly srpVerifiers: "on" | "off";
  /** Whether users may make codes that stand for a second factor that is lost. */
  readonly recoveryCodes: "on" | "off";
};

export type UserPool = {
  readonly id: string;
  readonly name: string;
  readonly settings: UserPoolSettings;
  readonly extensions: UserPoolExtensions;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

/** Whether users may have no password here: codes sign them in (API reference, SignUp, AdminCreateUser). */
export function takesUsersWithoutPassword({
  allowedFirstAuthFactors: factors,
}: Pick<UserPoolSettings, "allowedFirstAuthFactors">): boolean {
  return factors.includes("EMAIL_OTP") || factors.includes("SMS_OTP");
}

/** What a pool does at sign-in that was made by name alone. */
export const signInDefaults = {
  mfaConfiguration: "OFF",
  mfa: { sms: false, softwareToken: false },
  allowedFirstAuthFactors: ["PASSWORD"],
  lambdaConfig: {},
  sessions: { tracking: false, maxPerUser: 20 },
} as const satisfies Partial<UserPoolSettings>;

const readSettings = readOnce<UserPoolSettings>(1_000, signInDefaults);
const readExtensions = readOnce<UserPoolExtensions>(1_000, { recoveryCodes: "off" });

export function userPoolFromRow(row: UserPoolRow): UserPool {
  return {
    id: row.id,
    name: row.name,
    settings: readSettings(row.settings),
    extensions: readExtensions(row.extensions),
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

/** The form of AWS's ids; anything else is not worth a look into the database. */
const idPattern = /^[\w-]{1,45}_[0-9A-Za-z]{1,55}$/;

/** The pool of this id, unless it is deleted. */
export async function findPool(db: Db, id: string): Promise<UserPool | undefined> {
  const row = idPattern.test(id) ? await findUserPool(db, id) : undefined;
  return row && row.deleted_at_ms === null ? userPoolFromRow(row) : undefined;
}

/** The pools of a region, by id. */
export async function listPools(
  db: Db,
  page: { region: string; after: string | undefined; limit: number },
): Promise<UserPool[]> {
  return (await pageUserPools(db, page)).map(userPoolFromRow);
}

/** The pool that a call names, noted for its audit row; throws AWS's refusal for an unknown one. */
export async function loadPool(call: Call, id: string, db: Db = call.db): Promise<UserPool> {
  const pool = await findPool(db, id);
  const elsewhere = call.principal !== undefined && !id.startsWith(`${call.principal.region}_`);
  if (!pool || elsewhere) throw userPoolNotFound(id);
  notePool(call, pool);
  return pool;
}

/** Notes which pool a call is about, for its rows in the trail and in the history of its user. */
export function notePool({ about }: Call, { id, settings }: UserPool): void {
  const { advancedSecurityMode: mode = "OFF", customAuthMode } = settings;
  about.userPoolId = id;
  about.advancedSecurity = { mode, customAuthMode };
}

/** The part of a pool id after the underscore, which SRP hashes in as the pool's name. */
export function srpPoolName(pool: UserPool): string {
  return pool.id.slice(pool.id.indexOf("_") + 1);
}

/** What this pool's tokens name as their issuer; keys and discovery are served at our own URL in either mode. */
export function issuerOf(pool: UserPool, publicUrl: string): string {
  return pool.extensions.issuerMode === "own"
    ? `${publicUrl}/${pool.id}`
    : `https://cognito-idp.${regionOf(pool)}.amazonaws.com/${pool.id}`;
}

/** The part of a pool id before the underscore. */
export function regionOf(pool: UserPool): string {
  return pool.id.slice(0, pool.id.indexOf("_"));
}

export function userPoolArn(pool: UserPool, accountId: string): string {
  return `arn:aws:cognito-idp:${regionOf(pool)}:${accountId}:userpool/${pool.id}`;
}
