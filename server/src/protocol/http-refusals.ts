/** What is refused before any route: answered as AWS answers its common errors, so that SDKs can read it. */
import type { Socket } from "node:net";
import { ServiceError } from "../errors/service-error.ts";
import { answerError } from "./aws-json.ts";
import { openToOrigins } from "./cors.ts";
import type { WireAnswer } from "./wire.ts";

// Not imported: see http.ts.
const { STATUS_CODES } = process.getBuiltinModule("node:http");

/** Codes and sentences of AWS's "Common errors"; where it has none for a status, the nearest. */
const refusals: Readonly<Record<number, readonly [code: string, message: string]>> = {
  404: ["UnknownOperationException", ""],
  408: ["RequestTimeoutException", "Reading the request timed out."],
  413: ["RequestEntityTooLargeException", "The request entity is too large."],
  431: ["RequestEntityTooLargeException", "The request headers are too large."],
};
const malformed = [
  "MalformedHttpRequestException",
  "Problems with the request at the HTTP level.",
] as const;

/** The answer to a request that HTTP itself has an opinion on. */
export function refuseHttp(requestId: string, status: number): WireAnswer {
  const [code, message] = refusals[status] ?? malformed;
  return answerError(requestId, new ServiceError(code, message), status);
}

/** The status of an error that Fastify made of a request; undefined for one that is not the client's. */
export function clientStatus(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  const { statusCode } = error;
  const isClients = typeof statusCode === "number" && statusCode >= 400 && statusCode < 500;
  return isClients ? statusCode : undefined;
}

const socketStatuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
};

/** Answers bytes of which no request could be made, and hangs up. */
export function refuseSocket(
  socket: Socket,
  error: NodeJS.ErrnoException,
  about: { requestId: string; date: string },
): void {
  // Before the handshake nothing can be sent, and the socket would wait for ever until it was.
  if (error.code === "ERR_TLS_HANDSHAKE_TIMEOUT") {
    socket.destroy();
    return;
  }
  if (error.code !== "ECONNRESET" && socket.writable) {
    socket.write(
      rawAnswer(refuseHttp(about.requestId, socketStatuses[error.code ?? ""] ?? 400), about.date),
    );
  }
  socket.destroySoon();
}

function rawAnswer(answer: WireAnswer, date: string): string {
  const headers = {
    ...answer.headers,
    ...openToOrigins,
    date,
    connection: "close",
    "content-length": String(Buffer.byteLength(answer.body)),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${lines.join("")}\r\n${answer.body}`;
}
