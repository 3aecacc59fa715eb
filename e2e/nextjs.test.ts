/**
 * docs/guides/nextjs.md: a Next.js app with Amplify's adapter, which keeps tokens in cookies that no script can read. It
 * insists on AWS's issuer, so the pool has it, and on fetching its keys there, which a preloaded file leads here.
 */
import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import { makeNextPool, type NextPool } from "./harness/next-pool.ts";
import { freePort, root, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

const folder = join(root, "e2e/nextjs");
const next = join(folder, "node_modules/next/dist/bin/next");
const guide = "docs/guides/nextjs.md";

let server: Server;
let pool: NextPool;
let origin: string;
let browser: TestBrowser;
let stopNext: () => void;

beforeAll(async () => {
  server = await startServer();
  trust(server);
  origin = `http://localhost:${await freePort()}`;
  pool = await makeNextPool(server, origin);
  const env = {
    ...{ PATH: process.env["PATH"], HOME: server.dataDir, NEXT_TELEMETRY_DISABLED: "1" },
    ...{ POOL_ID: pool.userPoolId, CLIENT_ID: pool.clientId, SERVER_URL: server.url },
    ...{ AMPLIFY_APP_ORIGIN: origin, NODE_EXTRA_CA_CERTS: server.caFile },
    NODE_OPTIONS: "--require ./keys-from-poolhouse.cjs",
  };
  const built = spawnSync(process.execPath, [next, "build"], { cwd: folder, env });
  if (built.status !== 0) throw new Error(`${built.stdout}${built.stderr}`);
  const app = spawn(process.execPath, [next, "start", "--port", new URL(origin).port], {
    ...{ cwd: folder, env, stdio: ["ignore", "pipe", "inherit"] },
  });
  stopNext = () => void app.kill();
  for await (const line of createInterface({ input: app.stdout })) {
    if (line.includes("Ready")) break;
  }
  browser = await startBrowser(server.caFile);
});
afterAll(async () => {
  stopNext?.();
  await browser?.close();
  await stopAll();
});

const visitor = (): Promise<Page> => browser.open();

test("a user signs in on the hosted page, is known to the app's server, and signs out", async () => {
  const page = await visitor();
  await page.goto(origin);
  await page.getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel(/e-?mail/i).fill(pool.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: `Signed in as ${pool.email}` }).waitFor();
  const cookies = await page.context().cookies(origin);
  const tokens = cookies.filter(({ name }) => /\.(accessToken|idToken|refreshToken)$/.test(name));
  expect(tokens.map(({ httpOnly }) => httpOnly)).toEqual([true, true, true]);
  expect(await page.evaluate("document.cookie")).not.toContain("Token");

  await page.getByRole("link", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Nobody is signed in" }).waitFor();
  expect((await page.context().cookies(server.url)).map(({ name }) => name)).not.toContain(
    `__Host-cognito-${pool.userPoolId}`,
  );
});

test("a new user signs up on the hosted page and comes back signed in", async () => {
  const page = await visitor();
  const email = `new-${Date.now()}@example.com`;
  await page.goto(origin);
  await page.getByRole("link", { name: "Sign up" }).click();
  await page.getByLabel(/e-?mail/i).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: /create|sign up/i }).click();
  const { code } = await server.message(email);
  await page.getByLabel(/code/i).fill(code ?? "");
  await page.getByRole("button", { name: /confirm|verify|continue/i }).click();
  await page.getByRole("heading", { name: `Signed in as ${email}` }).waitFor();
});

test.each(["amplify.js", "app/api/auth/[slug]/route.js", "app/page.js", "keys-from-poolhouse.cjs"])(
  "the guide shows %s",
  (file) => {
    const source = readFileSync(join(folder, file), "utf8");
    const language = file.endsWith("page.js") ? "jsx" : "js";
    expect(readFileSync(join(root, guide), "utf8")).toContain(
      `\n\`\`\`${language}\n${source}\`\`\`\n`,
    );
  },
);
