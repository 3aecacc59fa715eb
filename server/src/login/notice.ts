import { passwordAttemptsExceeded } from "../errors/cognito-idp.ts";
import type { ServiceError } from "../errors/service-error.ts";
import type { Notice } from "./pages.ts";

/** What a page says of a refusal. The pages have texts of their own; only what a function of the pool says is its own. */
export function noticeOf({ code, message }: ServiceError): Notice {
  // AWS has one code for a wrong password and for too many of them.
  const isLocked = message === passwordAttemptsExceeded().message;
  const notice = { kind: "error", code: isLocked ? "locked" : code } as const;
  return /Lambda|InvalidParameter|InvalidPassword/.test(code) && message !== ""
    ? { ...notice, detail: message }
    : notice;
}
