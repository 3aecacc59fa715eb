import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDev, testDev } from "../testing/dev.ts";

let dev: TestDev;
beforeEach(async () => {
  dev = await testDev();
});
afterEach(() => dev.close());

const everything = ["/", "/inbox", "/demo/", "/_poolhouse/inbox", "/_poolhouse/clock"];

test("another host than this server's is refused, as after rebinding a name to this machine", async () => {
  for (const url of [...everything, "/_poolhouse/dev.json", "/demo/config.json"]) {
    for (const host of [
      "evil.example",
      "evil.example:8443",
      "localhost:9999",
      "localhost.evil:8443",
      "",
    ]) {
      const answer = await dev.ask(url, { headers: { host } });
      expect(answer.statusCode, `${host}${url}`).toBe(421);
      expect(answer.json()).toEqual({
        message: "This server is at https://localhost:8443, not at that host.",
      });
    }
    for (const host of ["localhost:8443", "127.0.0.1:8443", "[::1]:8443", "LOCALHOST:8443"]) {
      expect((await dev.ask(url, { headers: { host } })).statusCode, `${host}${url}`).toBe(200);
    }
  }
});

test("a page of another origin can neither read nor change anything", async () => {
  const before = dev.base.clock.now();
  for (const origin of ["https://evil.example", "https://localhost:5173", "null", "not a URL"]) {
    for (const url of [
      "/_poolhouse/inbox",
      "/_poolhouse/clock",
      "/_poolhouse/dev.json",
      "/%5Fpoolhouse/inbox",
    ]) {
      const answer = await dev.ask(url, { headers: { origin } });
      expect(answer.statusCode, `${origin} ${url}`).toBe(403);
      expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    }
    const moved = await dev.ask("/_poolhouse/clock", {
      method: "POST",
      headers: { origin, "content-type": "application/json" },
      payload: `{"advanceSeconds": 60}`,
    });
    expect(moved.statusCode).toBe(403);
  }
  const script = await dev.ask("/_poolhouse/inbox", {
    headers: { "sec-fetch-site": "cross-site" },
  });
  expect(script.statusCode).toBe(403);
  expect(dev.base.clock.now() - before).toBeLessThan(30_000);
  const preflight = await dev.ask("/_poolhouse/clock", {
    method: "OPTIONS",
    headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
  });
  expect(preflight.headers).not.toHaveProperty("access-control-allow-origin");
});

test("its own pages may", async () => {
  const headers = { origin: "https://localhost:8443", "sec-fetch-site": "same-origin" };
  expect((await dev.ask("/_poolhouse/inbox", { headers })).statusCode).toBe(200);
});
