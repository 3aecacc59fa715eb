/** An app that signs its users in on the hosted pages with the unmodified Amplify, and keeps what Amplify tells of it. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { Page } from "playwright-core";
import { type AppPool, createAppPool } from "./app-pool.ts";
import { freePort, type Server } from "./server.ts";

/** An event of Amplify's Hub, as far as tests look at it. */
export type AuthEvent = { readonly event: string; readonly data?: unknown };

declare global {
  /** In the page alone: what the Hub has told since it was loaded. */
  var heard: AuthEvent[];
}

/** The app at an origin of its own, as apps are, with its pool. */
export type RedirectApp = AppPool & { readonly url: string; close(): void };

/** Serves the app, and makes it a pool whose client sends its users to the hosted pages and gets them back there. */
export async function serveRedirectApp(server: Server, bundle: string): Promise<RedirectApp> {
  let html = "";
  const http = createServer(({ url }, response) => {
    const isScript = url === "/amplify.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? bundle : html);
  });
  http.listen(await freePort(), "localhost");
  await once(http, "listening");
  const address = http.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const url = `http://localhost:${port}/`;
  const pool = await createAppPool(server.client(), {
    client: {
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "email", "aws.cognito.signin.user.admin"],
      SupportedIdentityProviders: ["COGNITO"],
      CallbackURLs: [url],
      LogoutURLs: [`${url}?signed=out`],
    },
  });
  html = htmlOf(configOf(server, { ...pool, url }));
  return { ...pool, url, close: () => void http.close() };
}

/** Resolves with what the Hub told under this name, once it did. */
export async function hear(page: Page, event: string): Promise<unknown> {
  const told = await page.waitForFunction(
    (name) => globalThis.heard?.find((each) => each.event === name),
    event,
  );
  return ((await told.jsonValue()) as AuthEvent).data;
}

function configOf(server: Server, given: AppPool & { url: string }) {
  const { userPoolId, clientId, url } = given;
  return {
    Auth: {
      Cognito: {
        userPoolId,
        userPoolClientId: clientId,
        userPoolEndpoint: server.url,
        loginWith: {
          oauth: {
            domain: `${new URL(server.url).host}/${userPoolId}`,
            scopes: ["openid", "email", "aws.cognito.signin.user.admin"],
            redirectSignIn: [url],
            redirectSignOut: [`${url}?signed=out`],
            responseType: "code",
          },
        },
      },
    },
  };
}

function htmlOf(config: object): string {
  return `<!doctype html><html lang="en"><title>App</title><link rel="icon" href="data:,">
    <script src="/amplify.js"></script>
    <script>
      globalThis.heard = [];
      amplify.Hub.listen("auth", ({ payload }) => heard.push({
        event: payload.event,
        data: payload.data?.error ? { message: payload.data.error.message } : payload.data,
      }));
      amplify.Amplify.configure(${JSON.stringify(config)});
    </script>`;
}
