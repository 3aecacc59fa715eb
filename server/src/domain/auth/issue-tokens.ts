/** The end of a sign-in. */
import { invalidSession } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { type Device, tracksDevices } from "../devices/device.ts";
import { prepareNewDevice, recordDeviceUse } from "../devices/sign-in-device.ts";
import { prepareLoginSession } from "../grants/login-session.ts";
import type { UserPool } from "../pools/pool.ts";
import { prepareFamily } from "../tokens/issue.ts";
import { firePostAuthentication } from "../triggers/post-authentication.ts";
import type { TokenGenerationSource } from "../triggers/pre-token-generation.ts";
import { readAnew } from "../users/change.ts";
import type { User } from "../users/user.ts";
import type { Proved } from "./go-on.ts";
import { nextStep } from "./next-step.ts";
import { hasProved, type Progress } from "./progress.ts";
import type { Outcome, SignIn } from "./sign-in.ts";
import { requireUnchanged, standingOf } from "./standing.ts";

/** Issues the tokens of a user who proved all there is to prove, in one transaction with what the last proof changes. */
export async function issueTokens(
  call: Call,
  signIn: SignIn,
  given: Proved & { device: Device | undefined },
): Promise<Outcome> {
  const { pool, client, clientMetadata } = signIn;
  const { progress, change, device } = given;
  if (signIn.byPages) return openSession(call, signIn, given);
  const user = change?.after ?? given.user;
  const newDevice = tracksDevices(pool) && !device ? prepareNewDevice(call, pool, user) : undefined;
  await firePostAuthentication(call, {
    ...{ pool, client, user, clientMetadata },
    newDeviceUsed: newDevice !== undefined,
  });
  const family = await prepareFamily(call, {
    ...{ pool, client, user, clientMetadata },
    proved: progress.proved,
    triggerSource: sourceOf(progress),
    deviceKey: device?.key ?? newDevice?.metadata.deviceKey,
  });
  await call.change(async (trx) => {
    await settle(trx, call, { pool, given });
    await newDevice?.store(trx);
    await family.store(trx);
  });
  return { tokens: family.tokens, newDevice: newDevice?.metadata };
}

/** The same for a sign-in by the pages; what they remember a browser by is no device of AWS's. */
async function openSession(call: Call, signIn: SignIn, given: Proved): Promise<Outcome> {
  const { pool, client, clientMetadata } = signIn;
  const { progress, change } = given;
  const user = change?.after ?? given.user;
  await firePostAuthentication(call, { pool, client, user, clientMetadata, newDeviceUsed: false });
  const loginSession = prepareLoginSession(call, {
    ...{ pool, client, user },
    proved: progress.proved,
  });
  await call.change(async (trx) => {
    const after = await settle(trx, call, { pool, given });
    await loginSession.store(trx, after);
  });
  return { loginSession };
}

/** Stores what the last proof changes, if the user is still who proved it and has nothing left to prove. */
async function settle(
  trx: Db,
  call: Call,
  { pool, given }: { pool: UserPool; given: Proved },
): Promise<User> {
  const current = await requireUnchanged(trx, pool, given.user);
  await given.change?.store(trx, current);
  const after = given.change ? await readAnew(trx, pool, current) : current;
  await requireDone(trx, call, { pool, user: after, progress: given.progress });
  return after;
}

/** Asked again of what is stored now: no factor switched on, and no device forgotten meanwhile, is passed by. */
async function requireDone(
  trx: Db,
  call: Call,
  { pool, user, progress }: { pool: UserPool; user: User; progress: Progress },
): Promise<void> {
  const standing = await standingOf(trx, pool, { user, progress });
  if (nextStep(standing).next !== "TOKENS") throw invalidSession();
  const { deviceKey } = progress;
  if (deviceKey === undefined) return;
  const use = { pool, userId: user.id, deviceKey, remembered: hasProved(progress, "DEVICE") };
  if (!(await recordDeviceUse(trx, call, use))) throw invalidSession();
}

/** AWS, "Pre token generation Lambda trigger": what the tokens follow. */
function sourceOf(progress: Progress): TokenGenerationSource {
  if (hasProved(progress, "NEW_PASSWORD")) return "TokenGeneration_NewPasswordChallenge";
  if (hasProved(progress, "DEVICE")) return "TokenGeneration_AuthenticateDevice";
  return "TokenGeneration_Authentication";
}
