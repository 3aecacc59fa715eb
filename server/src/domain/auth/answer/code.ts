/** The answers to EMAIL_OTP, SMS_OTP and SMS_MFA. A wrong code leaves the Session good; guesses are counted per user. */
import {
  codeMismatch,
  incorrectUsernameOrPassword,
  invalidSession,
  passwordAttemptsExceeded,
  smsCodeMismatch,
} from "../../../errors/cognito-idp.ts";
import type { ServiceError } from "../../../errors/service-error.ts";
import { constantTimeEqual } from "../../../lib/constant-time.ts";
import type { Db } from "../../../store/schema.ts";
import type { Call } from "../../call.ts";
import {
  acceptCode,
  areCodesLocked,
  codeLockOf,
  countWrongCode,
  firstCodeLockOf,
} from "../../mfa/code-lock.ts";
import { firePostConfirmation } from "../../triggers/post-confirmation.ts";
import { isCurrent } from "../../users/contacts.ts";
import type { User } from "../../users/user.ts";
import { type CodeChallengeName, type CodeState, macOfCode } from "../ask/code.ts";
import { requireEnabled, requireEntry, requireNoReset } from "../candidate.ts";
import { type BaseState, takeOpenChallenge } from "../challenge.ts";
import { canPass } from "../first-factors.ts";
import { goOn } from "../go-on.ts";
import { activeFactors } from "../mfa-decision.ts";
import type { Proof } from "../progress.ts";
import type { LockSubject } from "../prove-password.ts";
import { type Given, type Outcome, requireParameter, type SignIn } from "../sign-in.ts";
import { provedTarget } from "./code-target.ts";
import { requireSetUp } from "./mfa-setup.ts";
import { decide, type Opened, openAnswer, requireStanding } from "./open-answer.ts";
import { passByRecoveryCode } from "./recovery-code.ts";

type State = BaseState & CodeState;

type Answer = {
  readonly opened: Opened<State>;
  readonly code: string;
  readonly name: CodeChallengeName;
};

const firstProof = { EMAIL_OTP: "EMAIL_OTP", SMS_OTP: "SMS_OTP", SMS_MFA: "SMS_OTP" } as const;
const secondProof = { EMAIL_OTP: "EMAIL_MFA", SMS_OTP: "SMS_MFA", SMS_MFA: "SMS_MFA" } as const;

/** Makes the answer to one of them. */
export function answerCode(name: CodeChallengeName) {
  return async (call: Call, signIn: SignIn, given: Given): Promise<Outcome> => {
    const code = requireParameter(given.parameters, `${name}_CODE`);
    const opened = await openAnswer<State>(call, signIn, { name, given });
    const answer = { opened, code, name };
    return opened.state.role === "first"
      ? passFirst(call, signIn, answer)
      : passSecond(call, signIn, answer);
  };
}

/** Of nobody the answer is refused like a wrong one. Whoever confirms an account this way is told to its function. */
async function passFirst(call: Call, signIn: SignIn, answer: Answer): Promise<Outcome> {
  const { pool, client } = signIn;
  const { opened, code, name } = answer;
  const { who } = opened;
  await requireEntry(call, pool, who);
  const lock = who.lock && firstCodeLockOf(who.lock);
  // Asked again: one who is asked for a second factor by now gets in by no code alone.
  const isOpen = name !== "SMS_MFA" && canPass(signIn, who, name);
  await takeCode(call, { opened, code, lock, refusal: codeMismatch(), isOpen });
  const { user } = who;
  if (!user) throw incorrectUsernameOrPassword();
  requireEnabled(user);
  requireNoReset(user);
  const proof: Proof = firstProof[name];
  const outcome = await goOn(call, signIn, provedTarget(call, pool, { opened, user, proof }));
  if (user.status === "UNCONFIRMED") {
    const source = "PostConfirmation_ConfirmSignUp";
    await firePostConfirmation(call, { pool, client, userId: user.id, source });
  }
  return outcome;
}

async function passSecond(call: Call, signIn: SignIn, answer: Answer): Promise<Outcome> {
  const { pool } = signIn;
  const { opened, code, name } = answer;
  const user = requireStanding(opened);
  requireStillDue(signIn, { opened, user, name });
  const lock = codeLockOf(pool, user);
  const byPaper = await passByRecoveryCode(call, pool, { opened, user, code });
  if (byPaper) return goOn(call, signIn, byPaper);
  const refusal = name === "SMS_MFA" ? smsCodeMismatch() : codeMismatch();
  await takeCode(call, { opened, code, lock, refusal, isOpen: true });
  const proof: Proof = secondProof[name];
  return goOn(call, signIn, provedTarget(call, pool, { opened, user, proof }));
}

/** Refuses a code of a factor that was switched off since it was sent, or that would replace one set up since. */
function requireStillDue(
  signIn: SignIn,
  { opened, user, name }: { opened: Opened<State>; user: User; name: CodeChallengeName },
): void {
  if (opened.state.role === "setup") requireSetUp(signIn, user);
  else if (!activeFactors(signIn.pool, user).some((each) => each === name)) throw invalidSession();
}

type Taking = {
  readonly opened: Opened<State>;
  readonly code: string;
  readonly lock: LockSubject | undefined;
  readonly refusal: ServiceError;
  /** Whether a right code would do at all. */
  readonly isOpen: boolean;
};

/** Takes the challenge if its code is right and went to what is still the user's address; counts the guess else. */
async function takeCode(call: Call, taking: Taking): Promise<void> {
  await decide(call, (trx) => settleGuess(trx, call, taking));
}

async function settleGuess(
  trx: Db,
  call: Call,
  { opened, code, lock, refusal, isOpen }: Taking,
): Promise<ServiceError | undefined> {
  if (lock && (await areCodesLocked(trx, call, lock))) return passwordAttemptsExceeded();
  const isRight = constantTimeEqual(macOfCode(call, code), opened.state.mac);
  const { user } = opened.who;
  if (!isRight || !isOpen || !user || !isStillTheirs(user, opened.state)) {
    return lock ? countWrongCode(trx, call, { lock, refusal }) : refusal;
  }
  await takeOpenChallenge(trx, call, opened.challenge);
  return lock && acceptCode(trx, call, lock);
}

function isStillTheirs({ attributes }: User, { role, target }: CodeState): boolean {
  return role === "setup" || isCurrent(attributes, target);
}
