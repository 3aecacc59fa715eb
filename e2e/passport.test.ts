/** Passport with its OpenID Connect strategy, in an Express app of its own process. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeOauthPool, type OauthPool } from "./harness/oauth-pool.ts";
import { formBrowser } from "./harness/page-forms.ts";
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

async function signIn(visit: ReturnType<typeof visitor>): Promise<Response> {
  const away = locationOf(await visit("/login"));
  const page = await formBrowser(server.url).open(away);
  const back = await page.submit({ username: pool.username, password });
  return visit(back.url.href);
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

test("an answer with another state signs nobody in", async () => {
  const visit = visitor();
  const page = await formBrowser(server.url).open(locationOf(await visit("/login")));
  const back = await page.submit({ username: pool.username, password });
  back.url.searchParams.set("state", "another");
  expect(locationOf(await visit(back.url.href))).toBe("/?failed");
  expect(await (await visit("/")).json()).toBeNull();
});
