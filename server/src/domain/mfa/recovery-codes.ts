/** Codes on paper that stand for a second factor that is lost: each good once, where the pool's extension has them on. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import {
  countRecoveryCodes,
  deleteRecoveryCodes,
  insertRecoveryCodes,
  takeRecoveryCodeRow,
} from "../../store/recovery-codes.ts";
import type { Db } from "../../store/schema.ts";
import { holdUser } from "../../store/users.ts";
import { activeFactors } from "../auth/mfa-decision.ts";
import type { Call, UserCall } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import { readAnew } from "../users/change.ts";
import { notify } from "../users/notify.ts";
import { requireSettled } from "../users/settled.ts";
import type { User } from "../users/user.ts";
import { requirePassedFactor } from "./passed-factor.ts";

const codesInSet = 10;
const codeLength = 10;
/** RFC 4648 §6: no 0, 1, 8 or 9, which look like letters. */
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const form = /^[A-Z2-7]{10}$/;

type Owner = { readonly pool: UserPool; readonly user: Pick<User, "id"> };

/** Whether a text can be a recovery code, as a person types one; no other code has this form. */
export function isRecoveryCode(text: string): boolean {
  return form.test(normalised(text));
}

/** Makes the caller's codes, which are told once; earlier ones are void. */
export async function createRecoveryCodes(call: UserCall): Promise<string[]> {
  const { pool } = call;
  requireRecoveryCodes(pool);
  requireSettled(call.user);
  const codes = drawCodes(call);
  await call.change(async (trx) => {
    // Of two sets at once, and of a set and the end of all, the second must see the first.
    await holdUser(trx, keyOfUser(call));
    const user = await readAnew(trx, pool, call.user);
    requireSettled(user);
    if (activeFactors(pool, user).length === 0) {
      throw invalidParameter("There is no second factor that recovery codes could stand for.");
    }
    await requirePassedFactor(trx, call);
    await voidRecoveryCodes(trx, { pool, user });
    const macs = codes.map((code) => macOf(call, { pool, user }, code));
    await insertRecoveryCodes(trx, { ...keyOf({ pool, user }), macs, nowMs: call.clock.now() });
    await notify(trx, call, { pool, user, occasion: "factor-added" });
  });
  return codes;
}

/** Takes a code, once, in the transaction of what it is for; false for a wrong one and where the pool has none. */
export async function takeRecoveryCode(
  trx: Db,
  call: Call,
  { pool, user, code }: Owner & { code: string },
): Promise<boolean> {
  if (pool.extensions.recoveryCodes === "off" || !isRecoveryCode(code)) return false;
  const mac = macOf(call, { pool, user }, normalised(code));
  return takeRecoveryCodeRow(trx, { ...keyOf({ pool, user }), mac });
}

/** How many codes the caller has left. */
export async function recoveryCodesLeft({ db, pool, user }: UserCall): Promise<number> {
  requireRecoveryCodes(pool);
  return countRecoveryCodes(db, keyOf({ pool, user }));
}

/** Voids every code of a user. */
export async function voidRecoveryCodes(trx: Db, owner: Owner): Promise<void> {
  await deleteRecoveryCodes(trx, keyOf(owner));
}

function requireRecoveryCodes(pool: UserPool): void {
  if (pool.extensions.recoveryCodes === "off") {
    throw invalidParameter("Recovery codes are not enabled for the user pool.");
  }
}

function drawCodes({ random }: Pick<Call, "random">): string[] {
  const codes = new Set<string>();
  while (codes.size < codesInSet) {
    const letters = Array.from({ length: codeLength }, () => random.integer(alphabet.length));
    codes.add(letters.map((letter) => alphabet.charAt(letter)).join(""));
  }
  return [...codes];
}

/** As it was made, whatever case, spaces and hyphens it is typed with. */
function normalised(text: string): string {
  return text.length > 64 ? "" : text.replace(/[\s-]/g, "").toUpperCase();
}

function macOf(call: Pick<Call, "vault">, { pool, user }: Owner, code: string): string {
  return call.vault.macCode({ purpose: "recovery", user: `${pool.id}/${user.id}` }, code);
}

function keyOfUser({ pool, user }: Owner) {
  return { userPoolId: pool.id, id: user.id };
}

function keyOf({ pool, user }: Owner) {
  return { userPoolId: pool.id, userId: user.id };
}
