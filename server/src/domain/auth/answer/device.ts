/** The answers to DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER: a remembered device proves its secret, as a password is by SRP. */
import {
  incorrectUsernameOrPassword,
  invalidParameter,
  invalidSession,
  passwordAttemptsExceeded,
} from "../../../errors/cognito-idp.ts";
import type { Call } from "../../call.ts";
import { type Device, deviceVerifier, loadDevice } from "../../devices/device.ts";
import { areCodesLocked, codeLockOf, countWrongCode } from "../../mfa/code-lock.ts";
import type { User } from "../../users/user.ts";
import { type Asked, ask } from "../ask/ask.ts";
import type { SrpState } from "../ask/srp.ts";
import { type BaseState, takeOpenChallenge } from "../challenge.ts";
import { goOn } from "../go-on.ts";
import { withProof } from "../progress.ts";
import { type Given, type Outcome, requireParameter, type SignIn } from "../sign-in.ts";
import { startSrp, verifySrpSignature } from "../srp.ts";
import { decide, type Opened, openAnswer, requireStanding } from "./open-answer.ts";
import { readSrpAnswer } from "./password-verifier.ts";

/** Begins SRP with the device that the sign-in named. */
export async function answerDeviceSrp(call: Call, signIn: SignIn, given: Given): Promise<Outcome> {
  const srpA = requireParameter(given.parameters, "SRP_A");
  const opened = await openAnswer(call, signIn, { name: "DEVICE_SRP_AUTH", given });
  const user = requireStanding(opened);
  const device = await deviceOfAnswer(call, signIn, { opened, given, user });
  return ask(call, signIn, {
    who: { name: opened.who.name, user },
    progress: opened.state.progress,
    asked: askDevice(call, device, srpA),
    settle: (trx) => takeOpenChallenge(trx, call, opened.challenge),
  });
}

function askDevice(call: Call, device: Device, srpA: string): Asked {
  const verifier = deviceVerifier(call, device);
  const started = startSrp(verifier, srpA, call.random);
  if (!started) throw invalidParameter("SRP_A is not a number of the group.");
  const secretBlock = call.random.bytes(64).toString("base64");
  const state: SrpState = { srp: started.state };
  return {
    name: "DEVICE_PASSWORD_VERIFIER",
    state,
    secretBlock,
    parameters: {
      SALT: verifier.salt,
      SECRET_BLOCK: secretBlock,
      SRP_B: started.srpB,
      DEVICE_KEY: device.key,
    },
  };
}

/** Checks what the device signed; right or wrong, the challenge is used up. */
export async function answerDeviceVerifier(
  call: Call,
  signIn: SignIn,
  given: Given,
): Promise<Outcome> {
  const { pool } = signIn;
  const { secretBlock, timestamp, signature } = readSrpAnswer(given.parameters);
  const opened = await openAnswer<BaseState & SrpState>(call, signIn, {
    ...{ name: "DEVICE_PASSWORD_VERIFIER", given, secretBlock },
  });
  const user = requireStanding(opened);
  const device = await deviceOfAnswer(call, signIn, { opened, given, user });
  await takeOpenChallenge(call.db, call, opened.challenge);
  const isSigned = verifySrpSignature(opened.state.srp, {
    poolName: device.groupKey,
    userIdForSrp: device.key,
    secretBlock: Buffer.from(secretBlock, "base64"),
    timestamp,
    signature,
  });
  const lock = codeLockOf(pool, user);
  await decide(call, async (trx) => {
    if (await areCodesLocked(trx, call, lock)) return passwordAttemptsExceeded();
    const refusal = incorrectUsernameOrPassword();
    return isSigned ? undefined : countWrongCode(trx, call, { lock, refusal });
  });
  const progress = withProof(opened.state.progress, "DEVICE");
  return goOn(call, signIn, { name: opened.who.name, user, progress });
}

/** The device that the sign-in named and the answer names again. */
async function deviceOfAnswer(
  call: Call,
  { pool }: SignIn,
  { opened, given, user }: { opened: Opened; given: Given; user: User },
): Promise<Device> {
  const deviceKey = requireParameter(given.parameters, "DEVICE_KEY");
  if (deviceKey !== opened.state.progress.deviceKey) throw invalidSession();
  return loadDevice(call, pool, { userId: user.id, deviceKey });
}
