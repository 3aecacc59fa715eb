/** Giving a user a code: drawn, stored in the transaction of what asks for it, on its way after the commit. */
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { type CodePurpose, type CodeTarget, drawCode, storeCode } from "../codes/code.ts";
import { composeLink, composeVerification } from "../messages/compose.ts";
import { type Dispatch, prepareDispatch } from "../messages/dispatch.ts";
import type { Message } from "../messages/sender.ts";
import type { UserPool } from "../pools/pool.ts";
import { type MessageOccasion, wordingFor } from "../triggers/custom-message.ts";
import { confirmLink, isConfirmedByLink } from "./confirm-link.ts";
import { signInNameOf } from "./sign-in-name.ts";
import type { User } from "./user.ts";

/** Stores a fresh code, and the message with it; the caller sends the dispatch once the transaction is committed. */
export async function issueCode(
  trx: Db,
  call: Call,
  given: {
    pool: UserPool;
    client?: UserPoolClient;
    user: User;
    purpose: CodePurpose;
    occasion: MessageOccasion;
    target: CodeTarget;
  },
): Promise<Dispatch> {
  const { pool, client, user, purpose, occasion, target } = given;
  const code = drawCode(call);
  const username = signInNameOf(pool, user);
  await storeCode(trx, call, { pool, user, purpose, code, target });
  const isByLink = purpose === "confirm-sign-up" && isConfirmedByLink(pool, target);
  const message = await composeCode(trx, call, {
    ...{ pool, target, code, username },
    client: isByLink ? client : undefined,
  });
  const dispatch = prepareDispatch(call, {
    pool,
    ...(client ? { client } : {}),
    userId: user.id,
    message,
    wording: wordingFor(call, { pool, ...(client ? { client } : {}), user, occasion, username }),
  });
  await dispatch.store(trx);
  return dispatch;
}

/** The message with the code, or with the link that brings it back where the pool says so for sign-ups. */
async function composeCode(
  trx: Db,
  call: Call,
  given: {
    pool: UserPool;
    /** The client that the link leads to; absent where there is none to be. */
    client: UserPoolClient | undefined;
    target: CodeTarget;
    code: string;
    username: string;
  },
): Promise<Message> {
  const { pool, client, target, code, username } = given;
  const to = target.destination;
  if (client) {
    const link = await confirmLink(trx, call, { pool, client, username, code });
    return composeLink(pool, { to, code, username, link });
  }
  const channel = target.attribute === "email" ? "email" : "sms";
  return composeVerification(pool, { channel, to, code, username });
}
