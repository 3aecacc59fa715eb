/** The function that is told of a sign-in (AWS, "Post authentication Lambda trigger"). */
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { eventAttributes, fireTrigger } from "./fire.ts";

/** Tells the function of a user who proved everything, before the tokens are made; it refuses them by failing. */
export async function firePostAuthentication(
  call: Call,
  given: {
    pool: UserPool;
    client: UserPoolClient;
    user: User;
    newDeviceUsed: boolean;
    clientMetadata: Readonly<Record<string, string>> | undefined;
  },
): Promise<void> {
  const { pool, client, user, newDeviceUsed, clientMetadata } = given;
  await fireTrigger(call, {
    pool,
    client,
    trigger: "PostAuthentication",
    source: "PostAuthentication_Authentication",
    userName: user.username,
    request: {
      userAttributes: eventAttributes(pool, user),
      newDeviceUsed,
      ...(clientMetadata ? { clientMetadata } : {}),
    },
    response: {},
  });
}
