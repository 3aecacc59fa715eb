import { changeOne, deleteAll, insertOne } from "./atomic.ts";
import type { Changes, Db, NewRow, Row } from "./schema.ts";
import { statement } from "./statement.ts";

export type UserPoolDomainRow = Row<"user_pool_domains">;

type DomainKey = { userPoolId: string; domain: string };

const find = statement<{ domain: string }>()((db, { domain }) =>
  db.selectFrom("user_pool_domains").selectAll().where("domain", "=", domain),
);

/** Adds a domain; false when any pool has one of that name. */
export async function insertUserPoolDomain(
  db: Db,
  domain: NewRow<"user_pool_domains">,
): Promise<boolean> {
  return await insertOne(db.insertInto("user_pool_domains").values(domain));
}

/** Finds a domain, whichever pool it belongs to. */
export async function findUserPoolDomain(
  db: Db,
  domain: string,
): Promise<UserPoolDomainRow | undefined> {
  return (await find(db, { domain })).rows[0];
}

/** The domains of a pool, by name. */
export async function listUserPoolDomains(
  db: Db,
  userPoolId: string,
): Promise<UserPoolDomainRow[]> {
  return await db
    .selectFrom("user_pool_domains")
    .selectAll()
    .where("user_pool_id", "=", userPoolId)
    .orderBy("domain")
    .execute();
}

/** Sets columns of a pool's domain, if it also looks as `where` says; false when not. */
export async function updateUserPoolDomain(
  db: Db,
  { userPoolId, domain }: DomainKey,
  change: { set: Changes<"user_pool_domains">; where?: Partial<UserPoolDomainRow> },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("user_pool_domains")
      .set(change.set)
      .where("domain", "=", domain)
      .where("user_pool_id", "=", userPoolId)
      .where((eb) => eb.and(change.where ?? {})),
  );
}

/** Removes a domain from its pool, and the name is free; false when the pool has none of that name. */
export async function deleteUserPoolDomain(
  db: Db,
  { userPoolId, domain }: DomainKey,
): Promise<boolean> {
  const deleted = await deleteAll(
    db
      .deleteFrom("user_pool_domains")
      .where("domain", "=", domain)
      .where("user_pool_id", "=", userPoolId),
  );
  return deleted > 0;
}
