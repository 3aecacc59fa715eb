/** What a code proves beside the sign-in: that the address it went to is the user's. */
import {
  aliasExistsAtConfirmation,
  aliasExistsAtUpdate,
  invalidSession,
} from "../../../errors/cognito-idp.ts";
import { deleteCodes } from "../../../store/codes.ts";
import type { Db } from "../../../store/schema.ts";
import type { Call } from "../../call.ts";
import { withEnabled } from "../../mfa/factors.ts";
import type { UserPool } from "../../pools/pool.ts";
import { storeChange } from "../../users/change.ts";
import { isCurrent } from "../../users/contacts.ts";
import { noPassword } from "../../users/password.ts";
import type { User } from "../../users/user.ts";
import type { UserChange } from "../../users/write.ts";
import type { CodeState } from "../ask/code.ts";
import { isHardened } from "../candidate.ts";
import type { BaseState } from "../challenge.ts";
import type { Proved } from "../go-on.ts";
import { activeFactors } from "../mfa-decision.ts";
import { type Proof, withProof } from "../progress.ts";
import type { Opened } from "./open-answer.ts";

type Given = {
  readonly opened: Opened<BaseState & CodeState>;
  readonly user: User;
  readonly proof: Proof;
};

/** The user who typed a right code: the address is verified, a sign-up confirmed, a factor that was being set up is on. */
export function provedTarget(call: Call, pool: UserPool, given: Given): Proved {
  const { opened, user, proof } = given;
  const progress = withProof(opened.state.progress, proof);
  const proved = { name: opened.who.name, user, progress };
  const change = changeOf(pool, user, opened.state);
  if (!change) return proved;
  const { password, ...rest } = change;
  const attributes = { ...user.attributes, ...change.attributes };
  const after: User = { ...user, ...rest, ...password, attributes };
  const store = (trx: Db, current: User) =>
    storeProved(trx, call, { pool, current, given, change });
  return { ...proved, change: { after, store } };
}

type ProofChange = Pick<UserChange, "password" | "factors" | "status"> & {
  readonly attributes: Record<string, string>;
};

function changeOf(pool: UserPool, user: User, state: CodeState): ProofChange | undefined {
  const { role, target } = state;
  const verified = `${target.attribute}_verified`;
  const isNew = user.status === "UNCONFIRMED";
  if (role === "setup") {
    const factors = withEnabled(user.factors, ["EMAIL_OTP"]);
    return { attributes: { [target.attribute]: target.destination, [verified]: "true" }, factors };
  }
  if (!isNew && user.attributes[verified] === "true") return undefined;
  // Whoever signed this address up never proved it is theirs: their password dies with the proof of another (pre-hijacking).
  const forgotten = isNew && isHardened(pool) ? { password: noPassword } : {};
  const confirmed = isNew ? ({ status: "CONFIRMED" } as const) : {};
  return { attributes: { [verified]: "true" }, ...confirmed, ...forgotten };
}

async function storeProved(
  trx: Db,
  call: Call,
  details: { pool: UserPool; current: User; given: Given; change: ProofChange },
): Promise<void> {
  const { pool, current, given, change } = details;
  const { role, target } = given.opened.state;
  const isSettingUp = role === "setup";
  // Asked anew: of two who set up a factor at once the second replaces nothing.
  const isGood = isSettingUp
    ? !current.attributes["email"] && activeFactors(pool, current).length === 0
    : isCurrent(current.attributes, target);
  if (!isGood || current.status !== given.user.status) throw invalidSession();
  const aliasTaken = isSettingUp ? aliasExistsAtUpdate : aliasExistsAtConfirmation;
  await storeChange(trx, call, { pool, user: current, change, aliasTaken });
  if (change.status) await deleteCodes(trx, { userPoolId: pool.id, userId: current.id });
}
