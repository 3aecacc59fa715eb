/** The gateway's routes: `/_api/<apiId>/<stage>/<path>`, answered and refused as API Gateway does. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Call, closeCall, makeCall } from "../domain/call.ts";
import type { Context } from "../domain/context.ts";
import { forbidden, internalServerError, missingAuthenticationToken } from "../errors/gateway.ts";
import { ServiceError } from "../errors/service-error.ts";
import { sendWire } from "../protocol/http.ts";
import type { WireAnswer } from "../protocol/wire.ts";
import { authorize } from "./authorize.ts";
import type { RestApi, Route } from "./rest-api.ts";

const statuses: Readonly<Record<string, number>> = {
  UnauthorizedException: 401,
  InternalServerErrorException: 500,
};

/** Serves these APIs; with none of them every path below `/_api/` is refused. */
export function registerGateway(
  app: FastifyInstance,
  context: Context,
  apis: readonly RestApi[],
): void {
  app.addConstraintStrategy(amzTarget);
  app.route({
    method: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    url: "/_api/*",
    constraints: { [amzTarget.name]: "none" },
    handler: async (request, reply) => sendWire(reply, await answer(context, apis, request)),
  });
}

type Strategy = Parameters<FastifyInstance["addConstraintStrategy"]>[0];
type RouteHandler = NonNullable<ReturnType<ReturnType<Strategy["storage"]>["get"]>>;

/** A request that names an operation in X-Amz-Target is for that operation, whatever its path. */
const amzTarget: Strategy = {
  name: "amzTarget",
  storage() {
    const handlers = new Map<unknown, RouteHandler>();
    return {
      get: (value) => handlers.get(value) ?? null,
      set: (value, handler) => void handlers.set(value, handler),
    };
  },
  deriveConstraint: ({ method, headers }) =>
    method === "POST" && "x-amz-target" in headers ? "operation" : "none",
};

async function answer(
  context: Context,
  apis: readonly RestApi[],
  request: FastifyRequest,
): Promise<WireAnswer> {
  try {
    const { api, route } = findRoute(apis, request);
    const body = await invoke(callOf(context, request, { api, route }), route, request);
    return wire(request, 200, { body });
  } catch (error) {
    const refusal = error instanceof ServiceError ? error : unexpected(context, request, error);
    const headers = { "x-amzn-errortype": refusal.code };
    const body = { message: refusal.message };
    return wire(request, statuses[refusal.code] ?? 403, { body, headers });
  }
}

/** Compared as received: a path in another spelling is another path, so that nobody reads it twice. */
function findRoute(apis: readonly RestApi[], request: FastifyRequest) {
  const [path = ""] = (request.raw.url ?? "").split("?");
  const [, , apiId, stage, ...rest] = path.split("/");
  const api = apis.find((each) => each.id === apiId && each.stage === stage);
  if (!api) throw forbidden();
  const wanted = `/${rest.join("/")}`;
  const route = api.routes.find((each) => each.method === request.method && each.path === wanted);
  if (!route) throw missingAuthenticationToken();
  return { api, route };
}

function callOf(
  context: Context,
  request: FastifyRequest,
  { api, route }: { api: RestApi; route: Route },
): Call {
  const call = makeCall(context, {
    service: "execute-api",
    operation: "Invoke",
    readOnly: route.method === "GET",
    requestId: request.id,
    sourceIp: request.ip,
    userAgent: request.headers["user-agent"] ?? "",
  });
  const { id: apiId, stage } = api;
  call.about.requestParameters = { apiId, stage, method: route.method, path: route.path };
  return call;
}

async function invoke(call: Call, route: Route, request: FastifyRequest): Promise<object> {
  try {
    const caller = await authorize(call, route.authorizer, request.headers.authorization);
    const body = await route.handle(call, caller);
    await closeCall(call);
    return body;
  } catch (error) {
    if (error instanceof ServiceError) await closeCall(call, error);
    throw error;
  }
}

function wire(
  request: FastifyRequest,
  status: number,
  given: { body: object; headers?: Record<string, string> },
): WireAnswer {
  return {
    status,
    headers: {
      "content-type": "application/json",
      // What an API says to one caller is nobody else's.
      "cache-control": "no-store",
      "x-amzn-requestid": request.id,
      ...given.headers,
    },
    body: JSON.stringify(given.body),
  };
}

function unexpected(context: Context, request: FastifyRequest, error: unknown): ServiceError {
  context.log.error({ requestId: request.id, err: error }, "an API call failed unexpectedly");
  return internalServerError();
}
