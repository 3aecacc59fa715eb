/** Domains of a pool: where its hosted pages and OAuth endpoints are. */
import type { Db } from "../../store/schema.ts";
import {
  findUserPoolDomain,
  listUserPoolDomains,
  type UserPoolDomainRow,
} from "../../store/user-pool-domains.ts";
import type { Settings } from "../context.ts";
import type { UserPool } from "../pools/pool.ts";

/** 1 for the classic pages, 2 for managed login. */
export type ManagedLoginVersion = 1 | 2;

/** Kept and shown: the certificate itself is the operator's. */
export type CustomDomainConfig = {
  readonly certificateArn: string;
  /** What a request said although it is so anyway. */
  readonly securityPolicy?: "TLS_V1_2_2021";
};

/** What may be changed of a domain. */
export type UserPoolDomainSettings = {
  readonly managedLoginVersion: ManagedLoginVersion;
  /** Of custom domains alone. */
  readonly custom?: CustomDomainConfig;
};

export type UserPoolDomain = UserPoolDomainSettings & {
  /** The prefix, or the whole name of a custom domain; in lower case. */
  readonly domain: string;
  readonly userPoolId: string;
  readonly isCustom: boolean;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

export function showsManagedLogin({ managedLoginVersion }: UserPoolDomainSettings): boolean {
  return managedLoginVersion === 2;
}

/** The host that a custom domain's name is to point to: this server, where AWS has a CloudFront distribution. */
export function targetOfDomains({ publicUrl }: Pick<Settings, "publicUrl">): string {
  return new URL(publicUrl).hostname;
}

export function userPoolDomainFromRow(row: UserPoolDomainRow): UserPoolDomain {
  // Written by this program alone.
  const settings = JSON.parse(row.settings) as UserPoolDomainSettings;
  return {
    ...settings,
    domain: row.domain,
    userPoolId: row.user_pool_id,
    isCustom: row.is_custom === 1,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

/** The form of prefixes and of host names; anything else is not worth a look into the database. */
const namePattern = /^[a-z0-9.-]{1,63}$/;

/** The domain of this prefix or, for a custom domain, this whole name, in whatever case; of any pool. */
export async function findDomain(db: Db, name: string): Promise<UserPoolDomain | undefined> {
  if (name.length > 63) return undefined;
  const domain = name.toLowerCase();
  const row = namePattern.test(domain) ? await findUserPoolDomain(db, domain) : undefined;
  return row && userPoolDomainFromRow(row);
}

/** The domains of a pool: at most one prefix and one custom domain. */
export async function domainsOf(
  db: Db,
  { id }: Pick<UserPool, "id">,
): Promise<readonly UserPoolDomain[]> {
  return (await listUserPoolDomains(db, id)).map(userPoolDomainFromRow);
}
