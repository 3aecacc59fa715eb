/** Servers that outbound requests reach in tests. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";
import { createHttpClient } from "../outbound/http.ts";

export type Received = Pick<IncomingMessage, "method" | "url" | "headers" | "rawHeaders"> & {
  readonly body: string;
};

/** Answers each request as `answer` says and notes what came; it ends with the test. */
export async function httpServer(
  answer: (received: Received) => { status: number; body?: string },
): Promise<{ origin: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers, rawHeaders } = request;
    const got = { method, url, headers, rawHeaders, body: await text(request) };
    received.push(got);
    const { status, body = "" } = answer(got);
    response.writeHead(status).end(body);
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  onTestFinished(async () => {
    await new Promise((done) => server.close(done));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** A client that reaches them. */
export const localHttp = createHttpClient({ allowedPrivateHosts: ["127.0.0.1"] });
