/** The sender of a server: each channel by its provider, or not at all. */
import { type Sender, Undeliverable } from "../domain/messages/sender.ts";
import { createSmtpSender, type SmtpOptions } from "./smtp.ts";

/** Sends e-mail by SMTP and text messages by their provider; what is not set up fails, and says why. */
export function createSender({ smtp, sms }: { smtp?: SmtpOptions; sms?: Sender }): Sender {
  const byChannel = {
    email: smtp
      ? createSmtpSender(smtp)
      : unconfigured("no mail server is configured: set POOLHOUSE_SMTP_URL"),
    sms: sms ?? unconfigured("no provider of text messages is configured: set POOLHOUSE_SMS_URL"),
  };
  return { send: (message) => byChannel[message.channel].send(message) };
}

function unconfigured(why: string): Sender {
  return { send: () => Promise.reject(new Undeliverable(why)) };
}
