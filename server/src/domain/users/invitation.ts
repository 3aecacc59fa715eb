/** The message that tells a user, made by an administrator, of the account and its temporary password. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { composeInvitation, composeWelcome } from "../messages/compose.ts";
import { type Dispatch, prepareDispatch } from "../messages/dispatch.ts";
import type { Channel, Message } from "../messages/sender.ts";
import type { UserPool } from "../pools/pool.ts";
import { wordingFor } from "../triggers/custom-message.ts";
import { hasCustomSender } from "../triggers/custom-sender.ts";
import { signInNameOf } from "./sign-in-name.ts";
import type { User } from "./user.ts";

/** Where an invitation goes. */
export type Destination = { readonly channel: Channel; readonly to: string };

/**
 * The addresses of an invitation. Channels that were asked for must have one. Otherwise AWS prefers SMS, and takes
 * e-mail where there is no phone number; a user without either is told nothing.
 */
export function invitationDestinations(
  attributes: Readonly<Record<string, string>>,
  channels: readonly Channel[] | undefined,
): Destination[] {
  if (channels !== undefined && channels.length > 0) {
    return [...new Set(channels)].map((channel) => ({
      channel,
      to: addressFor(channel, attributes),
    }));
  }
  const { phone_number: phoneNumber, email } = attributes;
  if (phoneNumber) return [{ channel: "sms", to: phoneNumber }];
  return email ? [{ channel: "email", to: email }] : [];
}

function addressFor(channel: Channel, attributes: Readonly<Record<string, string>>): string {
  const to = channel === "email" ? attributes["email"] : attributes["phone_number"];
  if (to) return to;
  throw invalidParameter(
    channel === "email"
      ? "No email provided but desired delivery medium was Email"
      : "No phone number provided but desired delivery medium was SMS",
  );
}

/**
 * Prepares an invitation to each destination. Of one without a password, or in words without a place for it, the pool's
 * function is told only where it sends the message.
 */
export function prepareInvitations(
  call: Call,
  pool: UserPool,
  given: {
    user: User;
    temporaryPassword: string | undefined;
    destinations: readonly Destination[];
  },
): Dispatch[] {
  const { user, temporaryPassword } = given;
  const username = signInNameOf(pool, user);
  return given.destinations.flatMap((destination) => {
    const byFunction = hasCustomSender(pool, destination.channel);
    const message = compose(pool, { ...destination, username, temporaryPassword, byFunction });
    if (!message) return [];
    const isAsked = byFunction || temporaryPassword !== undefined;
    const occasion = "AdminCreateUser";
    const wording = isAsked ? wordingFor(call, { pool, user, occasion, username }) : undefined;
    return [prepareDispatch(call, { pool, userId: user.id, message, wording })];
  });
}

/** Nothing where the pool's words have no place for the password; to a function those words do not matter. */
function compose(
  pool: UserPool,
  given: Destination & {
    username: string;
    temporaryPassword: string | undefined;
    byFunction: boolean;
  },
): Message | undefined {
  const { temporaryPassword, byFunction } = given;
  if (temporaryPassword === undefined) return composeWelcome(pool, given);
  const invitation = composeInvitation(pool, { ...given, temporaryPassword });
  if (invitation || !byFunction) return invitation;
  return { ...composeWelcome(pool, given), code: temporaryPassword };
}
