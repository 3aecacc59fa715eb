import { changeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";
import { statement } from "./statement.ts";

export type AuthEventRow = Row<"auth_events">;

const insert = statement<AuthEventRow>()((db, row) =>
  db
    .insertInto("auth_events")
    .values({
      user_pool_id: row.user_pool_id,
      user_id: row.user_id,
      at_ms: row.at_ms,
      id: row.id,
      type: row.type,
      response: row.response,
      event: row.event,
      feedback: row.feedback,
    })
    .onConflict((conflict) => conflict.doNothing()),
);

/** Stores what a user did or tried. */
export async function insertAuthEvent(db: Db, event: NewRow<"auth_events">): Promise<void> {
  await insert(db, { feedback: null, ...event });
}

/** The events of a user, the newest first. */
export async function pageAuthEvents(
  db: Db,
  page: {
    userPoolId: string;
    userId: string;
    after?: { atMs: number; id: string } | undefined;
    limit: number;
  },
): Promise<AuthEventRow[]> {
  const { after } = page;
  return await db
    .selectFrom("auth_events")
    .selectAll()
    .where("user_pool_id", "=", page.userPoolId)
    .where("user_id", "=", page.userId)
    .$if(after !== undefined, (query) =>
      query.where((eb) =>
        eb(eb.refTuple("at_ms", "id"), "<", eb.tuple(after?.atMs ?? 0, after?.id ?? "")),
      ),
    )
    .orderBy("at_ms", "desc")
    .orderBy("id", "desc")
    .limit(page.limit)
    .execute();
}

/** Sets what an administrator says of an event, in place of what was said before; false when the user has no such event. */
export async function setAuthEventFeedback(
  db: Db,
  given: { userPoolId: string; userId: string; id: string; feedback: string },
): Promise<boolean> {
  return await changeOne(
    db
      .updateTable("auth_events")
      .set({ feedback: given.feedback })
      .where("user_pool_id", "=", given.userPoolId)
      .where("user_id", "=", given.userId)
      .where("id", "=", given.id),
  );
}
