import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/** What the log says of one request: never a body, a query or a header that could hold a secret. */
export type RequestLine = {
  readonly method: string;
  /** The route's pattern, not what was asked for. */
  readonly route: string | undefined;
  /** The operation as the client named it, such as `AWSCognitoIdentityProviderService.SignUp`. */
  readonly operation: string | undefined;
  /** Absent when the client went away before the answer. */
  readonly status: number | undefined;
  /** The name of the error that was answered. Of a refusal that leaves no row in the trail this is all there is. */
  readonly error: string | undefined;
  readonly ms: number;
  readonly requestId: string;
  readonly sourceIp: string;
};

/** Tells of every request once it has ended; the health route only when it is not well. */
export function logRequests(app: FastifyInstance, tell: (line: RequestLine) => void): void {
  app.addHook("onResponse", async (request, reply) => {
    const isQuiet = request.routeOptions.url === "/_poolhouse/health" && reply.statusCode === 200;
    if (!isQuiet) tell(lineOf(request, reply, reply.statusCode));
  });
  app.addHook("onRequestAbort", async (request) => tell(lineOf(request, undefined, undefined)));
}

function lineOf(
  request: FastifyRequest,
  reply: FastifyReply | undefined,
  status: number | undefined,
): RequestLine {
  const target = request.headers["x-amz-target"];
  const error = reply?.getHeader("x-amzn-errortype");
  return {
    method: request.method,
    route: request.routeOptions.url,
    operation: typeof target === "string" && /^[\w.]{1,128}$/.test(target) ? target : undefined,
    status,
    error: typeof error === "string" ? error.replace(/:$/, "") : undefined,
    ms: Math.round(reply?.elapsedTime ?? 0),
    requestId: request.id,
    sourceIp: request.ip,
  };
}
