/** The unmodified Amplify in a page of a real browser, for what Node has not: passkeys. */
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { build } from "vite";
import type { AmplifyInPage } from "./amplify-in-page.ts";
import type { AppPool } from "./app-pool.ts";
import type { TestBrowser } from "./browser.ts";
import type { Server } from "./server.ts";

declare global {
  /** In the page alone; what is evaluated there may use it. */
  var amplify: AmplifyInPage;
}

/** Amplify as one script that sets `amplify`. */
export async function bundleAmplify(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL("amplify-in-page.ts", import.meta.url)),
        formats: ["iife"],
        name: "inPage",
      },
    },
  });
  const [bundle] = Array.isArray(built) ? built : [built];
  const [script] = bundle && "output" in bundle ? bundle.output : [];
  if (script?.type !== "chunk") throw new Error("Amplify could not be bundled");
  return script.code;
}

/** An app's page at the server's own origin, whose device has an authenticator that verifies its user. */
export async function openApp(
  browser: TestBrowser,
  server: Server,
  given: { pool: AppPool; bundle: string },
): Promise<Page> {
  const page = await browser.open();
  const url = `${server.url}/app-of-this-test`;
  await page.route(url, (route) =>
    route.fulfill({ contentType: "text/html", body: "<!doctype html><title>App</title>" }),
  );
  await page.goto(url);
  await page.addScriptTag({ content: given.bundle });
  await page.evaluate(
    ({ userPoolId, userPoolClientId, userPoolEndpoint }) => {
      amplify.Amplify.configure({
        Auth: { Cognito: { userPoolId, userPoolClientId, userPoolEndpoint } },
      });
    },
    configOf(server, given.pool),
  );
  await addAuthenticator(page);
  return page;
}

function configOf(server: Server, { userPoolId, clientId }: AppPool) {
  return { userPoolId, userPoolClientId: clientId, userPoolEndpoint: server.url };
}

/** Gives the page's device an authenticator that holds passkeys and verifies its user. */
export async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
