/** Giving a user a code: drawn, stored in the transaction of what asks for it, on its way after the commit. */
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { type CodePurpose, type CodeTarget, drawCode, storeCode } from "../codes/code.ts";
import { composeVerification } from "../messages/compose.ts";
import { type Dispatch, prepareDispatch } from "../messages/dispatch.ts";
import type { UserPool } from "../pools/pool.ts";
import { signInNameOf } from "./sign-in-name.ts";
import type { User } from "./user.ts";

/** Stores a fresh code, and the message with it; the caller sends the dispatch once the transaction is committed. */
export async function issueCode(
  trx: Db,
  call: Call,
  given: {
    pool: UserPool;
    client?: UserPoolClient;
    user: User;
    purpose: CodePurpose;
    target: CodeTarget;
  },
): Promise<Dispatch> {
  const { pool, client, user, purpose, target } = given;
  const code = drawCode(call);
  await storeCode(trx, call, { pool, user, purpose, code, target });
  const dispatch = prepareDispatch(call, {
    pool,
    ...(client ? { client } : {}),
    userId: user.id,
    message: composeVerification(pool, {
      channel: target.attribute === "email" ? "email" : "sms",
      to: target.destination,
      code,
      username: signInNameOf(pool, user),
    }),
  });
  await dispatch.store(trx);
  return dispatch;
}
