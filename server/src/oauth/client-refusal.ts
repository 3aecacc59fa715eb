/** How endpoints that clients prove themselves to tell of a refusal. */
import type { Call } from "../domain/call.ts";
import type { ServiceError } from "../errors/service-error.ts";
import { exposing } from "../protocol/cors.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { jsonRefusal } from "./answers.ts";
import type { EndpointRequest } from "./endpoint.ts";

/** 401 for a client that is not proved, with the way in which it may be (RFC 6749 §5.2). */
export function refuseClient(
  _call: Call,
  { pool }: EndpointRequest,
  error: ServiceError,
): WireAnswer {
  if (error.code !== "invalid_client") return jsonRefusal(error);
  const headers = exposing({ "www-authenticate": `Basic realm="${pool.id}"` });
  return jsonRefusal(error, { status: 401, headers });
}

/** Cognito's token endpoint answers 400 all the same; in the hardened profile 401 to whoever tried by HTTP. */
export function refuseClientAtToken(
  call: Call,
  request: EndpointRequest,
  error: ServiceError,
): WireAnswer {
  const triedByHttp = request.header("authorization") !== undefined;
  const isHardened = request.pool.extensions.profile === "hardened";
  return triedByHttp && isHardened ? refuseClient(call, request, error) : jsonRefusal(error);
}
