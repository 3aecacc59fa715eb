import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { demoConfig, type TestDev, testDev } from "../testing/dev.ts";

let dev: TestDev;
beforeEach(async () => {
  dev = await testDev();
});
afterEach(() => dev.close());

test("pages run nothing but their own files, in nobody's frame", async () => {
  for (const [url, title] of [
    ["/", "web"],
    ["/inbox?to=a@b.c", "inbox"],
    ["/demo/", "demo"],
  ] as const) {
    const answer = await dev.ask(url);
    expect(answer.body).toBe(`<title>${title}</title>`);
    expect(answer.headers["content-type"]).toBe("text/html; charset=utf-8");
    expect(answer.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    });
    const policy = String(answer.headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("connect-src 'self' https://localhost:8443");
    expect(policy).toContain("frame-ancestors 'none'");
    const head = await dev.ask(url, { method: "HEAD" });
    expect(head.statusCode).toBe(200);
    expect(head.body).toBe("");
  }
  expect((await dev.ask("/demo")).headers["location"]).toBe("/demo/");
});

test("what pages load is kept for ever, and comes packed where it lies packed", async () => {
  const script = await dev.ask("/_poolhouse/ui/assets/main-AbC_1-2.js");
  expect(script.body).toBe("/* web */");
  expect(script.headers).toMatchObject({
    "content-type": expect.stringMatching(/^(text|application)\/javascript/),
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
  });
  const packed = await dev.ask("/demo/assets/main-AbC_1-2.js", {
    headers: { "accept-encoding": "br" },
  });
  expect(packed.headers).toMatchObject({ "content-encoding": "br", vary: "accept-encoding" });
  expect((await dev.ask("/demo/assets/main-AbC_1-2.js")).body).toBe("/* demo */");
  const head = await dev.ask("/demo/assets/main-AbC_1-2.js", { method: "HEAD" });
  expect([head.statusCode, head.body]).toEqual([200, ""]);
});

test("nothing else in the folders, or outside them, is served", async () => {
  for (const url of [
    "/demo/.built",
    "/_poolhouse/ui/.built",
    "/_poolhouse/ui/index.html",
    "/demo/assets/",
    "/demo/assets",
    "/demo/assets/main-AbC_1-2.js.br",
    "/demo/../secret.txt",
    "/demo/%2e%2e/secret.txt",
    "/demo/..%2fsecret.txt",
    "/demo/assets/..%2f..%2f..%2fsecret.txt",
    "/demo/assets/%2e%2e/%2e%2e/%2e%2e/secret.txt",
    "/demo//secret.txt",
    "/demo/assets/none.js",
  ]) {
    const answer = await dev.ask(url);
    expect([403, 404], url).toContain(answer.statusCode);
    expect(answer.body).not.toContain("secret");
  }
});

test("the demo's configuration may be read from anywhere, once there is one", async () => {
  const headers = { origin: "http://localhost:5173" };
  const answer = await dev.ask("/demo/config.json", { headers });
  expect(answer.json()).toEqual(demoConfig);
  expect(answer.headers).toMatchObject({
    "access-control-allow-origin": "*",
    "cache-control": "no-store",
  });
  dev.demo.config = undefined;
  const early = await dev.ask("/demo/config.json", { headers });
  expect(early.statusCode).toBe(404);
  expect(early.json().message).toContain("--stack demo/stack.yaml");
});

test("where nothing is, people get a page and programs get JSON", async () => {
  const page = await dev.ask("/nothing", { headers: { accept: "text/html,*/*" } });
  expect(page.statusCode).toBe(404);
  expect(page.body).toBe("<title>nothing here</title>");
  expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
  for (const options of [{}, { method: "PUT" as const, headers: { accept: "text/html" } }]) {
    const answer = await dev.ask("/_poolhouse/nothing", options);
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toEqual({ message: "There is nothing at this address." });
  }
});

test("pages that are not built say how to build them", async () => {
  await rm(join(dev.dir, "web"), { recursive: true });
  const answer = await dev.ask("/");
  expect(answer.statusCode).toBe(503);
  expect(answer.json().message).toContain("npm run build");
  expect((await dev.ask("/nothing", { headers: { accept: "text/html" } })).statusCode).toBe(404);
});
