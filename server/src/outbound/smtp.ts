/** E-mail by SMTP. Off loopback it is always encrypted, and the server always proves its name. */

import type { Socket } from "node:net";
import { plainText } from "../domain/messages/plain-text.ts";
import { type Message, type Sender, Undeliverable } from "../domain/messages/sender.ts";
import { isThisMachine } from "../lib/this-machine.ts";
import { checkedAddress, readMailbox } from "./mail-address.ts";

export type SmtpOptions = {
  /**
   * `smtps://` is TLS from the first byte; `smtp://` is STARTTLS, or off in clear to a server on this machine. User and
   * password stand in it where the server asks for them.
   */
  readonly url: URL;
  /** Its host names the sender of pools that have none. */
  readonly publicUrl: string;
  /** Connects in another way than by host name and port. */
  readonly openSocket?: (to: { host: string; port: number }) => Promise<Socket>;
};

/** The whole of one attempt; the outbox claims messages for longer. */
const deadlineMs = 30_000;
const stepTimeoutMs = 10_000;

type Transport = Awaited<ReturnType<typeof openTransport>>;

/** A sender over one SMTP server; throws when the URL is not one of SMTP. */
export function createSmtpSender(options: SmtpOptions): Sender {
  if (!["smtp:", "smtps:"].includes(options.url.protocol))
    throw new Error("the URL of the mail server must begin with smtp:// or smtps://");
  let transport: Promise<Transport> | undefined;
  return {
    async send(message) {
      const mail = mailOf(message, options);
      // The library takes 70 ms to load, and most starts send no mail.
      transport ??= openTransport(options);
      const { sendMail } = await transport;
      await sendMail({ ...mail, signal: AbortSignal.timeout(deadlineMs) }).catch((error) => {
        throw reasonOf(error, message);
      });
    },
  };
}

async function openTransport({ url, publicUrl, openSocket }: SmtpOptions) {
  const { createTransport } = await import("nodemailer");
  const secure = url.protocol === "smtps:";
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const local = isThisMachine(host);
  const port = Number(url.port) || (secure ? 465 : 587);
  const transport = createTransport({
    host,
    port,
    secure,
    requireTLS: !secure && !local,
    // Mail catchers on a laptop offer it with certificates that nobody can check.
    ignoreTLS: local,
    tls: { minVersion: "TLSv1.2", rejectUnauthorized: true },
    ...(url.username ? { auth: credentialsOf(url) } : {}),
    name: new URL(publicUrl).hostname,
    dnsTimeout: stepTimeoutMs,
    connectionTimeout: stepTimeoutMs,
    greetingTimeout: stepTimeoutMs,
    socketTimeout: stepTimeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(openSocket ? { getSocket: socketGetter(() => openSocket({ host, port })) } : {}),
  });
  return { sendMail: transport.sendMail.bind(transport) };
}

function credentialsOf(url: URL): { user: string; pass: string } {
  return { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
}

type SocketAnswer = (error: Error | null, options?: { connection: Socket }) => void;

function socketGetter(open: () => Promise<Socket>) {
  return (_options: unknown, answer: SocketAnswer): void => {
    open().then(
      (connection) => answer(null, { connection }),
      (error: Error) => answer(error),
    );
  };
}

/** Addresses go in as objects, which the mail library does not parse. */
function mailOf(message: Message, { publicUrl }: SmtpOptions) {
  const { from, replyTo, to, subject, body } = message;
  return {
    from: from ? readMailbox(from) : { name: "", address: defaultFrom(publicUrl) },
    ...(replyTo ? { replyTo: readMailbox(replyTo) } : {}),
    to: { name: "", address: checkedAddress(to) },
    subject,
    html: body,
    text: plainText(body),
    // RFC 3834: nobody's absence notice should answer.
    headers: { "Auto-Submitted": "auto-generated" },
  };
}

function defaultFrom(publicUrl: string): string {
  return `no-reply@${new URL(publicUrl).hostname}`;
}

/** What went wrong, in one line that may be logged: without the address, which servers like to repeat. */
function reasonOf(error: unknown, { to }: Message): Error {
  const { code, responseCode, message } = error as Error & { code?: string; responseCode?: number };
  const said = `${code ?? "failed"}: ${message}`
    .replaceAll(to, "the recipient")
    .replace(/\p{Cc}+/gu, " ")
    .slice(0, 300);
  return refusesForGood(code, responseCode)
    ? new Undeliverable(`the mail server refuses it: ${said}`)
    : new Error(`the mail server did not take it: ${said}`);
}

/** RFC 5321 §4.2.1; 503 says that the session went wrong, not the message. Bad credentials may be put right meanwhile. */
function refusesForGood(code: string | undefined, status = 0): boolean {
  const aboutMessage = code === "EENVELOPE" || code === "EMESSAGE";
  return aboutMessage && status >= 500 && status < 600 && status !== 503;
}
