/** `/confirmUser`: the link of a sign-up's message. Programs that look at mail follow links too, and do no harm. */
import type { Call } from "../domain/call.ts";
import { loadClientOfPool } from "../domain/clients/client.ts";
import { checkSourceAddress } from "../domain/risk/source-address.ts";
import { confirmSignUp } from "../domain/users/confirm.ts";
import type { ServiceError } from "../errors/service-error.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { statusOfPage } from "./error-page.ts";
import { noticeOf } from "./notice.ts";
import type { PageEndpoint } from "./page-request.ts";
import { type PageRequest, showPage } from "./show.ts";

/** Confirms by the code in the address, once; the page says so and leads nowhere, since no app asked for it. */
export const confirmUser: PageEndpoint = {
  method: "GET",
  path: "/confirmUser",
  event: "Confirm_With_Link_GET",
  async handle(call, request) {
    const query = request.query();
    const clientId = (query.get("client_id") ?? "").slice(0, 129);
    const client = await loadClientOfPool(call, { pool: request.pool, clientId });
    const at = { pool: request.pool, client };
    checkSourceAddress(call, at);
    await confirmSignUp(call, at, {
      username: (query.get("user_name") ?? "").slice(0, 128),
      code: query.get("confirmation_code") ?? "",
      ...{ secretHash: undefined, byPages: true, takeOverAliases: false },
    });
    return show(call, request, undefined);
  },
  refuse: (call, request, error) => show(call, request, error),
};

function show(
  call: Call,
  request: PageRequest,
  error: ServiceError | undefined,
): Promise<WireAnswer> {
  return showPage(call, request, {
    page: { name: "confirmed", isConfirmed: error === undefined },
    ...(error ? { notice: noticeOf(error), status: statusOfPage(error.code) } : {}),
  });
}
