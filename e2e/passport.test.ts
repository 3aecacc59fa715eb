/** Passport with its OpenID Connect strategy, in an Express app of its own process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeOauthPool, type OauthPool } from "./harness/oauth-pool.ts";
import { type FormBrowser, formBrowser } from "./harness/page-forms.ts";
import { freePort, root, type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

let server: Server;
let pool: OauthPool;
let app: ChildProcess;
let url: string;

beforeAll(async () => {
  server = await startServer();
  trust(server);
  pool = await makeOauthPool(server, "compat");
  url = `http://localhost:${await freePort()}`;
  const { id, secret = "" } = await pool.client({
    GenerateSecret: true,
    CallbackURLs: [`${url}/callback`],
    LogoutURLs: [`${url}/`],
  });
  app = spawn(process.execPath, [join(root, "e2e/passport/app.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...{ NODE_EXTRA_CA_CERTS: server.caFile, APP_URL: url, APP_ISSUER: pool.issuer },
      ...{ APP_CLIENT_ID: id, APP_CLIENT_SECRET: secret, APP_SESSION_SECRET: "of this test" },
    },
  });
  if (app.stdout) await once(app.stdout, "data");
});
afterAll(async () => {
  app?.kill();
  await stopAll();
});

/** Asks the app as one browser, and is not sent on by itself. */
function visitor() {
  let cookie = "";
  return async (path: string) => {
    const answer = await fetch(new URL(path, url), { redirect: "manual", headers: { cookie } });
    cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return answer;
  };
}

const locationOf = ({ headers }: Response) => headers.get("location") ?? "";

/** Signs in on the pages, in this browser; where they send it back to. */
async function passPages(visit: ReturnType<typeof visitor>, pages: FormBrowser): Promise<URL> {
  const page = await pages.open(locationOf(await visit("/login")));
  return (await page.submit({ username: pool.username, password })).url;
}

async function signIn(
  visit: ReturnType<typeof visitor>,
  pages = formBrowser(server.url),
): Promise<Response> {
  return visit((await passPages(visit, pages)).href);
}

test("an Express app with Passport signs a user in, knows who it is, and forgets it", async () => {
  const visit = visitor();
  expect(locationOf(await signIn(visit))).toBe("/");
  expect(await (await visit("/")).json()).toEqual({
    issuer: pool.issuer,
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    emails: [{ value: pool.username }],
  });
  await visit("/logout");
  expect(await (await visit("/")).json()).toBeNull();
});

test("who signs out of the app is signed out at the pages, and until then comes back without a form", async () => {
  const [visit, pages] = [visitor(), formBrowser(server.url)];
  await signIn(visit, pages);
  const another = visitor();
  const back = await pages.open(locationOf(await another("/login")));
  expect(locationOf(await another(back.url.href))).toBe("/");

  expect((await pages.open(locationOf(await visit("/logout")))).url.href).toBe(`${url}/`);
  const { url: asked } = await pages.open(locationOf(await visit("/login")));
  expect(asked.href.split("?")[0]).toBe(`${pool.issuer}/login`);
});

test("what was answered to one browser signs in no other, and a code signs in once", async () => {
  const [visit, pages] = [visitor(), formBrowser(server.url)];
  const back = await passPages(visit, pages);
  const other = visitor();
  await other("/login");
  expect(locationOf(await other(back.href))).toBe("/?failed");
  expect(await (await other("/")).json()).toBeNull();
  expect(locationOf(await visit(back.href))).toBe("/");

  // The app would take it, with a state of its own; the server does not.
  const { url: replayed } = await pages.open(locationOf(await other("/login")));
  replayed.searchParams.set("code", back.searchParams.get("code") ?? "");
  expect((await other(replayed.href)).status).toBe(500);
  expect(await (await other("/")).json()).toBeNull();
});

test("an answer with another state signs nobody in", async () => {
  const visit = visitor();
  const page = await formBrowser(server.url).open(locationOf(await visit("/login")));
  const back = await page.submit({ username: pool.username, password });
  back.url.searchParams.set("state", "another");
  expect(locationOf(await visit(back.url.href))).toBe("/?failed");
  expect(await (await visit("/")).json()).toBeNull();
});
