/** Finding the users of a pool, page by page, each filter by the index that serves it. */
import type { Db } from "../../store/schema.ts";
import {
  findUser as findRow,
  findUserByUsernameKey,
  pageUsers,
  pageUsersByAttribute,
  pageUsersByEnabled,
  pageUsersByIdPrefix,
  pageUsersByStatus,
  pageUsersByUsernamePrefix,
  type UserRow,
} from "../../store/users.ts";
import type { UserPool } from "../pools/pool.ts";
import type { UserFilter } from "./filter.ts";
import { foldKey } from "./fold-key.ts";
import { type User, type UserStatus, userFromRow } from "./user.ts";

/** Where a user stands in the order of a list; what `key` is depends on the filter. */
export type UserPosition = { readonly key: string; readonly id: string };

export type FoundUser = { readonly user: User; readonly position: UserPosition };

type Page = {
  readonly userPoolId: string;
  readonly after: UserPosition | undefined;
  readonly limit: number;
};

/** At most `limit` users that a filter, or none, lets through, after a position that an earlier page ended at. */
export async function findUsers(
  db: Db,
  pool: UserPool,
  asked: { filter: UserFilter | undefined; after: UserPosition | undefined; limit: number },
): Promise<FoundUser[]> {
  const { filter } = asked;
  const page = { userPoolId: pool.id, after: asked.after, limit: asked.limit };
  if (!filter) return everyone(db, page);
  const folded = { ...filter, value: foldKey(pool, filter.value) };
  switch (filter.key) {
    case "username":
      return byUsername(db, page, folded);
    case "sub":
      return bySub(db, page, filter);
    case "status":
      return byEnabled(db, page, filter);
    case "cognito:user_status":
      return byStatus(db, page, filter);
    default:
      return byAttribute(db, page, folded);
  }
}

function found(rows: readonly UserRow[], keyOf: (row: UserRow) => string): FoundUser[] {
  return rows.map((row) => ({
    user: userFromRow(row),
    position: { key: keyOf(row), id: row.id },
  }));
}

async function everyone(db: Db, { after, ...page }: Page): Promise<FoundUser[]> {
  const from = after && { createdAtMs: Number(after.key), id: after.id };
  return found(await pageUsers(db, { ...page, after: from }), (row) => String(row.created_at_ms));
}

async function byUsername(db: Db, page: Page, { value, isPrefix }: UserFilter) {
  const keyOf = (row: UserRow) => row.username_key;
  if (isPrefix) {
    const rows = await pageUsersByUsernamePrefix(db, {
      ...page,
      after: page.after?.key,
      prefix: value,
    });
    return found(rows, keyOf);
  }
  const row = await findUserByUsernameKey(db, { ...page, usernameKey: value });
  return found(only(row), keyOf);
}

async function bySub(db: Db, page: Page, { value, isPrefix }: UserFilter) {
  if (isPrefix) {
    return found(
      await pageUsersByIdPrefix(db, { ...page, after: page.after?.id, prefix: value }),
      idOf,
    );
  }
  return found(only(await findRow(db, { ...page, id: value })), idOf);
}

/** AWS's words for it, which it compares as they are. */
async function byEnabled(db: Db, page: Page, filter: UserFilter): Promise<FoundUser[]> {
  const wanted = ["Enabled", "Disabled"].filter((word) => lets(filter, word));
  if (wanted.length === 2) return everyone(db, page);
  if (wanted.length === 0) return [];
  const enabled = wanted[0] === "Enabled";
  return found(await pageUsersByEnabled(db, { ...page, after: page.after?.id, enabled }), idOf);
}

const statuses: readonly UserStatus[] = [
  "UNCONFIRMED",
  "CONFIRMED",
  "FORCE_CHANGE_PASSWORD",
  "RESET_REQUIRED",
  "EXTERNAL_PROVIDER",
];

/** Compared without case. No two statuses begin alike, so that a prefix means one, or all when it is empty. */
async function byStatus(db: Db, page: Page, filter: UserFilter): Promise<FoundUser[]> {
  const folded = { ...filter, value: filter.value.toUpperCase() };
  if (folded.isPrefix && folded.value === "") return everyone(db, page);
  const status = statuses.find((each) => lets(folded, each));
  if (status === undefined) return [];
  return found(await pageUsersByStatus(db, { ...page, after: page.after?.id, status }), idOf);
}

async function byAttribute(db: Db, page: Page, filter: UserFilter): Promise<FoundUser[]> {
  const { after } = page;
  const rows = await pageUsersByAttribute(db, {
    ...page,
    name: filter.key,
    match: filter.isPrefix ? { prefix: filter.value } : { value: filter.value },
    after: after && { value: after.key, id: after.id },
  });
  return rows.map((row) => ({
    user: userFromRow(row),
    position: { key: row.value, id: row.id },
  }));
}

function lets({ value, isPrefix }: UserFilter, word: string): boolean {
  return isPrefix ? word.startsWith(value) : word === value;
}

function only(row: UserRow | undefined): UserRow[] {
  return row ? [row] : [];
}

function idOf(row: UserRow): string {
  return row.id;
}
