import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDev, testDev } from "../testing/dev.ts";

let dev: TestDev;
beforeEach(async () => {
  dev = await testDev();
});
afterEach(() => dev.close());

const advance = (payload: unknown, contentType = "application/json") =>
  dev.ask("/_poolhouse/clock", {
    method: "POST",
    headers: { "content-type": contentType },
    payload: typeof payload === "string" ? payload : JSON.stringify(payload),
  });

test("the clock tells its time and moves on when asked to", async () => {
  const before = Date.parse((await dev.ask("/_poolhouse/clock")).json().now);
  const answer = await advance({ advanceSeconds: 3600.5 });
  expect(answer.statusCode).toBe(200);
  const after = Date.parse(answer.json().now);
  expect(after - before).toBeGreaterThanOrEqual(3_600_500);
  expect(after - before).toBeLessThan(3_660_000);
  expect(dev.base.clock.now()).toBeGreaterThanOrEqual(after);
});

test("the clock never goes back, nor further than times can be written, nor for what is not JSON", async () => {
  const before = dev.base.clock.now();
  for (const payload of [
    { advanceSeconds: -1 },
    { advanceSeconds: 1e12 },
    { advanceSeconds: "60" },
    { advanceSeconds: null },
    { advanceSeconds: 60, extra: 1 },
    {},
    [],
    null,
    "",
    `{"advanceSeconds": 60`,
    `{"advanceSeconds": 1, "advanceSeconds": 60}`,
    `{"advanceSeconds": NaN}`,
  ]) {
    expect((await advance(payload)).statusCode, JSON.stringify(payload)).toBe(400);
  }
  expect((await advance({ advanceSeconds: 60 }, "text/plain")).statusCode).toBe(415);
  expect((await advance("advanceSeconds=60", "application/x-www-form-urlencoded")).statusCode).toBe(
    415,
  );
  expect(dev.base.clock.now() - before).toBeLessThan(30_000);
  dev.base.clock.advance(Date.UTC(8995, 0, 1) - dev.base.clock.now());
  expect((await advance({ advanceSeconds: 315_360_000 })).statusCode).toBe(400);
});
