import type { ServiceError } from "../errors/service-error.ts";
import type { Notice } from "./pages.ts";

/** What a page says of a refusal. The pages have texts of their own; only what a function of the pool says is its own. */
export function noticeOf({ code, message }: ServiceError): Notice {
  const notice = { kind: "error", code } as const;
  return /Lambda|InvalidParameter|InvalidPassword/.test(code) && message !== ""
    ? { ...notice, detail: message }
    : notice;
}
