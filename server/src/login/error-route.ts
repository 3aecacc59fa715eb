import { ServiceError } from "../errors/service-error.ts";
import { showError } from "./error-page.ts";
import type { PageEndpoint } from "./page-request.ts";

/** Where a faulty request is told of; the address says no more than the name of the fault. */
export const errorPage: PageEndpoint = {
  method: "GET",
  path: "/error",
  event: "Error_GET",
  readOnly: true,
  handle(call, request) {
    const error = request.query().get("error") ?? "";
    const code = /^[\w-]{1,64}$/.test(error) ? error : "invalid_request";
    return showError(call, request, new ServiceError(code, ""));
  },
};
