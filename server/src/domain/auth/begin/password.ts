/** USER_PASSWORD_AUTH and ADMIN_USER_PASSWORD_AUTH: the password itself, over TLS. */
import { deviceNotFound } from "../../../errors/cognito-idp.ts";
import type { Db } from "../../../store/schema.ts";
import type { Call } from "../../call.ts";
import type { UserPool } from "../../pools/pool.ts";
import { requireNotCompromised } from "../../risk/compromised-password.ts";
import { hashPassword } from "../../users/password.ts";
import type { User } from "../../users/user.ts";
import { changeUser, type StoredPassword } from "../../users/write.ts";
import { approach, type Candidate, proveCandidate } from "../candidate.ts";
import { goOn, type Proved } from "../go-on.ts";
import { needsRehash } from "../password-hash.ts";
import { beginProgress, type Progress, withProof } from "../progress.ts";
import {
  type Given,
  namedDevice,
  type Outcome,
  requireParameter,
  requireUsername,
  type SignIn,
} from "../sign-in.ts";
import { namesUnknownDevice } from "../standing.ts";

/** Signs in by user name and password. */
export async function beginByPassword(
  call: Call,
  signIn: SignIn,
  { parameters }: Given,
): Promise<Outcome> {
  requireUsername(parameters);
  const password = requireParameter(parameters, "PASSWORD");
  const candidate = await approach(call, signIn, { parameters, password });
  const progress = beginProgress("USER_PASSWORD_AUTH", {
    user: candidate.user,
    ...namedDevice(parameters),
  });
  return goOn(call, signIn, await provePassword(call, signIn, { candidate, password, progress }));
}

/** Proves a password that the client sent in clear; what is stored of it is made anew where that is due. */
export async function provePassword(
  call: Call,
  { pool, client }: SignIn,
  given: { candidate: Candidate; password: string; progress: Progress },
): Promise<Proved> {
  const { candidate, password } = given;
  const user = await proveCandidate(call, pool, {
    candidate,
    isProved: () => call.passwords.verify(candidate.user?.passwordHash ?? null, password),
  });
  await requireNotCompromised(call, { pool, client, password, user, occasion: "SIGN_IN" });
  const progress = withProof(given.progress, "PASSWORD");
  if (await namesUnknownDevice(call.db, pool, { user, progress })) throw deviceNotFound();
  const renewed = await renewStored(call, pool, { user, password });
  const proved = { name: candidate.name, user, progress };
  if (!renewed) return proved;
  const store = (trx: Db, current: User) => storeRenewed(trx, call, { pool, current, renewed });
  return { ...proved, change: { after: { ...user, ...renewed }, store } };
}

/** What to store anew of a proved password: an older hash's cost, or the SRP verifier that a pool has switched on since. */
async function renewStored(
  call: Call,
  pool: UserPool,
  { user, password }: { user: User; password: string },
): Promise<StoredPassword | undefined> {
  // A temporary one is replaced in a moment.
  if (user.status === "FORCE_CHANGE_PASSWORD") return undefined;
  const isOld = user.passwordHash !== null && needsRehash(user.passwordHash);
  const lacksVerifier = pool.extensions.srpVerifiers === "on" && user.srpVerifier === null;
  return isOld || lacksVerifier ? hashPassword(call, pool, { user, password }) : undefined;
}

/** Lost against another change of the user it is made at the next sign-in. */
async function storeRenewed(
  trx: Db,
  call: Call,
  given: { pool: UserPool; current: User; renewed: StoredPassword },
): Promise<void> {
  const { pool, current, renewed } = given;
  await changeUser(trx, pool, {
    user: current,
    change: { password: renewed },
    nowMs: call.clock.now(),
  });
}
