/** What follows a proof: the next challenge, or the tokens. Every way of signing in comes through here. */
import { secondFactorLost } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import { noteProofs } from "../risk/record-auth-event.ts";
import type { User } from "../users/user.ts";
import { type Asked, ask } from "./ask/ask.ts";
import { defineAfter } from "./ask/custom.ts";
import { askForDevice } from "./ask/device.ts";
import { askNewPassword } from "./ask/new-password.ts";
import { askForFactor, askToSetUp, askWhichFactor } from "./ask/second-factor.ts";
import { isHardened } from "./candidate.ts";
import { issueTokens } from "./issue-tokens.ts";
import { allowedFactors } from "./mfa-decision.ts";
import { nextStep, type Step } from "./next-step.ts";
import { type Progress, withProof } from "./progress.ts";
import type { Outcome, SignIn } from "./sign-in.ts";
import { requireUnchanged, standingOf } from "./standing.ts";

/** A user who proved something. */
export type Proved = {
  /** As it was typed when the sign-in began. */
  readonly name: string;
  /** As the proof found them. */
  readonly user: User;
  /** With the new proof. */
  readonly progress: Progress;
  /** What the proof changes of the user, stored in the transaction in which the sign-in goes on. */
  readonly change?: {
    /** The user once it is stored. */
    readonly after: User;
    store(trx: Db, current: User): Promise<void>;
  };
};

/** Asks what the user must still prove, or issues the tokens. */
export async function goOn(call: Call, signIn: SignIn, given: Proved): Promise<Outcome> {
  const user = given.change?.after ?? given.user;
  // Whatever was proved is void once the password is another, but not by the change that this proof itself makes.
  const bound = { ...given.progress, passwordHash: user.passwordHash };
  const standing = await standingOf(call.db, signIn.pool, { user, progress: bound });
  const { progress } = standing;
  const proved = { ...given, progress };
  noteProofs(call, progress.proved);
  const step = nextStep(standing);
  if (step.next === "TOKENS")
    return issueTokens(call, signIn, { ...proved, device: standing.device });
  const who = { name: given.name, user };
  const asked = await askFor(call, signIn, { who, progress, step });
  if (asked === "TOKENS") {
    return goOn(call, signIn, { ...proved, progress: withProof(progress, "CUSTOM_CHALLENGE") });
  }
  return ask(call, signIn, {
    ...{ who, progress, asked },
    async settle(trx) {
      const current = await requireUnchanged(trx, signIn.pool, given.user);
      await given.change?.store(trx, current);
    },
  });
}

type Next = {
  readonly who: { readonly name: string; readonly user: User };
  readonly progress: Progress;
  readonly step: Exclude<Step, { next: "TOKENS" }>;
};

async function askFor(
  call: Call,
  signIn: SignIn,
  { who, progress, step }: Next,
): Promise<Asked | "TOKENS"> {
  const { user } = who;
  switch (step.next) {
    case "NEW_PASSWORD_REQUIRED":
      return askNewPassword(signIn, user);
    case "SELECT_MFA_TYPE":
      return askWhichFactor(user, step.factors);
    case "MFA_SETUP":
      requireNoneLost(signIn.pool, user);
      return askToSetUp(user, step.factors);
    case "DEVICE_SRP_AUTH":
      return askForDevice(progress);
    case "CUSTOM_CHALLENGE":
      return defineAfter(call, signIn, { who, progress });
    default:
      return askForFactor(call, signIn, { who, factor: step.next });
  }
}

/**
 * In the hardened profile nobody sets up another factor, with the password alone, in place of one that was switched on and
 * cannot be passed any more: an administrator switches that one off first.
 */
function requireNoneLost(pool: UserPool, { factors }: User): void {
  const had = allowedFactors(pool).some((factor) => factors.enabled.includes(factor));
  if (had && isHardened(pool)) throw secondFactorLost();
}
