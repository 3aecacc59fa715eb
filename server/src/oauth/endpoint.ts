/** One endpoint of a pool: what it is called in the trail, what it does, and how it tells of a refusal. */
import { isUtf8 } from "node:buffer";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Call, closeCall, makeCall } from "../domain/call.ts";
import type { Context } from "../domain/context.ts";
import { admitSource, countRefusal } from "../domain/limits/source-limits.ts";
import { notePool, type UserPool } from "../domain/pools/pool.ts";
import { userPoolNotFound } from "../errors/cognito-idp.ts";
import { oauthError } from "../errors/oauth.ts";
import { Overloaded } from "../errors/overloaded.ts";
import { ServiceError } from "../errors/service-error.ts";
import { readCookies } from "../protocol/cookies.ts";
import { sendWire } from "../protocol/http.ts";
import { type Parameters, readParameters } from "../protocol/parameters.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { type Place, placeOf } from "./place.ts";

export type EndpointRequest = Place & {
  readonly requestId: string;
  readonly method: string;
  /** Below the pool's prefix. */
  readonly path: string;
  /** As it was received. */
  readonly rawQuery: string;
  /** Each is read when it is asked for, and throws `invalid_request` where it is none. */
  readonly query: () => Parameters;
  readonly form: () => Parameters;
  header(name: string): string | undefined;
  cookie(name: string): string | undefined;
};

export type Endpoint = {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Where it is, if not below the pool's prefix. */
  readonly url?: `${string}/:poolId`;
  /** Its name in the trail, as CloudTrail has it for hosted login where it has one. */
  readonly event: string;
  /** Whether a success that changes nothing leaves no row. */
  readonly readOnly?: boolean;
  handle(call: Call, request: EndpointRequest): WireAnswer | Promise<WireAnswer>;
  refuse(
    call: Call,
    request: EndpointRequest,
    error: ServiceError,
  ): WireAnswer | Promise<WireAnswer>;
};

/** Refusals that come by the thousand: of a source that does too much, and of a device that waits for its user. */
const unrecorded: ReadonlySet<string> = new Set([
  "TooManyRequestsException",
  "authorization_pending",
  "slow_down",
]);

const QUERY_CHARACTERS = 16_384;
const FORM_CHARACTERS = 65_536;

type RoutedRequest = FastifyRequest<{ Params: { poolId: string } }>;

/** Serves endpoints of every pool, at each of its addresses. */
export function registerEndpoints(
  app: FastifyInstance,
  context: Context,
  endpoints: readonly Endpoint[],
): void {
  for (const endpoint of endpoints) {
    app.route<{ Params: { poolId: string } }>({
      method: endpoint.method,
      url: endpoint.url ?? `/:poolId${endpoint.path}`,
      handler: async (request, reply) => {
        const answer = await answerFor(context, endpoint, request);
        return sendWire(reply, answer);
      },
    });
  }
}

async function answerFor(
  context: Context,
  endpoint: Endpoint,
  request: RoutedRequest,
): Promise<WireAnswer> {
  const { poolId } = request.params;
  const place = await placeOf(context, { host: request.headers.host ?? "", poolId });
  if (!place) return refuseUnknownPool(poolId);
  const call = openCall(context, endpoint, { request, pool: place.pool });
  const asked = readRequest(request, place, endpoint.path);
  try {
    await admitSource(call, {});
    const answer = await endpoint.handle(call, asked);
    await closeCall(call);
    return answer;
  } catch (error) {
    const refusal = error instanceof ServiceError ? error : unexpected(call, error);
    if (!unrecorded.has(refusal.code)) await closeCall(call, refusal);
    return endpoint.refuse(call, asked, await countRefusal(call, refusal));
  }
}

function openCall(
  context: Context,
  { event, readOnly = false }: Endpoint,
  { request, pool }: { request: RoutedRequest; pool: UserPool },
): Call {
  const call = makeCall(context, {
    service: "cognito-idp",
    operation: event,
    readOnly,
    requestId: request.id,
    sourceIp: request.ip,
    userAgent: request.headers["user-agent"] ?? "",
    isHosted: true,
  });
  notePool(call, pool);
  return call;
}

function readRequest(request: RoutedRequest, place: Place, path: string): EndpointRequest {
  const cookies = readCookies(request.headers.cookie);
  const url = request.originalUrl;
  const at = url.indexOf("?");
  const rawQuery = at < 0 ? "" : url.slice(at + 1);
  return {
    ...place,
    requestId: request.id,
    method: request.method,
    path,
    rawQuery,
    query: () => readParameters(rawQuery, QUERY_CHARACTERS),
    form: () => readForm(request),
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    cookie: (name) => cookies.get(name),
  };
}

function readForm(request: FastifyRequest): Parameters {
  const [type = ""] = (request.headers["content-type"] ?? "").split(";", 1);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  if (type.trim().toLowerCase() !== "application/x-www-form-urlencoded") {
    throw oauthError("invalid_request", "Send application/x-www-form-urlencoded.");
  }
  if (!isUtf8(body)) throw oauthError("invalid_request", "The form is no text.");
  return readParameters(body.toString("utf8"), FORM_CHARACTERS);
}

function unexpected(call: Call, error: unknown): ServiceError {
  if (error instanceof Overloaded) return oauthError("temporarily_unavailable");
  call.log.error(
    { requestId: call.facts.requestId, err: error },
    "an endpoint failed unexpectedly",
  );
  return new ServiceError("server_error", "Something went wrong. Try again.", { fault: "server" });
}

/** Whoever asks for a pool that is not there is told as the API tells it. */
function refuseUnknownPool(poolId: string): WireAnswer {
  const { message } = userPoolNotFound(poolId);
  return {
    status: 400,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify({ message }),
  };
}
