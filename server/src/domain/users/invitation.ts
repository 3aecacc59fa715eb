/** The message that tells a user, made by an administrator, of the account and its temporary password. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { composeInvitation, composeWelcome } from "../messages/compose.ts";
import { type Dispatch, prepareDispatch } from "../messages/dispatch.ts";
import type { Channel } from "../messages/sender.ts";
import type { UserPool } from "../pools/pool.ts";
import { wordingFor } from "../triggers/custom-message.ts";
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

/** Prepares an invitation to each destination; of a user without a password, in words that the pool's function is not asked for. */
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
    const about = { pool, userId: user.id };
    if (temporaryPassword === undefined) {
      const message = composeWelcome(pool, { ...destination, username });
      return [prepareDispatch(call, { ...about, message })];
    }
    const message = composeInvitation(pool, { ...destination, username, temporaryPassword });
    if (!message) return [];
    const wording = wordingFor(call, { pool, user, occasion: "AdminCreateUser", username });
    return [prepareDispatch(call, { ...about, message, wording })];
  });
}
