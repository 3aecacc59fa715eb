/** Domains of a pool: where its hosted pages and OAuth endpoints are. */
import type { Db } from "../../store/schema.ts";
import {
  findUserPoolDomain,
  listUserPoolDomains,
  type UserPoolDomainRow,
} from "../../store/user-pool-domains.ts";
import type { UserPool } from "../pools/pool.ts";

/** 1 for the classic pages, 2 for managed login. */
export type ManagedLoginVersion = 1 | 2;

/** What may be changed of a domain. */
export type UserPoolDomainSettings = {
  readonly managedLoginVersion: ManagedLoginVersion;
  /** Of custom domains, which have one. Kept and shown: the certificate itself is the operator's. */
  readonly certificateArn?: string;
  readonly securityPolicy?: "TLS_V1" | "TLS_V1_2_2021" | "TLS_V1_3_2025";
};

export type UserPoolDomain = UserPoolDomainSettings & {
  /** The prefix, or the whole name of a custom domain; in lower case. */
  readonly domain: string;
  readonly userPoolId: string;
  readonly isCustom: boolean;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

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
