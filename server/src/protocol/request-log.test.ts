import { once } from "node:events";
import { connect } from "node:net";
import Fastify from "fastify";
import { expect, test } from "vitest";
import { logRequests, type RequestLine } from "./request-log.ts";

function listener() {
  const lines: RequestLine[] = [];
  const app = Fastify({ genReqId: () => "id-1" });
  logRequests(app, (line) => lines.push(line));
  app.post("/*", async (_request, reply) =>
    reply.code(400).header("x-amzn-errortype", "UnknownOperationException:").send("no"),
  );
  app.get("/:poolId/keys", async () => "keys");
  app.get("/_poolhouse/health", async (request, reply) =>
    reply.code(request.headers["x-sick"] ? 503 : 200).send(""),
  );
  return { app, lines };
}

test("a request leaves one line with what happened, and nothing of what was sent", async () => {
  const { app, lines } = listener();
  await app.inject({
    method: "POST",
    url: "/?code=s3cret",
    headers: {
      authorization: "Bearer s3cret",
      cookie: "session=s3cret",
      "content-type": "text/plain",
      "x-amz-target": "AWSCognitoIdentityProviderService.SignUp",
    },
    payload: "s3cret",
  });
  expect(lines).toEqual([
    {
      method: "POST",
      route: "/*",
      operation: "AWSCognitoIdentityProviderService.SignUp",
      status: 400,
      error: "UnknownOperationException",
      ms: expect.any(Number),
      requestId: "id-1",
      sourceIp: "127.0.0.1",
    },
  ]);
});

test("the line names the route and not what stood in its place", async () => {
  const { app, lines } = listener();
  await app.inject("/s3cret/keys");
  expect(lines).toMatchObject([{ route: "/:poolId/keys", operation: undefined, status: 200 }]);
});

test("a target that is no name is left out", async () => {
  const { app, lines } = listener();
  await app.inject({ method: "POST", url: "/", headers: { "x-amz-target": "a\u001b[31m" } });
  expect(lines[0]?.operation).toBeUndefined();
});

test("health is told only when there is none", async () => {
  const { app, lines } = listener();
  await app.inject("/_poolhouse/health");
  expect(lines).toEqual([]);
  await app.inject({ url: "/_poolhouse/health", headers: { "x-sick": "1" } });
  expect(lines).toMatchObject([{ status: 503 }]);
});

test("a client that goes away before the answer leaves a line without a status", async () => {
  const told = Promise.withResolvers<RequestLine>();
  const app = Fastify();
  const reached = Promise.withResolvers<void>();
  logRequests(app, told.resolve);
  app.get("/slow", () => {
    reached.resolve();
    return new Promise(() => undefined);
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  const socket = connect(typeof address === "object" && address ? address.port : 0, "127.0.0.1");
  await once(socket, "connect");
  socket.write("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n");
  await reached.promise;
  socket.destroy();
  expect(await told.promise).toMatchObject({ route: "/slow", status: undefined });
  app.server.closeAllConnections();
  await app.close();
});
