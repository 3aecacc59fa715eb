/** The end of a sign-in. */
import { incorrectUsernameOrPassword } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { prepareFamily } from "../tokens/issue.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import { requireEnabled } from "./candidate.ts";
import type { Outcome, SignIn } from "./sign-in.ts";

/** Issues the tokens of a proved user, in one transaction with `change`, unless the user changed since the proof. */
export async function issueTokens(
  call: Call,
  signIn: SignIn,
  given: { user: User; change: (trx: Db, current: User) => Promise<void> },
): Promise<Outcome> {
  const { pool, client } = signIn;
  const { user } = given;
  const family = await prepareFamily(call, { pool, client, user });
  await call.change(async (trx) => {
    const current = await findUserBySub(trx, pool, user.id);
    if (!current || current.passwordHash !== user.passwordHash) throw incorrectUsernameOrPassword();
    requireEnabled(current);
    await given.change(trx, current);
    await family.store(trx);
  });
  return { tokens: family.tokens };
}
