/** The function that may refuse a sign-in before it begins (AWS, "Pre authentication Lambda trigger"). */
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { eventAttributes, fireTrigger } from "./fire.ts";

/**
 * Asks whether this sign-in may go on; throws when not. Without a user, where the client hides that there is none, the
 * function is told `userNotFound`.
 */
export async function firePreAuthentication(
  call: Call,
  given: {
    pool: UserPool;
    client: UserPoolClient;
    user: User | undefined;
    /** As it was typed; the event has the stored name where there is a user. */
    userName: string;
    /** ClientMetadata of InitiateAuth or AdminInitiateAuth. */
    validationData: Readonly<Record<string, string>> | undefined;
  },
): Promise<void> {
  const { pool, client, user, userName, validationData } = given;
  await fireTrigger(call, {
    pool,
    client,
    trigger: "PreAuthentication",
    source: "PreAuthentication_Authentication",
    userName: user?.username ?? userName,
    request: {
      userAttributes: user ? eventAttributes(pool, user) : {},
      validationData: validationData ?? null,
      userNotFound: user === undefined,
    },
    response: {},
  });
}
