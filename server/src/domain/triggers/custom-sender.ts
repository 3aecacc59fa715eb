/** The functions that send messages themselves (AWS, "Custom email sender Lambda trigger", "Custom SMS sender Lambda trigger"). */
import type { Call } from "../call.ts";
import { encryptMessage } from "../kms/encryption-sdk-message.ts";
import { type KmsKey, readKeyArn } from "../kms/key.ts";
import { type Channel, type Message, Undeliverable } from "../messages/sender.ts";
import { regionOf, type UserPool } from "../pools/pool.ts";
import type { Wording } from "./custom-message.ts";
import { fireForWork, functionOf } from "./fire.ts";

const senders = {
  email: {
    trigger: "CustomEmailSender",
    type: "customEmailSenderRequestV1",
    attribute: "email",
  },
  sms: {
    trigger: "CustomSMSSender",
    type: "customSMSSenderRequestV1",
    attribute: "phone_number",
  },
} as const;

/** Whether a function of the pool sends what goes this way. */
export function hasCustomSender({ settings }: UserPool, channel: Channel): boolean {
  return functionOf(settings.lambdaConfig, senders[channel].trigger) !== undefined;
}

/**
 * Hands a message to the function that sends it, its code encrypted under the pool's key. Throws Undeliverable where that
 * is no key of ours, and otherwise as fireTrigger does.
 */
export async function sendByFunction(
  call: Call,
  pool: UserPool,
  { message, wording }: { message: Message; wording: Wording },
): Promise<void> {
  const { trigger, type } = senders[message.channel];
  const { occasion, userName, clientId, clientMetadata } = wording;
  const key = keyOf(call, pool);
  const context = { "userpool-id": pool.id };
  const { code: text } = message;
  await fireForWork(call, {
    pool,
    ...(clientId === undefined ? {} : { client: { id: clientId } }),
    trigger,
    source: `${trigger}_${occasion}`,
    userName,
    request: {
      type,
      // Who is told of an account without a password gets no code.
      code:
        text === undefined ? null : encryptMessage(call, { key, context, text }).toString("base64"),
      userAttributes: addressed(message, wording),
      ...(clientMetadata ? { clientMetadata } : {}),
    },
    response: {},
  });
}

/** Functions send to the address among the attributes: one that is yet to be proved stands there in place of the old one. */
function addressed(message: Message, { userAttributes }: Wording): Record<string, string> {
  const { attribute } = senders[message.channel];
  if (userAttributes[attribute] === message.to) return { ...userAttributes };
  return { ...userAttributes, [attribute]: message.to, [`${attribute}_verified`]: "false" };
}

function keyOf({ settings }: Call, pool: UserPool): KmsKey {
  const { KMSKeyID = "" } = pool.settings.lambdaConfig;
  const key = readKeyArn(KMSKeyID, settings.accountId);
  if (key?.region === regionOf(pool)) return key;
  throw new Undeliverable(
    `KMSKeyID ${KMSKeyID} is no key of account ${settings.accountId} in ${regionOf(pool)}, so no code is sent`,
  );
}
