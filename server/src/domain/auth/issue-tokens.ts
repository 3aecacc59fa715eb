/** The end of a sign-in. */
import { invalidSession } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { prepareFamily } from "../tokens/issue.ts";
import { firePostAuthentication } from "../triggers/post-authentication.ts";
import type { TokenGenerationSource } from "../triggers/pre-token-generation.ts";
import { readAnew } from "../users/change.ts";
import type { Proved } from "./go-on.ts";
import { nextStep } from "./next-step.ts";
import { hasProved, type Progress } from "./progress.ts";
import type { Outcome, SignIn } from "./sign-in.ts";
import { requireUnchanged, standingOf } from "./standing.ts";

/** Issues the tokens of a user who proved all there is to prove, in one transaction with what the last proof changes. */
export async function issueTokens(call: Call, signIn: SignIn, given: Proved): Promise<Outcome> {
  const { pool, client, clientMetadata } = signIn;
  const { progress, change } = given;
  const user = change?.after ?? given.user;
  await firePostAuthentication(call, {
    ...{ pool, client, user, clientMetadata },
    newDeviceUsed: false,
  });
  const family = await prepareFamily(call, {
    ...{ pool, client, user, clientMetadata },
    proved: progress.proved,
    triggerSource: sourceOf(progress),
  });
  await call.change(async (trx) => {
    const current = await requireUnchanged(trx, pool, given.user);
    await change?.store(trx, current);
    const after = change ? await readAnew(trx, pool, current) : current;
    // Asked again of what is stored now: no factor switched on meanwhile is passed by.
    const { next } = nextStep(await standingOf(trx, pool, { user: after, progress }));
    if (next !== "TOKENS") throw invalidSession();
    await family.store(trx);
  });
  return { tokens: family.tokens };
}

/** AWS, "Pre token generation Lambda trigger": what the tokens follow. */
function sourceOf(progress: Progress): TokenGenerationSource {
  if (hasProved(progress, "NEW_PASSWORD")) return "TokenGeneration_NewPasswordChallenge";
  if (hasProved(progress, "DEVICE")) return "TokenGeneration_AuthenticateDevice";
  return "TokenGeneration_Authentication";
}
