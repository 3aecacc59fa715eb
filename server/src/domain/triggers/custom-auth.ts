/** What the three functions of custom authentication have in common (AWS, "Custom authentication challenge Lambda triggers"). */
import { customAuthNotConfigured } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { eventAttributes, fireTrigger } from "./fire.ts";

export type CustomAuth = {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** Undefined where there is none and the client hides that; the functions are told `userNotFound`. */
  readonly user: User | undefined;
  /** As it was typed; the event has the stored name where there is a user. */
  readonly userName: string;
  /** Of RespondToAuthChallenge; what InitiateAuth brings does not go to these functions. */
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
};

type CustomAuthTrigger =
  | "DefineAuthChallenge"
  | "CreateAuthChallenge"
  | "VerifyAuthChallengeResponse";

/** Asks one of the three; throws where the pool does not have it. */
export async function fireCustomAuth(
  call: Call,
  { pool, client, user, userName, clientMetadata }: CustomAuth,
  given: { trigger: CustomAuthTrigger; request: object; response: readonly string[] },
): Promise<Record<string, unknown>> {
  const response = await fireTrigger(call, {
    pool,
    client,
    trigger: given.trigger,
    source: `${given.trigger}_Authentication`,
    userName: user?.username ?? userName,
    request: {
      userAttributes: user ? eventAttributes(pool, user) : {},
      ...given.request,
      ...(clientMetadata ? { clientMetadata } : {}),
      userNotFound: user === undefined,
    },
    response: Object.fromEntries(given.response.map((name) => [name, null])),
  });
  if (response === undefined) throw customAuthNotConfigured();
  return response;
}
