/** The sender of a server: each channel by its provider, or not at all. */
import { type Sender, Undeliverable } from "../domain/messages/sender.ts";
import { createSmtpSender, type SmtpOptions } from "./smtp.ts";

/** Sends e-mail by SMTP where it is set up. There is no provider for text messages yet: they fail, and say why. */
export function createSender({ smtp }: { smtp?: SmtpOptions }): Sender {
  const byChannel = {
    email: smtp
      ? createSmtpSender(smtp)
      : unconfigured("no mail server is configured: set POOLHOUSE_SMTP_URL"),
    sms: unconfigured("no provider of text messages is configured"),
  };
  return { send: (message) => byChannel[message.channel].send(message) };
}

function unconfigured(why: string): Sender {
  return { send: () => Promise.reject(new Undeliverable(why)) };
}
