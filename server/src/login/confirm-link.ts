/**
 * `/confirmUser`: the link of a sign-up's message. Programs that look at mail follow links too. Cognito confirms whoever's
 * link is followed, and so does this; in the hardened profile, where a mailbox must be proved by who reads it, a button
 * does.
 */
import type { Call } from "../domain/call.ts";
import { type ClientInPool, loadClientOfPool } from "../domain/clients/client.ts";
import { isHardenedFor } from "../domain/grants/profile.ts";
import { checkSourceAddress } from "../domain/risk/source-address.ts";
import { confirmByLink } from "../domain/users/confirm.ts";
import type { ServiceError } from "../errors/service-error.ts";
import { writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { browserOf, requireOwnForm } from "./browser.ts";
import { statusOfPage } from "./error-page.ts";
import { noticeOf } from "./notice.ts";
import type { PageEndpoint } from "./page-request.ts";
import { type PageRequest, showPage } from "./show.ts";

const path = "/confirmUser";

export const followConfirmLink: PageEndpoint = {
  method: "GET",
  path,
  event: "Confirm_With_Link_GET",
  readOnly: true,
  async handle(call, request) {
    const at = await clientOf(call, request);
    return isHardenedFor(at.pool, at.client)
      ? showButton(call, request)
      : confirm(call, request, at);
  },
  refuse: showOutcome,
};

export const confirmByButton: PageEndpoint = {
  method: "POST",
  path,
  event: "Confirm_With_Link_POST",
  async handle(call, request) {
    requireOwnForm(call, request, request.form());
    return confirm(call, request, await clientOf(call, request));
  },
  refuse: (call, request, error) =>
    error.code === "csrf" ? showButton(call, request, error) : showOutcome(call, request, error),
};

async function clientOf(call: Call, request: PageRequest): Promise<ClientInPool> {
  const { pool } = request;
  const clientId = (request.query().get("client_id") ?? "").slice(0, 129);
  return { pool, client: await loadClientOfPool(call, { pool, clientId }) };
}

async function confirm(call: Call, request: PageRequest, at: ClientInPool): Promise<WireAnswer> {
  checkSourceAddress(call, at);
  const query = request.query();
  await confirmByLink(call, at, {
    username: (query.get("user_name") ?? "").slice(0, 128),
    code: query.get("confirmation_code") ?? "",
  });
  return showOutcome(call, request);
}

/** Says nothing of whom the link names: anybody can write one. */
function showButton(call: Call, request: PageRequest, error?: ServiceError): Promise<WireAnswer> {
  const { cookies, csrf } = browserOf(call, request);
  const action = `${request.prefix}${path}?${writeParameters(request.query())}`;
  return showPage(call, request, {
    page: { name: "confirm-link", form: { action, csrf } },
    cookies,
    ...(error ? { notice: noticeOf(error), status: statusOfPage(error.code) } : {}),
  });
}

/** Where to go on the app knows: a sign-in that no app began it would refuse (RFC 6749 §10.12). */
function showOutcome(call: Call, request: PageRequest, error?: ServiceError): Promise<WireAnswer> {
  return showPage(call, request, {
    page: { name: "confirmed", isConfirmed: error === undefined },
    ...(error ? { notice: noticeOf(error), status: statusOfPage(error.code) } : {}),
  });
}
