/** What follows a proved password: tokens, or one more thing to do first. */
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { hashPassword } from "../users/password.ts";
import type { User } from "../users/user.ts";
import { changeUser, type StoredPassword } from "../users/write.ts";
import { issueTokens } from "./issue-tokens.ts";
import { askNewPassword } from "./new-password.ts";
import { needsRehash } from "./password-hash.ts";
import type { Outcome, SignIn } from "./sign-in.ts";

/** Goes on after the password of a user was proved; `password` where the client sent it in clear. */
export async function afterPassword(
  call: Call,
  signIn: SignIn,
  { user, password }: { user: User; password?: string },
): Promise<Outcome> {
  if (user.status === "FORCE_CHANGE_PASSWORD") return askNewPassword(call, signIn, user);
  const renewed =
    password === undefined ? undefined : await renewStored(call, signIn, { user, password });
  return issueTokens(call, signIn, {
    user,
    async change(trx, current) {
      // Lost against another change of the user it is made at the next sign-in.
      if (renewed) await storeRenewed(trx, call, { signIn, user: current, renewed });
    },
  });
}

type Proved = { readonly user: User; readonly password: string };

/** What to store anew of a proved password: an older hash's cost, or the SRP verifier that a pool has switched on since. */
async function renewStored(
  call: Call,
  { pool }: SignIn,
  { user, password }: Proved,
): Promise<StoredPassword | undefined> {
  const isOld = user.passwordHash !== null && needsRehash(user.passwordHash);
  const lacksVerifier = pool.extensions.srpVerifiers === "on" && user.srpVerifier === null;
  return isOld || lacksVerifier ? hashPassword(call, pool, { user, password }) : undefined;
}

async function storeRenewed(
  trx: Db,
  call: Call,
  given: { signIn: SignIn; user: User; renewed: StoredPassword },
): Promise<void> {
  const { user, renewed } = given;
  const change = { password: renewed };
  await changeUser(trx, given.signIn.pool, { user, change, nowMs: call.clock.now() });
}
