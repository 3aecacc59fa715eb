/** `POST /oauth2/par`: a client pushes its authorization request instead of sending it by the browser (RFC 9126). */
import type { Call } from "../domain/call.ts";
import { isConfidential, type UserPoolClient } from "../domain/clients/client.ts";
import { pushedRequestSeconds, pushRequest } from "../domain/grants/pushed-request.ts";
import { countPush } from "../domain/limits/source-limits.ts";
import { oauthError } from "../errors/oauth.ts";
import { ServiceError } from "../errors/service-error.ts";
import { exposing } from "../protocol/cors.ts";
import { type Parameters, writeParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { jsonAnswer } from "./answers.ts";
import { checkBeforePush } from "./authorize/read-request.ts";
import { authenticateClient } from "./client-authentication.ts";
import { refuseClient } from "./client-refusal.ts";
import { nonceFor, proveKeyOf, withNonce } from "./dpop.ts";
import type { Endpoint, EndpointRequest } from "./endpoint.ts";

/** As much as an address may carry. */
const maxCharacters = 16_384;
/** What proves the client is no part of its request. */
const proofs = ["client_secret", "client_assertion", "client_assertion_type"];

export const par: Endpoint = {
  method: "POST",
  path: "/oauth2/par",
  event: "PushedAuthorizationRequest_POST",
  readOnly: true,
  handle: push,
  refuse: (call, request, error) =>
    withNonce(call, request, { error, answer: refuseClient(call, request, asRefusal(error)) }),
};

async function push(call: Call, request: EndpointRequest): Promise<WireAnswer> {
  const form = request.form();
  const client = await authenticateClient(call, request, form);
  const { pushedAuthorizationRequests: isOn = "off" } = client.extensions;
  if (isOn === "off") {
    throw oauthError("unauthorized_client", "This client may not push its requests.");
  }
  if (!isConfidential(client)) await countPush(call);
  const { pool } = request;
  const parameters = await readParametersOf(call, request, { client, form });
  await checkBeforePush(call, { pool, client, parameters });
  const requestUri = await pushRequest(call, { pool, client }, parameters);
  return jsonAnswer(
    { request_uri: requestUri, expires_in: pushedRequestSeconds },
    { status: 201, headers: exposing(nonceFor(call, request, { client })) },
  );
}

async function readParametersOf(
  call: Call,
  request: EndpointRequest,
  { client, form }: { client: UserPoolClient; form: Parameters },
): Promise<Parameters> {
  if (form.has("request_uri")) {
    throw oauthError("invalid_request", "request_uri cannot be pushed.");
  }
  const parameters = new Map([...form].filter(([name]) => !proofs.includes(name)));
  parameters.set("client_id", client.id);
  const key = await proveKeyOf(call, request, client);
  const named = parameters.get("dpop_jkt") ?? key;
  // RFC 9449 §10.1: the code is bound to the key that this request proves, and to no other.
  if (key !== undefined && named !== key) {
    throw oauthError("invalid_request", "dpop_jkt is another key than that of the proof.");
  }
  if (named !== undefined) parameters.set("dpop_jkt", named);
  if (writeParameters(parameters).length > maxCharacters) {
    throw oauthError("invalid_request", "The request is too long.");
  }
  return parameters;
}

/** The page's name for it is Cognito's; a client is told in the words of RFC 9126 §2.3. */
function asRefusal(error: ServiceError): ServiceError {
  return error.code === "redirect_mismatch"
    ? new ServiceError("invalid_request", "redirect_uri is not registered.")
    : error;
}
