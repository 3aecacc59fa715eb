/** A request of a page: the endpoint's, with the pages that may answer it. */
import type { Call } from "../domain/call.ts";
import { ServiceError } from "../errors/service-error.ts";
import type { Endpoint } from "../oauth/endpoint.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import type { LoginPages } from "./bundle.ts";
import { showError } from "./error-page.ts";
import type { PageRequest } from "./show.ts";

export type PageEndpoint = Omit<Endpoint, "handle" | "refuse"> & {
  handle(call: Call, request: PageRequest): WireAnswer | Promise<WireAnswer>;
  /** Shows the same page again with what was wrong; the error page where absent. */
  refuse?(call: Call, request: PageRequest, error: ServiceError): WireAnswer | Promise<WireAnswer>;
};

/** The endpoint of a page; a refusal that its own page cannot show ends on the error page. */
export function toEndpoint(pages: LoginPages, page: PageEndpoint): Endpoint {
  const { handle, refuse = showError, ...about } = page;
  return {
    ...about,
    handle: (call, request) => handle(call, { ...request, pages }),
    async refuse(call, request, error) {
      const asked = { ...request, pages };
      try {
        return await refuse(call, asked, error);
      } catch (second) {
        if (!(second instanceof ServiceError)) {
          const about = { requestId: request.requestId, err: second };
          call.log.error(about, "a page could not show its refusal");
        }
        return showError(call, asked, error);
      }
    },
  };
}
