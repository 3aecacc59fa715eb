/** AssociateSoftwareToken and VerifySoftwareToken by the Session of MFA_SETUP, each of which answers with the next Session. */
import { aliasExistsAtUpdate, invalidSession } from "../../errors/cognito-idp.ts";
import { ServiceError } from "../../errors/service-error.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { withEnabled } from "../mfa/factors.ts";
import {
  associateToken,
  checkFriendlyName,
  requireSoftwareTokens,
  verifyToken,
} from "../mfa/software-token.ts";
import { readAnew, storeChange } from "../users/change.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import { requireSetUp } from "./answer/mfa-setup.ts";
import { requireEnabled } from "./candidate.ts";
import {
  type Challenge,
  loadChallengeOfAnyClient,
  prepareChallenge,
  takeOpenChallenge,
} from "./challenge.ts";
import { type Progress, withProof } from "./progress.ts";
import type { SignIn } from "./sign-in.ts";

type Open = { readonly signIn: SignIn; readonly challenge: Challenge; readonly user: User };

/** Hands out the secret of an app that is being set up. */
export async function associateInSignIn(
  call: Call,
  session: string,
): Promise<{ secretCode: string; session: string }> {
  const { signIn, challenge, user } = await openSetUp(call, session);
  const next = nextSession(call, { signIn, challenge, user }, challenge.state.progress);
  const secretCode = await call.change(async (trx) => {
    await takeOpenChallenge(trx, call, challenge);
    await next.store(trx);
    return associateToken(trx, call, { pool: signIn.pool, user });
  });
  return { secretCode, session: next.session };
}

/** Proves the app by a code; from then on it is the user's factor. A wrong code leaves the Session good. */
export async function verifyInSignIn(
  call: Call,
  given: { session: string; code: string; friendlyName: string | undefined },
): Promise<string> {
  checkFriendlyName(given.friendlyName);
  const open = await openSetUp(call, given.session);
  const { challenge } = open;
  const next = nextSession(call, open, withProof(challenge.state.progress, "SOFTWARE_TOKEN_MFA"));
  await call.change(async (trx) => {
    const refusal = await proveApp(trx, call, { ...open, ...given });
    if (refusal) return refusal;
    await takeOpenChallenge(trx, call, challenge);
    await next.store(trx);
    return undefined;
  });
  return next.session;
}

async function proveApp(
  trx: Db,
  call: Call,
  given: Open & { code: string; friendlyName: string | undefined },
): Promise<ServiceError | undefined> {
  const { signIn, code, friendlyName } = given;
  const { pool } = signIn;
  const before = await readAnew(trx, pool, given.user);
  requireSetUp(signIn, before);
  const refusal = await verifyToken(trx, call, { pool, user: before, code, friendlyName });
  if (refusal instanceof ServiceError) return refusal;
  // Preferred from now on: an address that is added later is no easier way in.
  const user = await readAnew(trx, pool, before);
  const factors = withEnabled(user.factors, ["SOFTWARE_TOKEN_MFA"]);
  const change = { factors: { ...factors, preferred: "SOFTWARE_TOKEN_MFA" as const } };
  await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
  return undefined;
}

async function openSetUp(call: Call, session: string): Promise<Open> {
  const { challenge, signIn } = await loadChallengeOfAnyClient(call, {
    ...{ name: "MFA_SETUP", session },
  });
  const user = await findUserBySub(call.db, signIn.pool, challenge.userId ?? "");
  if (!user || user.passwordHash !== challenge.state.progress.passwordHash) throw invalidSession();
  call.about.sub = user.id;
  requireEnabled(user);
  requireSoftwareTokens(signIn.pool);
  requireSetUp(signIn, user);
  return { signIn, challenge, user };
}

function nextSession(call: Call, { signIn, challenge, user }: Open, progress: Progress) {
  return prepareChallenge(call, signIn, {
    name: "MFA_SETUP",
    userId: user.id,
    username: challenge.username,
    state: { progress, userIdForSrp: user.username },
  });
}
