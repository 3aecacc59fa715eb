/** How a message leaves the server; `outbound` implements it. */
export type Message = {
  readonly channel: "email" | "sms";
  /** The stored address, byte for byte. */
  readonly to: string;
  /** Empty for SMS. */
  readonly subject: string;
  /** HTML for e-mail, text for SMS. */
  readonly body: string;
  /** The code in it, for the inbox of development; no other sender looks at it. */
  readonly code?: string;
};

export type Sender = {
  /** Resolves when the next hop has taken the message; rejects when it will not. */
  send(message: Message): Promise<void>;
};
