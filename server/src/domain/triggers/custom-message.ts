/** The function that words the messages with a code (AWS, "Custom message Lambda trigger"). */
import { unrecognizableLambdaOutput } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { reword } from "../messages/compose.ts";
import type { Message } from "../messages/sender.ts";
import type { MessageTemplate, UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { eventAttributes, fireTrigger, functionOf } from "./fire.ts";
import { textIn } from "./output.ts";

/** What a message with a code is sent for, as AWS names it. */
export type MessageOccasion =
  | "SignUp"
  | "AdminCreateUser"
  | "ResendCode"
  | "ForgotPassword"
  | "UpdateUserAttribute"
  | "VerifyUserAttribute"
  | "Authentication";

/** What the function is told, kept with the message until it is sent. */
export type Wording = {
  readonly occasion: MessageOccasion;
  readonly userName: string;
  readonly userAttributes: Readonly<Record<string, string>>;
  /** What stands for `{username}`. */
  readonly username: string;
  readonly clientId?: string;
  readonly clientMetadata?: Readonly<Record<string, string>>;
};

/** The wording of a message to this user; none where the pool has no function that words or sends any. */
export function wordingFor(
  call: Call,
  given: {
    pool: UserPool;
    client?: UserPoolClient;
    user: User;
    occasion: MessageOccasion;
    /** What the user types to sign in. */
    username: string;
  },
): Wording | undefined {
  const { pool, client, user, occasion, username } = given;
  const asked = ["CustomMessage", "CustomEmailSender", "CustomSMSSender"] as const;
  if (asked.every((each) => functionOf(pool.settings.lambdaConfig, each) === undefined)) {
    return undefined;
  }
  return {
    occasion,
    userName: user.username,
    userAttributes: eventAttributes(pool, user),
    username,
    ...(client ? { clientId: client.id } : {}),
    ...call.passedOn,
  };
}

const codeParameter = "{####}";
const usernameParameter = "{username}";
const linkParameter = "{##Click Here##}";
/** What stands between is the text of the link. */
const linkStart = "{##";
/** AWS's limits of the members. */
const limits = { smsMessage: 140, emailMessage: 20_000, emailSubject: 140 } as const;

/** The message in the function's words; what the function leaves open stays as it is. */
export async function wordMessage(
  call: Call,
  pool: UserPool,
  { message, wording }: { message: Message; wording: Wording },
): Promise<Message> {
  const { occasion, userName, userAttributes, username, clientId, clientMetadata } = wording;
  const invites = occasion === "AdminCreateUser";
  const response = await fireTrigger(call, {
    pool,
    ...(clientId === undefined ? {} : { client: { id: clientId } }),
    trigger: "CustomMessage",
    source: `CustomMessage_${occasion}`,
    userName,
    request: {
      userAttributes,
      codeParameter,
      linkParameter: message.link === undefined ? null : linkParameter,
      usernameParameter: invites ? usernameParameter : null,
      ...(clientMetadata ? { clientMetadata } : {}),
    },
    response: { smsMessage: null, emailMessage: null, emailSubject: null },
  });
  if (response === undefined) return message;
  const words = readWords(pool, response);
  const text = message.channel === "email" ? words.emailMessage : words.smsMessage;
  // Without its placeholders the message would be of no use to whoever gets it.
  const proof = message.link === undefined ? codeParameter : linkStart;
  const needed = invites ? [codeParameter, usernameParameter] : [proof];
  if (text !== undefined && !needed.every((each) => text.includes(each))) {
    throw unrecognizableLambdaOutput();
  }
  return reword(pool, { message, username, words });
}

/** AWS refuses words for e-mail where the pool does not send it through an account of its own. */
function readWords(pool: UserPool, response: Record<string, unknown>): MessageTemplate {
  const smsMessage = textIn(response, "smsMessage", limits.smsMessage);
  const emailMessage = textIn(response, "emailMessage", limits.emailMessage);
  const emailSubject = textIn(response, "emailSubject", limits.emailSubject);
  const hasMail = emailMessage !== undefined || emailSubject !== undefined;
  if (hasMail && pool.settings.emailConfiguration.emailSendingAccount !== "DEVELOPER") {
    throw unrecognizableLambdaOutput();
  }
  return {
    ...(smsMessage === undefined ? {} : { smsMessage }),
    ...(emailMessage === undefined ? {} : { emailMessage }),
    ...(emailSubject === undefined ? {} : { emailSubject }),
  };
}
