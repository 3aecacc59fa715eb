/** The function that is told of users who are confirmed or have a new password (AWS, "Post confirmation Lambda trigger"). */
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import { findUserBySub } from "../users/find.ts";
import { eventAttributes, fireTrigger, functionOf } from "./fire.ts";

/** Tells the function, after the commit: when it fails, the caller hears of it, but what happened stays. */
export async function firePostConfirmation(
  call: Call,
  given: {
    pool: UserPool;
    client?: UserPoolClient;
    /** The `sub`; the user is read as the commit left it. */
    userId: string;
    source: "PostConfirmation_ConfirmSignUp" | "PostConfirmation_ConfirmForgotPassword";
  },
): Promise<void> {
  const { pool, client, userId, source } = given;
  if (functionOf(pool.settings.lambdaConfig, "PostConfirmation") === undefined) return;
  const user = await findUserBySub(call.db, pool, userId);
  if (!user) return;
  await fireTrigger(call, {
    pool,
    ...(client ? { client } : {}),
    trigger: "PostConfirmation",
    source,
    userName: user.username,
    request: { userAttributes: eventAttributes(pool, user), ...call.passedOn },
    response: {},
  });
}
