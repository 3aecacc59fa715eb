/** Scripts that sign in by the form of Cognito's hosted pages, as people have them: without a browser, by its field names. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  makeOauthPool,
  type OauthClient,
  type OauthPool,
  redirectUri,
} from "./harness/oauth-pool.ts";
import { type Server, startServer, stopAll } from "./harness/server.ts";
import { trust } from "./harness/trust.ts";
import { password } from "./harness/users.ts";

let server: Server;
let pool: OauthPool;
let client: OauthClient;
beforeAll(async () => {
  server = await startServer();
  trust(server);
  pool = await makeOauthPool(server, "compat");
  client = await pool.client({});
});
afterAll(stopAll);

const at = (path: string) => `${server.url}/${pool.userPoolId}${path}`;

function loginUrl(): string {
  const query = new URLSearchParams({
    ...{ client_id: client.id, response_type: "code", scope: "openid email" },
    ...{ redirect_uri: redirectUri, state: "s" },
  });
  return `${at("/login")}?${query}`;
}

type Fetched = {
  readonly status: number;
  readonly html: string;
  /** As `name=value` pairs. */
  readonly cookies: readonly string[];
  readonly csrf: string;
};

async function fetchForm(): Promise<Fetched> {
  const answer = await fetch(loginUrl());
  const html = await answer.text();
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
  const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
  return { status: answer.status, html, cookies, csrf };
}

type Sent = Partial<Pick<Fetched, "csrf" | "cookies">> & {
  readonly password?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Sends what such scripts send, and follows nothing. */
function send({ csrf = "", cookies = [], ...given }: Sent): Promise<Response> {
  return fetch(loginUrl(), {
    method: "POST",
    redirect: "manual",
    headers: { cookie: cookies.join("; "), ...given.headers },
    body: new URLSearchParams({
      _csrf: csrf,
      username: pool.username,
      password: given.password ?? password,
      cognitoAsfData: "",
      signInSubmitButton: "Sign in",
    }),
  });
}

/** Refused, with nothing that signs anybody in. */
async function expectNothing(answer: Response, status: number): Promise<void> {
  expect(answer.status).toBe(status);
  expect(answer.headers.get("location")).toBeNull();
  expect(answer.headers.getSetCookie().filter((each) => each.includes("__Host-cognito-"))).toEqual(
    [],
  );
  expect(await answer.text()).not.toContain("code=");
}

test("the form has the names that scripts look for", async () => {
  const { status, html, cookies, csrf } = await fetchForm();
  expect(status).toBe(200);
  const [, attributes = "", content = ""] = /<form([^>]*)>(.*?)<\/form>/s.exec(html) ?? [];
  expect(attributes).toMatch(/ method="post"/i);
  const names = [...content.matchAll(/<(?:input|button)[^>]* name="([^"]+)"/g)].map(
    ([, name]) => name,
  );
  expect(names.sort()).toEqual([
    "_csrf",
    "cognitoAsfData",
    "password",
    "signInSubmitButton",
    "username",
  ]);
  expect(cookies).toContain(`XSRF-TOKEN=${csrf}`);
  const [, action = ""] = / action="([^"]*)"/.exec(attributes) ?? [];
  const url = new URL(action.replaceAll("&amp;", "&"), loginUrl());
  expect(url.href.split("?")[0]).toBe(at("/login"));
  expect(url.searchParams.get("client_id")).toBe(client.id);
});

test("a script gets its code from Location, and tokens for it", async () => {
  const answer = await send(await fetchForm());
  expect([302, 303]).toContain(answer.status);
  const back = new URL(answer.headers.get("location") ?? "");
  expect(`${back.origin}${back.pathname}`).toBe(redirectUri);
  expect(back.searchParams.get("state")).toBe("s");
  const tokens = await fetch(at("/oauth2/token"), {
    method: "POST",
    body: new URLSearchParams({
      ...{ grant_type: "authorization_code", client_id: client.id, redirect_uri: redirectUri },
      code: back.searchParams.get("code") ?? "",
    }),
  });
  expect(await tokens.json()).toMatchObject({
    id_token: expect.any(String),
    access_token: expect.any(String),
    refresh_token: expect.any(String),
    token_type: "Bearer",
  });
});

test("a script that reads the token from the cookie, as some do, is let in as well", async () => {
  const { cookies } = await fetchForm();
  const [, csrf = ""] = cookies.find((each) => each.startsWith("XSRF-TOKEN="))?.split("=") ?? [];
  const answer = await send({ cookies, csrf });
  expect(new URL(answer.headers.get("location") ?? "").searchParams.get("code")).toBeTruthy();
});

test("a wrong password shows the form again, from which the right one signs in", async () => {
  const form = await fetchForm();
  const answer = await send({ ...form, password: "Wrong-Horse-9-Battery" });
  expect(answer.headers.get("location")).toBeNull();
  expect(answer.headers.getSetCookie().join()).not.toContain("__Host-cognito-");
  const html = await answer.text();
  expect(html).toMatch(/<form [^>]*name="cognitoSignInForm"/);
  expect(html).toMatch(/ role="alert" class="[^"]*errorMessage-customizable/);
  expect(html).not.toContain("Wrong-Horse-9-Battery");
  const [, csrf = ""] = /name="_csrf" value="([^"]+)"/.exec(html) ?? [];
  const again = await send({ ...form, csrf });
  expect(new URL(again.headers.get("location") ?? "").searchParams.get("code")).toBeTruthy();
});

test("a script that sends no cookies is refused, and so is one that sends another's or no token", async () => {
  const form = await fetchForm();
  const other = await fetchForm();
  const xsrf = form.cookies.filter((each) => each.startsWith("XSRF-TOKEN="));
  expect(xsrf).toHaveLength(1);
  await expectNothing(await send({ csrf: form.csrf }), 403);
  // The cookie for scripts alone is believed by nobody: a neighbour can have set it.
  await expectNothing(await send({ csrf: form.csrf, cookies: xsrf }), 403);
  await expectNothing(await send({ csrf: other.csrf, cookies: form.cookies }), 403);
  await expectNothing(await send({ cookies: form.cookies }), 403);
});

test("the same from another site's page is refused", async () => {
  const form = await fetchForm();
  for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
    await expectNothing(await send({ ...form, headers }), 403);
  }
  // It was the header alone that was wrong.
  expect((await send(form)).headers.get("location")).toContain("code=");
});
