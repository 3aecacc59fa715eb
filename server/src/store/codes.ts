import { sql } from "kysely";
import { constantTimeEqual } from "../lib/constant-time.ts";
import { deleteAll, takeOne } from "./atomic.ts";
import type { Db, NewRow, Row } from "./schema.ts";

export type CodeRow = Row<"codes">;

type CodeKey = { userPoolId: string; userId: string; purpose: string };

/** What became of a presented code; only `taken` proves anything, and only once. */
export type CodeCheck =
  | { outcome: "taken"; code: CodeRow }
  | { outcome: "mismatch"; attempts: number }
  | { outcome: "exhausted" | "expired" | "absent" };

/** Stores a code; one that the user had for the same purpose is void from then on. */
export async function putCode(db: Db, code: NewRow<"codes">): Promise<void> {
  const { user_pool_id, user_id, purpose, ...fresh } = code;
  await db
    .insertInto("codes")
    .values(code)
    .onConflict((conflict) =>
      conflict
        .columns(["user_pool_id", "user_id", "purpose"])
        .doUpdateSet({ ...fresh, target: fresh.target ?? null }),
    )
    .execute();
}

/** Finds a code, be it expired or exhausted. */
export async function findCode(db: Db, key: CodeKey): Promise<CodeRow | undefined> {
  return await db
    .selectFrom("codes")
    .selectAll()
    .where("user_pool_id", "=", key.userPoolId)
    .where("user_id", "=", key.userId)
    .where("purpose", "=", key.purpose)
    .executeTakeFirst();
}

type Look = CodeKey & { mac: string; maxAttempts: number; nowMs: number };

/** What became of a look at a code; one that is right stays. */
export type CodeLook =
  | { outcome: "right"; mac: string; attempts: number }
  | Exclude<CodeCheck, { outcome: "taken" }>;

/**
 * Checks a code and takes it if it is right. Each look is counted before it is made, so however many guesses come
 * at once, at most `maxAttempts` are compared; commit the transaction also when the guess was wrong.
 */
export async function checkAndTakeCode(db: Db, check: Look): Promise<CodeCheck> {
  const look = await checkCode(db, check);
  if (look.outcome !== "right") return look;
  const code = await takeOne(
    db
      .deleteFrom("codes")
      .where("user_pool_id", "=", check.userPoolId)
      .where("user_id", "=", check.userId)
      .where("purpose", "=", check.purpose)
      .where("mac", "=", look.mac)
      .returningAll(),
  );
  return code ? { outcome: "taken", code } : { outcome: "mismatch", attempts: look.attempts };
}

/** The same without taking it: a right look is counted too, and the code is good for another. */
export async function checkCode(db: Db, check: Look): Promise<CodeLook> {
  const counted = await db
    .updateTable("codes")
    .set({ attempts: sql<number>`attempts + 1` })
    .where("user_pool_id", "=", check.userPoolId)
    .where("user_id", "=", check.userId)
    .where("purpose", "=", check.purpose)
    .where("expires_at_ms", ">", check.nowMs)
    .where("attempts", "<", check.maxAttempts)
    .returning(["attempts", "mac"])
    .executeTakeFirst();
  if (!counted) {
    const code = await findCode(db, check);
    if (!code) {
      return { outcome: "absent" };
    }
    return { outcome: code.expires_at_ms <= check.nowMs ? "expired" : "exhausted" };
  }
  // Only the code that was counted is compared, never one that was sent since.
  if (!constantTimeEqual(counted.mac, check.mac)) {
    return { outcome: "mismatch", attempts: counted.attempts };
  }
  return { ...counted, outcome: "right" };
}

/** Voids the user's code of one purpose, or of all. */
export async function deleteCodes(
  db: Db,
  key: { userPoolId: string; userId: string; purpose?: string },
): Promise<number> {
  return await deleteAll(
    db
      .deleteFrom("codes")
      .where("user_pool_id", "=", key.userPoolId)
      .where("user_id", "=", key.userId)
      .where((eb) => eb.and(key.purpose === undefined ? {} : { purpose: key.purpose })),
  );
}
