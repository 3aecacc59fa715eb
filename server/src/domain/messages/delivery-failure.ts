import { codeDeliveryFailed } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { recordEvent } from "../audit/record.ts";
import { makeOwnCall } from "../call.ts";
import type { Context } from "../context.ts";
import type { Channel } from "./sender.ts";

export type FailedDelivery = {
  readonly userPoolId: string;
  readonly userId: string | null;
  /** Of the call that sent the message, or the id that the message had in the outbox. */
  readonly requestId: string;
  /** Absent where the message could not even be read. */
  readonly channel?: Channel;
  readonly attempts: number;
};

/** Writes the audit row of a message that nobody will get; the call that it belongs to has its own row already. */
export async function recordDeliveryFailure(
  trx: Db,
  context: Context,
  failed: FailedDelivery,
): Promise<void> {
  const call = makeOwnCall(context, {
    service: "cognito-idp",
    operation: "DeliverMessage",
    requestId: failed.requestId,
  });
  call.about.userPoolId = failed.userPoolId;
  if (failed.userId !== null) call.about.sub = failed.userId;
  if (failed.channel) call.about.more["channel"] = failed.channel;
  call.about.more["attempts"] = failed.attempts;
  await recordEvent(trx, call, codeDeliveryFailed());
}
