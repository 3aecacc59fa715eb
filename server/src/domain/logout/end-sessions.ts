/** Ending the sessions of browsers, in the transaction of what calls for it; the clients are told. */
import {
  deleteUserLoginSessions,
  takeLoginSession,
  takeLoginSessionById,
} from "../../store/login-sessions.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { User } from "../users/user.ts";
import { noteLogouts } from "./notices.ts";

type Whose = { readonly userPoolId: string; readonly userId: string };

/** Ends the session of this handle; false where there was none any more. */
export async function endSessionByHandle(
  trx: Db,
  call: Call,
  handleHash: string,
): Promise<boolean> {
  const taken = await takeLoginSession(trx, handleHash);
  if (!taken) return false;
  const { id, user_pool_id: userPoolId, user_id: userId } = taken;
  await noteLogouts(trx, call, { userPoolId, userId, sessionIds: [id] });
  return true;
}

/** Ends a session of a user; false where there is none of this id any more. */
export async function endSessionById(
  trx: Db,
  call: Call,
  session: Whose & { id: string },
): Promise<boolean> {
  const { userPoolId, userId, id } = session;
  if (!(await takeLoginSessionById(trx, session))) return false;
  await noteLogouts(trx, call, { userPoolId, userId, sessionIds: [id] });
  return true;
}

/**
 * Ends all sessions of a user. With `everywhere` the clients of all sign-ins through browsers are told, also where the
 * session is over by now: to be asked before those sign-ins are revoked. The sign-in that asks for it is left alone.
 */
export async function endSessionsOf(
  trx: Db,
  call: Call,
  given: { user: User; everywhere: boolean; keepFamilyId?: string | undefined },
): Promise<void> {
  const { user, everywhere, keepFamilyId } = given;
  const whose = { userPoolId: user.userPoolId, userId: user.id };
  const sessionIds = await deleteUserLoginSessions(trx, whose);
  await noteLogouts(trx, call, { ...whose, sessionIds, everywhere, keepFamilyId });
}
