/** The listener's side of every route: request ids, raw bodies, limits, the date, errors before any route. */
import type { Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { TlsOptions } from "node:tls";
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerFactoryHandler,
  type FastifyServerOptions,
} from "fastify";
import { ServiceError } from "../errors/service-error.ts";
import type { Clock } from "../lib/clock.ts";
import { answerError } from "./aws-json.ts";
import { allowOrigins, openToOrigins } from "./cors.ts";
import { clientStatus, refuseHttp, refuseSocket } from "./http-refusals.ts";
import { lingerOnClose } from "./linger.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

// An import of node:http would load undici for what it re-exports: 15 ms at every start.
const { createServer } = process.getBuiltinModule("node:http");

/** 1 MB holds the largest request of any operation. */
const BODY_LIMIT_BYTES = 1_000_000;
/** Twice Node's own: a browser sends this host the cookies of every app on any port of `localhost`. */
const HEADER_LIMIT_BYTES = 32_768;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the minute after which load balancers give up a connection, so that they and not we close it. */
const KEEP_ALIVE_MS = 65_000;
const IDLE_MS = 70_000;

/** Whose X-Forwarded-For counts: that of these addresses and ranges, or of whoever connects. */
export type TrustedProxies = readonly string[] | "peer";

export type HttpOptions = {
  readonly requestId: () => string;
  /** The `Date` header shows its time. */
  readonly clock: Clock;
  readonly log: { error(about: object, message: string): void };
  readonly https?: TlsOptions;
  readonly trustedProxies: TrustedProxies;
  /** The address as which a request is routed that came to a host of its own. */
  readonly rewrite?: (host: string, url: string) => string;
  /** How long a client may take for a TLS handshake, and to send one request, from its first byte to its last. */
  readonly requestTimeoutMs?: number;
};

/** A Fastify instance with raw bodies and the limits that hold on every route. */
export function makeHttp(options: HttpOptions): FastifyInstance {
  const date = () => new Date(options.clock.now()).toUTCString();
  const settings: FastifyServerOptions = {
    serverFactory: (handler) => makeServer(handler, options),
    bodyLimit: BODY_LIMIT_BYTES,
    trustProxy: trustProxy(options.trustedProxies),
    genReqId: options.requestId,
    // X-Amz-Target decides before any path does: AWS's clients are given endpoints with paths of all kinds.
    rewriteUrl({ method, headers, url = "/" }) {
      const routed = options.rewrite?.(headers.host ?? "", url) ?? url;
      const isTarget = method === "POST" && headers["x-amz-target"] !== undefined;
      return routed === url && isTarget ? "/" : routed;
    },
    logger: false,
    exposeHeadRoutes: false,
    // No route has a schema, and without this Fastify loads two compilers for them at every start.
    schemaController: {
      compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas },
    },
    // What arrives while the server closes is still answered; its connection ends with the answer.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) =>
      refuseSocket(socket, error, { requestId: options.requestId(), date: date() }),
    // For an address that cannot be decoded no hook runs.
    frameworkErrors(error, request, reply) {
      const answer = refuseHttp(request.id, clientStatus(error) ?? 400);
      const headers = { ...answer.headers, ...openToOrigins, date: date() };
      reply.raw.writeHead(answer.status, headers).end(answer.body);
    },
  };
  const app = Fastify(settings);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", async (request, reply) => {
    nameLocalPeer(request);
    reply.headers({ date: date(), "x-amzn-requestid": request.id });
    await allowOrigins(request, reply);
  });
  app.setErrorHandler((error, request, reply) => {
    if (clientStatus(error) === 413) lingerOnClose(request.raw);
    return sendWire(reply, answerFor(error, request, options));
  });
  return app;
}

function noSchemas(): never {
  throw new Error("routes have no schemas here");
}

function makeServer(handler: FastifyServerFactoryHandler, options: HttpOptions): Server {
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS } = options;
  const limits = {
    maxHeaderSize: HEADER_LIMIT_BYTES,
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: requestTimeoutMs / 10,
    keepAliveTimeout: KEEP_ALIVE_MS,
  };
  const server = options.https
    ? createTlsServer({ ...options.https, ...limits, handshakeTimeout: requestTimeoutMs }, handler)
    : createServer(limits, handler);
  server.setTimeout(IDLE_MS);
  return server;
}

/** A unix socket has no address; whoever reaches it without a proxy is on this machine. */
function nameLocalPeer({ raw }: FastifyRequest): void {
  if (raw.socket.remoteAddress === undefined) raw.headers["x-forwarded-for"] ||= "127.0.0.1";
}

type TrustProxy = Exclude<FastifyServerOptions["trustProxy"], undefined>;

function trustProxy(trusted: TrustedProxies): TrustProxy {
  // One hop: the peer is believed, and what it says it got from others is not.
  if (trusted === "peer") return (_address, hop) => hop === 0;
  return trusted.length > 0 ? [...trusted] : false;
}

function answerFor(error: unknown, request: FastifyRequest, { log }: HttpOptions): WireAnswer {
  if (error instanceof ServiceError) return answerError(request.id, error);
  const status = clientStatus(error);
  if (status !== undefined) return refuseHttp(request.id, status);
  log.error({ requestId: request.id, err: error }, "a route failed unexpectedly");
  const failure = new ServiceError("InternalFailure", "", { fault: "server" });
  return answerError(request.id, failure);
}

/** Answers an address that no route knows. */
export function refuseUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendWire(reply, refuseHttp(request.id, 404));
}

/** The request as the AWS protocols read it. */
export function wireRequest(request: FastifyRequest): WireRequest {
  return {
    requestId: request.id,
    method: request.method,
    rawUrl: request.originalUrl,
    rawHeaders: request.raw.rawHeaders,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    sourceIp: request.ip,
    userAgent: request.headers["user-agent"] ?? "",
  };
}

/** Sends what a protocol rendered, to the byte: to the content type of a string Fastify would add a charset. */
export function sendWire(reply: FastifyReply, answer: WireAnswer): FastifyReply {
  if (answer.cookies?.length) reply.header("set-cookie", [...answer.cookies]);
  reply.code(answer.status).headers(answer.headers);
  // Of nothing Fastify would say that it is bytes.
  return answer.body === "" ? reply.send() : reply.send(Buffer.from(answer.body));
}
