/** What only `poolhouse dev` has, over a test's server, with a few files where the built pages would be. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { createInbox, type Inbox } from "../dev/inbox.ts";
import type { DemoConfig } from "../dev/pages.ts";
import { registerDev } from "../dev/register.ts";
import { makeHttp } from "../protocol/http.ts";
import { type TestApp, testApp } from "./app.ts";

export const demoConfig: DemoConfig = {
  region: "us-east-1",
  userPoolEndpoint: "https://localhost:8443",
  apiEndpoint: "https://localhost:8443/_api/demo/dev",
  everyday: {
    userPoolId: "us-east-1_Poolhouse",
    userPoolClientId: "web",
    loginWith: { email: true },
    passwordFormat: {
      minLength: 8,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSpecialCharacters: true,
    },
    selfSignUp: true,
    mfa: "OFF",
    passkeys: "none",
    devices: false,
    sessions: false,
    recoveryCodes: false,
  },
};

export type TestDev = {
  readonly base: TestApp;
  readonly app: FastifyInstance;
  readonly inbox: Inbox;
  /** Holds `web` and `demo`, and beside them a `secret.txt`. */
  readonly dir: string;
  /** What the demo is told. */
  readonly demo: { config: DemoConfig | undefined };
  /** A request to localhost:8443. */
  ask(url: string, options?: InjectOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
};

/** Starts one of its own for a test. */
export async function testDev(): Promise<TestDev> {
  const dir = await makePages();
  const base = await testApp();
  const { clock, random, log } = base.context;
  const inbox = createInbox({ clock, random, log });
  const demo: TestDev["demo"] = { config: demoConfig };
  const app = makeHttp({ requestId: () => random.uuid(), clock, log, trustedProxies: [] });
  registerDev(app, {
    context: base.context,
    inbox,
    clock: { now: clock.now, advance: async (milliseconds) => base.clock.advance(milliseconds) },
    webDir: join(dir, "web"),
    demoDir: join(dir, "demo"),
    demoConfig: async () => demo.config,
    caFile: "/data/ca.pem",
    credentialsFile: "/data/credentials.env",
  });
  return {
    base,
    app,
    inbox,
    dir,
    demo,
    ask: (url, { headers, ...more } = {}) =>
      app.inject({ url, headers: { host: "localhost:8443", ...headers }, ...more }),
    async close() {
      await app.close();
      await base.close();
      await rm(dir, { recursive: true });
    },
  };
}

async function makePages(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "dev-"));
  const packed = brotliCompressSync("/* packed */");
  const files = {
    "secret.txt": "secret",
    "web/.built": "",
    "web/index.html": "<title>web</title>",
    "web/inbox.html": "<title>inbox</title>",
    "web/not-found.html": "<title>nothing here</title>",
    "web/assets/main-AbC_1-2.js": "/* web */",
    "demo/.built": "",
    "demo/index.html": "<title>demo</title>",
    "demo/assets/main-AbC_1-2.js": "/* demo */",
    "demo/assets/main-AbC_1-2.js.br": packed,
  };
  for (const folder of ["web", "demo"])
    await mkdir(join(dir, folder, "assets"), { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  return dir;
}
