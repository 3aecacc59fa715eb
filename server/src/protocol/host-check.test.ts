import Fastify from "fastify";
import { expect, test } from "vitest";
import { requireHosts } from "./host-check.ts";

function app() {
  const listener = Fastify();
  requireHosts(listener, ["127.0.0.1:8080", "localhost:8080"]);
  listener.get("/", async () => "hello");
  return listener;
}

test.each(["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080"])(
  "%s is answered",
  async (host) => {
    expect((await app().inject({ url: "/", headers: { host } })).statusCode).toBe(200);
  },
);

test.each(["evil.example:8080", "localhost", "localhost:8081", "localhost.evil.example:8080", ""])(
  "%s is refused, on routes that there are and on others",
  async (host) => {
    for (const url of ["/", "/none"]) {
      const answer = await app().inject({ url, headers: { host } });
      expect(answer.statusCode).toBe(421);
      expect(answer.body).not.toContain("hello");
    }
  },
);
