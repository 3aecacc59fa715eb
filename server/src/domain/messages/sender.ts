/** How a message leaves the server; `outbound` implements it. */
export type Channel = "email" | "sms";

export type Message = {
  readonly channel: Channel;
  /** The stored address, byte for byte. */
  readonly to: string;
  /** As the pool has it, `Name <address>` or an address; the sender has its own when absent. */
  readonly from?: string;
  readonly replyTo?: string;
  /** Empty for SMS. */
  readonly subject: string;
  /** HTML for e-mail, text for SMS. */
  readonly body: string;
  /** The code in it, for the inbox of development; no other sender looks at it. */
  readonly code?: string;
  /** The link that brings the code back, where the pool confirms by link. */
  readonly link?: string;
};

export type Sender = {
  /** Resolves when the next hop has taken the message; rejects when it will not, with Undeliverable if it never will. */
  send(message: Message): Promise<void>;
};

/** Thrown where another attempt would end the same way: an address that cannot be, a channel that is not set up. */
export class Undeliverable extends Error {
  override readonly name = "Undeliverable";
}
