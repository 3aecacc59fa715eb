/** What is shown where there is nobody to send the browser back to. */
import type { Call } from "../domain/call.ts";
import type { ServiceError } from "../errors/service-error.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { type PageRequest, showPage } from "./show.ts";

/** Faults that this server answers with another status than 400. */
const statuses: Readonly<Record<string, number>> = {
  server_error: 500,
  temporarily_unavailable: 503,
  TooManyRequestsException: 429,
  csrf: 403,
};

export function statusOfPage(code: string): number {
  return statuses[code] ?? 400;
}

/** Shows what went wrong, and nothing of what was sent. */
export function showError(
  call: Call,
  request: PageRequest,
  { code, message }: ServiceError,
): Promise<WireAnswer> {
  return showPage(call, request, {
    page: {
      name: "error",
      error: code,
      requestId: request.requestId,
      ...(message === "" ? {} : { detail: message }),
    },
    status: statusOfPage(code),
  });
}
