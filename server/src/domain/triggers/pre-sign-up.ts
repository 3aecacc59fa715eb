/** The function that is asked before a user is made (AWS, "Pre sign-up Lambda trigger"). */
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { fireTrigger } from "./fire.ts";
import { flagIn } from "./output.ts";

export type PreSignUp = {
  readonly pool: UserPool;
  readonly client?: UserPoolClient;
  readonly source: "PreSignUp_SignUp" | "PreSignUp_AdminCreateUser";
  /** As the user will be; nothing of it is stored yet. */
  readonly user: Pick<User, "username" | "attributes">;
  readonly validationData: Readonly<Record<string, string>> | undefined;
};

/** What the function says of a user who signs up. */
export type SignUpVerdict = {
  readonly confirmed: boolean;
  readonly emailVerified: boolean;
  readonly phoneVerified: boolean;
};

const undecided: SignUpVerdict = { confirmed: false, emailVerified: false, phoneVerified: false };

/** Asks whether the user may be made; throws when not. */
export async function firePreSignUp(call: Call, given: PreSignUp): Promise<SignUpVerdict> {
  const { pool, client, source, user, validationData } = given;
  const response = await fireTrigger(call, {
    pool,
    ...(client ? { client } : {}),
    trigger: "PreSignUp",
    source,
    userName: user.username,
    request: {
      userAttributes: user.attributes,
      validationData: validationData ?? null,
      ...call.passedOn,
    },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  });
  if (response === undefined) return undecided;
  return {
    confirmed: flagIn(response, "autoConfirmUser"),
    emailVerified: flagIn(response, "autoVerifyEmail"),
    phoneVerified: flagIn(response, "autoVerifyPhone"),
  };
}
