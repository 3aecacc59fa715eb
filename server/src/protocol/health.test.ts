import Fastify from "fastify";
import { expect, test } from "vitest";
import { registerHealth } from "./health.ts";

async function ask(ping: () => Promise<void>, { times = 1, patienceMs = 1_000 } = {}) {
  const app = Fastify();
  registerHealth(app, ping, patienceMs);
  const asking = Array.from({ length: times }, () => app.inject("/_poolhouse/health"));
  return await Promise.all(asking);
}

test("a store that answers is health", async () => {
  const [answer] = await ask(async () => undefined);
  expect(answer).toMatchObject({ statusCode: 200, body: '{"status":"ok"}' });
  expect(answer?.headers["content-type"]).toMatch(/^application\/json/);
  expect(answer?.headers["cache-control"]).toBe("no-store");
});

test("a store that fails is not, and why is nobody's business", async () => {
  const [answer] = await ask(() => Promise.reject(new Error("password authentication failed")));
  expect(answer).toMatchObject({ statusCode: 503, body: '{"status":"unavailable"}' });
});

test("a store that does not answer in time is not", async () => {
  const [answer] = await ask(() => new Promise(() => undefined), { patienceMs: 1 });
  expect(answer?.statusCode).toBe(503);
});

test("however many ask at once, the store is asked once, and again later", async () => {
  let asked = 0;
  const answered = Promise.withResolvers<void>();
  const app = Fastify();
  registerHealth(app, () => {
    asked += 1;
    return answered.promise;
  });
  const asking = Array.from({ length: 20 }, () => app.inject("/_poolhouse/health"));
  const [first] = asking;
  setImmediate(() => answered.resolve());
  await Promise.all(asking);
  expect((await first)?.statusCode).toBe(200);
  expect(asked).toBe(1);
  await app.inject("/_poolhouse/health");
  expect(asked).toBe(2);
});
