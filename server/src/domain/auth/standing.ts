/** Where a sign-in stands, read from the database: before it goes on, and again in the transaction that issues tokens. */
import { incorrectUsernameOrPassword, invalidSession } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { type Device, findDevice, isRemembered, tracksDevices } from "../devices/device.ts";
import type { UserPool } from "../pools/pool.ts";
import { findUserBySub } from "../users/find.ts";
import type { User } from "../users/user.ts";
import { requireEnabled, requireNoReset } from "./candidate.ts";
import type { Standing } from "./next-step.ts";
import { type Progress, withoutProof } from "./progress.ts";

/** What the machine decides by, with the device that the client named, if the user has it. */
export type Found = Standing & { readonly device: Device | undefined };

/**
 * A device that the user does not have counts as none: its MFA is not spared, and the sign-in gives a new one. What a
 * device proved counts for as long as it is remembered.
 */
export async function standingOf(
  db: Db,
  pool: UserPool,
  { user, progress: given }: { user: User; progress: Progress },
): Promise<Found> {
  const { deviceKey, ...rest } = given;
  const isNamed = deviceKey !== undefined && tracksDevices(pool);
  const device = isNamed ? await findDevice(db, pool, { userId: user.id, deviceKey }) : undefined;
  const deviceIsRemembered = device !== undefined && isRemembered(device);
  const named = device ? given : rest;
  const progress = deviceIsRemembered ? named : withoutProof(named, "DEVICE");
  return { pool, user, progress, device, deviceIsRemembered };
}

/**
 * Whether the client named a device that this user does not have. It is told only after a proof: whoever guesses does not
 * learn whose devices there are. Amplify then forgets the key and sends its answer again without one.
 */
export async function namesUnknownDevice(
  db: Db,
  pool: UserPool,
  { user, progress }: { user: User; progress: Progress },
): Promise<boolean> {
  if (progress.deviceKey === undefined || !tracksDevices(pool)) return false;
  return (await standingOf(db, pool, { user, progress })).device === undefined;
}

/**
 * The user as the transaction sees it; throws when it is gone, disabled, to be reset or signed out since it was read, or
 * has another password than the one that was proved.
 */
export async function requireUnchanged(trx: Db, pool: UserPool, user: User): Promise<User> {
  const current = await findUserBySub(trx, pool, user.id);
  if (!current || current.passwordHash !== user.passwordHash) throw incorrectUsernameOrPassword();
  requireEnabled(current);
  requireNoReset(current);
  if (current.tokensValidFromMs !== user.tokensValidFromMs) throw invalidSession();
  return current;
}
