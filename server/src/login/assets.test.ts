import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import Fastify from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { registerAssets } from "./assets.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "assets-"));
  await writeFile(join(dir, "login-abc123.css"), "body{}");
  await writeFile(join(dir, "secret.txt"), "secret");
});
afterEach(() => rm(dir, { recursive: true }));

async function get(file: string, headers: Record<string, string> = {}) {
  const app = Fastify();
  registerAssets(app, dir);
  const answer = await app.inject({ url: `/us-east-1_Pool/assets/${file}`, headers });
  await app.close();
  return answer;
}

test("a file of the pages is kept for ever, and packed where the browser can unpack it", async () => {
  const plain = await get("login-abc123.css");
  expect(plain.statusCode).toBe(200);
  expect(plain.body).toBe("body{}");
  expect(plain.headers).toMatchObject({
    "cache-control": "public, max-age=31536000, immutable",
    "content-type": "text/css; charset=utf-8",
    "x-content-type-options": "nosniff",
  });
  const packed = await get("login-abc123.css", { "accept-encoding": "gzip" });
  expect(packed.headers["content-encoding"]).toBe("gzip");
  expect(gunzipSync(packed.rawPayload).toString()).toBe("body{}");
});

test.each([
  "missing.css",
  "secret.txt",
  "..%2Fsecret.txt",
  "%2e%2e%2flogin.css",
  ".css",
  "a%00.css",
])("nothing else is served: %s", async (file) => {
  expect((await get(file)).statusCode).toBe(404);
});
