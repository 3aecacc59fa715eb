/** How a message leaves a call: at once, or through the outbox where nobody may learn whether there was one. */
import { codeDeliveryFailed } from "../../errors/cognito-idp.ts";
import { insertOutboxMessage } from "../../store/outbox.ts";
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import { preventsUserExistenceErrors, type UserPoolClient } from "../clients/client.ts";
import type { UserPool } from "../pools/pool.ts";
import { type Wording, wordMessage } from "../triggers/custom-message.ts";
import { hasCustomSender } from "../triggers/custom-sender.ts";
import { recordDeliveryFailure } from "./delivery-failure.ts";
import { outboxRow } from "./outbox-row.ts";
import type { Message } from "./sender.ts";

/** One message, in two steps around the change that it tells of. */
export type Dispatch = {
  /** Goes into the transaction of the change. */
  store(trx: Db): Promise<void>;
  /** Goes after its commit; throws CodeDeliveryFailureException where the message was tried at once and failed. */
  send(): Promise<void>;
};

export type DispatchGiven = {
  readonly pool: UserPool;
  /** The client of a public call; administrators learn of failures in any pool. */
  readonly client?: UserPoolClient;
  readonly userId: string | null;
  readonly message: Message;
  /** What the pool's function is told when it words or sends the message; it is asked as late as the message is sent. */
  readonly wording?: Wording | undefined;
};

/**
 * Prepares a message. Where the client prevents user-existence errors it goes through the outbox, so that neither the
 * time of the answer nor a failure tells whether the user exists. Otherwise it is sent after the commit: when that
 * fails the user's state is committed all the same, and the code can be asked for again. Functions that send messages
 * themselves are not waited for (AWS, "Customizing user pool workflows with Lambda triggers"): those go through the outbox.
 */
export function prepareDispatch(call: Call, given: DispatchGiven): Dispatch {
  const { pool, client, message, wording } = given;
  const byFunction = wording !== undefined && hasCustomSender(pool, message.channel);
  if (byFunction || (client && preventsUserExistenceErrors(client))) {
    const row = outboxRow(call, given);
    return {
      store: (trx) => insertOutboxMessage(trx, row),
      async send() {
        call.wakeOutbox();
      },
    };
  }
  return { store: async () => undefined, send: () => sendNow(call, given) };
}

async function sendNow(call: Call, given: DispatchGiven): Promise<void> {
  const { pool, userId, wording } = given;
  const message = wording ? await wordMessage(call, pool, { ...given, wording }) : given.message;
  try {
    await call.sender.send(message);
  } catch (error) {
    const { requestId } = call.facts;
    const { channel } = message;
    call.log.error({ requestId, channel, err: error }, "a message could not be sent");
    const failed = { userPoolId: pool.id, userId, requestId, channel, attempts: 1 };
    await call.store.transaction((trx) => recordDeliveryFailure(trx, call, failed));
    throw codeDeliveryFailed();
  }
}
