/** The answer to PASSWORD_VERIFIER: a signature that only the password makes. */
import { deviceNotFound, invalidParameter } from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { srpPoolName } from "../../pools/pool.ts";
import type { SrpState } from "../ask/srp.ts";
import { proveCandidate } from "../candidate.ts";
import { type BaseState, putBack, takeOpenChallenge } from "../challenge.ts";
import { goOn } from "../go-on.ts";
import { type Progress, withProof } from "../progress.ts";
import {
  type Given,
  namedDevice,
  type Outcome,
  type Parameters,
  requireParameter,
  type SignIn,
} from "../sign-in.ts";
import { verifySrpSignature } from "../srp.ts";
import { parseSrpTimestamp } from "../srp-timestamp.ts";
import { namesUnknownDevice } from "../standing.ts";
import { openAnswer } from "./open-answer.ts";

/** Checks the answer; right or wrong, the challenge is used up, unless only the device is unknown. */
export async function answerPasswordVerifier(
  call: Call,
  signIn: SignIn,
  given: Given,
): Promise<Outcome> {
  const { pool } = signIn;
  const { parameters } = given;
  const { secretBlock, timestamp, signature } = readSrpAnswer(parameters);
  const opened = await openAnswer<BaseState & SrpState>(call, signIn, {
    name: "PASSWORD_VERIFIER",
    given,
    secretBlock,
  });
  const taken = await takeOpenChallenge(call.db, call, opened.challenge);
  const { who: candidate, state } = opened;
  const user = await proveCandidate(call, pool, {
    candidate,
    async isProved() {
      const isSigned = verifySrpSignature(state.srp, {
        poolName: srpPoolName(pool),
        userIdForSrp: state.userIdForSrp,
        secretBlock: Buffer.from(secretBlock, "base64"),
        timestamp,
        signature,
      });
      return isSigned && candidate.user?.passwordHash === state.progress.passwordHash;
    },
  });
  // What is named now counts: a client that was told of an unknown device answers again without one.
  const { deviceKey: _, ...before } = state.progress;
  const progress: Progress = { ...before, ...namedDevice(parameters) };
  if (await namesUnknownDevice(call.db, pool, { user, progress })) {
    await putBack(call.db, taken);
    throw deviceNotFound();
  }
  return goOn(call, signIn, {
    ...{ name: candidate.name, user, progress: withProof(progress, "PASSWORD") },
  });
}

/** What every answer to SRP has. */
export function readSrpAnswer(parameters: Parameters): {
  secretBlock: string;
  timestamp: string;
  signature: string;
} {
  const signature = requireParameter(parameters, "PASSWORD_CLAIM_SIGNATURE");
  const secretBlock = requireParameter(parameters, "PASSWORD_CLAIM_SECRET_BLOCK");
  const timestamp = requireParameter(parameters, "TIMESTAMP");
  if (!parseSrpTimestamp(timestamp)) {
    throw invalidParameter("TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.");
  }
  return { secretBlock, timestamp, signature };
}
