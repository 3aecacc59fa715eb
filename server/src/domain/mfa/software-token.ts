/** Authenticator apps of users: a secret is handed out, a code of it proves that an app has it, then codes are taken. */
import {
  aliasExistsAtUpdate,
  invalidParameter,
  noSoftwareTokenToDelete,
  passwordAttemptsExceeded,
  softwareTokenCodeMismatch,
  softwareTokenNotAllowed,
  softwareTokenNotFound,
} from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { deleteUserChallenges } from "../../store/challenges.ts";
import type { Db } from "../../store/schema.ts";
import {
  deleteSoftwareTokens,
  findSoftwareToken,
  putSoftwareToken,
  type SoftwareTokenRow,
  takePendingToken,
  takeStep,
} from "../../store/software-tokens.ts";
import type { Call } from "../call.ts";
import type { Context } from "../context.ts";
import type { UserPool } from "../pools/pool.ts";
import { readAnew, storeChange } from "../users/change.ts";
import { notify } from "../users/notify.ts";
import type { User } from "../users/user.ts";
import { areCodesLocked, codeLockOf, countWrongCode } from "./code-lock.ts";
import { withoutSoftwareToken } from "./factors.ts";
import { voidRecoveryCodes } from "./recovery-codes.ts";
import { drawTotpSecret, stepOfCode } from "./totp.ts";

type Owner = { readonly pool: UserPool; readonly user: Pick<User, "id"> };
type State = "pending" | "active";

/** AWS names no limit but that of any text. */
const maxFriendlyName = 256;

/** Refuses authenticator apps where the pool has none. */
export function requireSoftwareTokens(pool: UserPool): void {
  const { mfaConfiguration, mfa } = pool.settings;
  if (mfaConfiguration === "OFF" || !mfa.softwareToken) throw softwareTokenNotAllowed();
}

/** Draws a secret that counts for nothing until a code of it is proved; an earlier one that was not proved is void. */
export async function associateToken(trx: Db, call: Call, owner: Owner): Promise<string> {
  const secret = drawTotpSecret(call.random);
  await putSoftwareToken(trx, {
    ...columnsOf(owner, "pending"),
    secret: call.vault.seal(placeOf(owner, "pending"), secret),
    friendly_name: null,
    last_step: 0,
    created_at_ms: call.clock.now(),
  });
  return secret;
}

/** The name that a user gives the app, bounded. */
export function checkFriendlyName(name: string | undefined): void {
  if (name !== undefined && [...name.slice(0, 2 * maxFriendlyName + 1)].length > maxFriendlyName) {
    throw invalidParameter(
      "1 validation error detected: Value at 'friendlyDeviceName' failed to satisfy constraint: " +
        `Member must have length less than or equal to ${maxFriendlyName}`,
    );
  }
}

/**
 * Proves the secret that was handed out by a code of it; from then on it is the user's, and an earlier one is no more.
 * Answers the refusal to return from the transaction, so that the guess stays counted. A right code clears no lock:
 * whoever may set up an app would else have free guesses at the user's other factors.
 */
export async function verifyToken(
  trx: Db,
  call: Call,
  given: { pool: UserPool; user: User; code: string; friendlyName?: string | undefined },
): Promise<ServiceError | undefined> {
  const { pool, code } = given;
  const lock = codeLockOf(pool, given.user);
  if (await areCodesLocked(trx, call, lock)) return passwordAttemptsExceeded();
  const user = await readAnew(trx, pool, given.user);
  const pending = await findSoftwareToken(trx, keyOf({ pool, user }, "pending"));
  if (!pending) return softwareTokenNotFound();
  const secret = openSecret(call, { pool, user }, pending);
  const step = stepOfCode(secret, { code, nowMs: call.clock.now() });
  if (step === undefined) {
    return countWrongCode(trx, call, { lock, refusal: softwareTokenCodeMismatch() });
  }
  const key = { userPoolId: pool.id, userId: user.id, secret: pending.secret };
  if (!(await takePendingToken(trx, key))) return softwareTokenNotFound();
  await putSoftwareToken(trx, {
    ...columnsOf({ pool, user }, "active"),
    secret: call.vault.seal(placeOf({ pool, user }, "active"), secret),
    friendly_name: given.friendlyName ?? null,
    // The code that proved the app signs nobody in.
    last_step: step,
    created_at_ms: call.clock.now(),
  });
  const change = { factors: { ...user.factors, softwareToken: true } };
  await storeChange(trx, call, { pool, user, change, aliasTaken: aliasExistsAtUpdate });
  await notify(trx, call, { pool, user, occasion: "factor-added" });
  return undefined;
}

/**
 * Takes a code of the user's app, once, in the transaction of what it is for. `used` for a code of a step that was taken
 * or is past one that was; counting what is `wrong` is the caller's (code-lock.ts).
 */
export async function takeTotpCode(
  trx: Db,
  call: Call,
  { pool, user, code }: Owner & { code: string },
): Promise<"taken" | "used" | "wrong"> {
  const active = await findSoftwareToken(trx, keyOf({ pool, user }, "active"));
  if (!active) return "wrong";
  const secret = openSecret(call, { pool, user }, active);
  const step = stepOfCode(secret, { code, nowMs: call.clock.now() });
  if (step === undefined) return "wrong";
  const key = { userPoolId: pool.id, userId: user.id, secret: active.secret };
  return (await takeStep(trx, { ...key, step })) ? "taken" : "used";
}

/** The name that the user gave the app that is asked for codes. */
export async function friendlyNameOf(db: Db, owner: Owner): Promise<string | undefined> {
  const active = await findSoftwareToken(db, keyOf(owner, "active"));
  return active?.friendly_name ?? undefined;
}

/**
 * Takes the app away from a user as an administrator. Recovery codes go with it, and sign-ins under way that may have
 * passed by it: it is done where the app is lost or in other hands, and then they may be too.
 */
export async function deleteToken(
  call: Call,
  { pool, user: named }: { pool: UserPool; user: User },
): Promise<void> {
  await call.change(async (trx) => {
    const user = await readAnew(trx, pool, named);
    const owner = { userPoolId: pool.id, userId: user.id };
    if ((await deleteSoftwareTokens(trx, owner)) === 0 && !user.factors.softwareToken) {
      throw noSoftwareTokenToDelete();
    }
    await voidRecoveryCodes(trx, { pool, user });
    await deleteUserChallenges(trx, owner);
    const factors = withoutSoftwareToken(user.factors);
    await storeChange(trx, call, {
      ...{ pool, user, change: { factors }, aliasTaken: aliasExistsAtUpdate },
    });
    if (user.factors.softwareToken) {
      await notify(trx, call, { pool, user, occasion: "factor-removed" });
    }
  });
}

function openSecret(
  context: Pick<Context, "vault">,
  owner: Owner,
  row: Pick<SoftwareTokenRow, "secret" | "state">,
): string {
  return context.vault.open(placeOf(owner, row.state), row.secret).toString("utf8");
}

function keyOf({ pool, user }: Owner, state: State) {
  return { userPoolId: pool.id, userId: user.id, state };
}

function columnsOf({ pool, user }: Owner, state: State) {
  return { user_pool_id: pool.id, user_id: user.id, state };
}

function placeOf({ pool, user }: Owner, state: string) {
  return { table: "software_tokens", column: "secret", row: `${pool.id}/${user.id}/${state}` };
}
