import { passwordAttemptsExceeded } from "../errors/cognito-idp.ts";
import type { ServiceError } from "../errors/service-error.ts";
import type { Parameters } from "../protocol/parameters.ts";
import type { Notice } from "./pages.ts";

/** What a step says in the address of the next page of the message that it sent. */
export type Sent = "again" | "failed";

/** The address of a page that shall say it. */
export function saying(address: string, sent: Sent | undefined): string {
  return sent === undefined ? address : `${address}&sent=${sent}`;
}

/** What a page says of a message, by its address: one of a few texts, whoever wrote the address. */
export function noticeOfSending(query: Parameters, again = "code-sent"): Notice | undefined {
  const sent = query.get("sent");
  if (sent === "again") return { kind: "info", code: again };
  return sent === "failed" ? { kind: "error", code: "CodeDeliveryFailureException" } : undefined;
}

/** What a page says of a refusal. The pages have texts of their own; only what a function of the pool says is its own. */
export function noticeOf({ code, message }: ServiceError): Notice {
  // AWS has one code for a wrong password and for too many of them.
  const isLocked = message === passwordAttemptsExceeded().message;
  const notice = { kind: "error", code: isLocked ? "locked" : code } as const;
  return /Lambda|InvalidParameter|InvalidPassword/.test(code) && message !== ""
    ? { ...notice, detail: message }
    : notice;
}
