/** Requests and answers as they are on the wire, between the listener and what a protocol makes of them. */

/** A request as the listener took it in, its body whole and within the limit. */
export type WireRequest = {
  readonly requestId: string;
  readonly method: string;
  /** Path and query exactly as received, for signatures. */
  readonly rawUrl: string;
  /** Name, value, name, value, … as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly userAgent: string;
};

/** An answer to the byte; the listener adds what every answer has. */
export type WireAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Values of Set-Cookie. */
  readonly cookies?: readonly string[];
};
