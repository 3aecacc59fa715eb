import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        // What the build of the hosted pages puts in (web/vite.login.config.ts).
        define: { LOGIN_ASSETS: JSON.stringify({ css: "login.css", js: "login.js" }) },
        test: {
          name: "unit",
          include: [
            "server/src/**/*.test.ts",
            "client/src/**/*.test.ts",
            "web/src/**/*.test.{ts,tsx}",
            "scripts/**/*.test.js",
          ],
          globalSetup: "server/src/testing/shared-databases.ts",
          provide: { engine: "sqlite" },
          // Patience for a busy machine; no test measures time.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        // What clients and browsers reach once more, over the other engine.
        test: {
          name: "postgres",
          include: ["server/src/{operations,oauth,login}/**/*.test.ts"],
          globalSetup: "server/src/testing/shared-databases.ts",
          provide: { engine: "postgres" },
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["e2e/**/*.test.ts"],
          provide: { engine: "sqlite" },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
      {
        // Every flow that the client libraries have, over the other engine.
        test: {
          name: "e2e-postgres",
          include: ["e2e/{amplify,identity-js,hosted-login,oauth,passport,nextjs}*.test.ts"],
          provide: { engine: "postgres" },
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
