/**
 * The one error that a client may see. Made anew for each throw, so that no detail of one answer can show in another;
 * `detailForLog` goes to the log and never to the wire.
 */
export class ServiceError extends Error {
  readonly code: string;
  readonly fault: "client" | "server";
  readonly detailForLog: string | undefined;

  constructor(
    code: string,
    message: string,
    about: { fault?: "client" | "server"; detailForLog?: string; cause?: unknown } = {},
  ) {
    super(message, about.cause === undefined ? undefined : { cause: about.cause });
    this.name = code;
    this.code = code;
    this.fault = about.fault ?? "client";
    this.detailForLog = about.detailForLog;
    Object.freeze(this);
  }
}
