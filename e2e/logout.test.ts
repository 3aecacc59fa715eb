/** Signing out at the hosted pages from another site, in Chromium, and what the other apps are told of it. */
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { JwtVerifier } from "aws-jwt-verify";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { makeAppUser } from "./harness/amplify.ts";
import { type AppPool, createAppPool } from "./harness/app-pool.ts";
import { startBrowser, type TestBrowser } from "./harness/browser.ts";
import { operate } from "./harness/operate.ts";
import { freePort, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

let server: Server;
let browser: TestBrowser;
let app: AppPool & { url: string; told: string[]; close(): void };
let username: string;
let page: Page;

/** An app of one page; what is posted to it is kept. */
async function serveApp(): Promise<typeof app> {
  const told: string[] = [];
  const http = createServer(async (request, response) => {
    if (request.method === "POST") told.push(await text(request));
    response.setHeader("content-type", "text/html");
    response.end('<!doctype html><title>App</title><link rel="icon" href="data:,"><h1>App</h1>');
  });
  const port = await freePort();
  http.listen(port, "localhost");
  await once(http, "listening");
  const url = `http://localhost:${port}/`;
  const pool = await createAppPool(server.client(), {
    client: {
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ["code"],
      AllowedOAuthScopes: ["openid", "email"],
      SupportedIdentityProviders: ["COGNITO"],
      CallbackURLs: [url],
      LogoutURLs: [`${url}left`],
    },
  });
  await operate(server, "PutUserPoolClientExtensions", {
    UserPoolId: pool.userPoolId,
    ClientId: pool.clientId,
    Extensions: { RpInitiatedLogout: "on", BackChannelLogoutUri: `${url}backchannel` },
  });
  return { ...pool, url, told, close: () => void http.close() };
}

beforeAll(async () => {
  server = await startServer({ env: { POOLHOUSE_ALLOWED_PRIVATE_HOSTS: "localhost" } });
  trust(server);
  browser = await startBrowser(server.caFile);
  app = await serveApp();
  username = await makeAppUser(server, app);
});
beforeEach(async () => {
  page = await browser.open();
  app.told.length = 0;
});
afterEach(async () => {
  expect(await browser.leave()).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  app?.close();
  await stopAll();
});

const at = (path: string) => `${server.url}/${app.userPoolId}${path}`;

/** Signs in on the hosted page; the ID token of the app. */
async function signIn(): Promise<string> {
  const query = new URLSearchParams({
    ...{ response_type: "code", client_id: app.clientId, redirect_uri: app.url, state: "s" },
  });
  await page.goto(`${at("/oauth2/authorize")}?${query}`);
  await page.getByLabel("Email").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL(`${app.url}?**`);
  const answer = await fetch(at("/oauth2/token"), {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: app.clientId,
      redirect_uri: app.url,
      code: new URL(page.url()).searchParams.get("code") ?? "",
    }),
  });
  return ((await answer.json()) as { id_token: string }).id_token;
}

async function isSignedIn(): Promise<boolean> {
  const cookies = await page.context().cookies(server.url);
  return cookies.some(({ name }) => name.startsWith("__Host-cognito-"));
}

const verifier = () =>
  JwtVerifier.create({ issuer: `${server.url}/${app.userPoolId}`, audience: app.clientId });

test("an app's own form signs its user out and gets them back, and the app is told by its back channel", async () => {
  const idToken = await signIn();
  await page.goto(app.url);
  // From another site no cookie of ours comes along with the form itself.
  await page.evaluate(
    ([action = "", hint = "", back = ""]) => {
      const form = document.createElement("form");
      form.method = "post";
      form.action = action;
      const fields = { id_token_hint: hint, post_logout_redirect_uri: back, state: "bye" };
      for (const [name, value] of Object.entries(fields)) {
        form.append(Object.assign(document.createElement("input"), { name, value }));
      }
      document.body.append(form);
      form.submit();
    },
    [at("/logout"), idToken, `${app.url}left`],
  );
  await page.waitForURL(`${app.url}left?state=bye`);
  expect(await isSignedIn()).toBe(false);
  await expect.poll(() => app.told.length, { timeout: 20_000 }).toBe(1);
  const token = new URLSearchParams(app.told[0]).get("logout_token") ?? "";
  const claims = await verifier().verify(token);
  const { sub, sid } = (await verifier().verify(idToken)) as Record<string, unknown>;
  expect(claims).toMatchObject({ sub, sid, aud: app.clientId });
});

test("without a hint the page asks, and the user is signed out by its button", async () => {
  await signIn();
  await page.goto(at("/logout"));
  expect(await isSignedIn()).toBe(true);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  expect(await isSignedIn()).toBe(false);
});

test("another site cannot sign the user out by what it shows", async () => {
  await signIn();
  const query = new URLSearchParams({ client_id: app.clientId, logout_uri: `${app.url}left` });
  await page.goto(app.url);
  await page.evaluate(
    async (url) => {
      await fetch(url, { mode: "no-cors", credentials: "include" }).catch(() => undefined);
      await new Promise((done) => {
        const image = new Image();
        image.onerror = done;
        image.onload = done;
        image.src = `${url}&image=1`;
      });
    },
    `${at("/logout")}?${query}`,
  );
  expect(await isSignedIn()).toBe(true);
  // Where it sends the browser itself, Cognito's word counts.
  await page.goto(`${at("/logout")}?${query}`);
  await page.waitForURL(`${app.url}left`);
  expect(await isSignedIn()).toBe(false);
});
