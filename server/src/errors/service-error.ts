/**
 * The one error that a client may see, whole; what only the log may know is logged where it is learnt. Made anew for each
 * throw, so that no detail of one answer can show in another.
 */
export class ServiceError extends Error {
  readonly code: string;
  readonly fault: "client" | "server";

  constructor(code: string, message: string, about: { fault?: "client" | "server" } = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.fault = about.fault ?? "client";
    Object.freeze(this);
  }
}
