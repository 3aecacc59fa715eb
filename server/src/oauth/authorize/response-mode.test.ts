import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../domain/clients/create.ts";
import { parseJws } from "../../domain/tokens/jws.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../../testing/browser.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeClient,
  codeVerifier,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../../testing/oauth.ts";
import { type TestPool, testCall, testUser } from "../../testing/pools.ts";

const ada = { username: "ada" };

let app: TestApp;
let home: TestPool;
let implicit: TestPool;
let posting: TestPool;
let sub: string;
let browser: TestBrowser;
beforeAll(async () => {
  app = await testApp();
  home = await oauthPool(app);
  sub = (await testUser(app, home.pool, { attributes: { email: "ada@example.com" } })).id;
  const { pool, client } = home;
  const oauth = { ...codeClient, allowedFlows: ["implicit"] as const };
  const made = { name: "other", settings: { ...client.settings, oauth } };
  implicit = { pool, client: await createClient(testCall(app), pool, made) };
  const settings = {
    ...client.settings,
    oauth: { ...codeClient, allowedFlows: ["code", "implicit"] as const },
  };
  posting = {
    pool,
    client: await createClient(testCall(app), pool, {
      ...{ name: "posting", settings, extensions: { formPost: "on" } },
    }),
  };
  browser = testBrowser(app);
});
afterAll(() => app.close());

const bare = { code_challenge: null, code_challenge_method: null };
const token = { ...bare, response_type: "token" };
const issuer = () => `https://localhost:8443/${home.pool.id}`;

function signIn(at: TestPool, parameters: Readonly<Record<string, string | null>>, by = browser) {
  return signInOnPage(by, authorizeUrl(at, { prompt: "login", ...parameters }), ada);
}

const claimsOf = (jwt = "") => parseJws(jwt)?.payload ?? {};

test("the implicit grant gives tokens in the fragment, and none that can be renewed", async () => {
  const done = await signIn(implicit, { ...token, nonce: "n-1" });
  expect(done.status).toBe(303);
  expect(done.location?.startsWith(`${redirectUri}#`)).toBe(true);
  expect(done.headers["cache-control"]).toBe("no-store");
  const answer = Object.fromEntries(answerIn(done));
  expect(answer).toEqual({
    ...{ id_token: expect.any(String), access_token: expect.any(String) },
    ...{ token_type: "bearer", expires_in: "3600", state: "state-1", iss: issuer() },
  });
  expect(claimsOf(answer["id_token"])).toMatchObject({ sub, nonce: "n-1", token_use: "id" });
  expect(claimsOf(answer["access_token"])).toMatchObject({ sub, scope: "openid email" });
  const families = await app.context.store.db
    .selectFrom("token_families")
    .select(["id", "user_id"])
    .execute();
  expect(families).toHaveLength(1);
  for (const value of [answer["access_token"] ?? "", answer["id_token"] ?? ""]) {
    const fields = { grant_type: "refresh_token", client_id: implicit.client.id };
    const asked = await askToken(app, implicit, { ...fields, refresh_token: value });
    expect(asked.status).toBe(400);
  }
});

test("without openid there is no ID token in it, and without a sign-in nothing", async () => {
  const done = await signIn(implicit, { ...token, scope: "email" });
  expect(answerIn(done).has("id_token")).toBe(false);
  expect(answerIn(done).has("access_token")).toBe(true);
  const silent = await testBrowser(app).get(authorizeUrl(implicit, { ...token, prompt: "none" }));
  expect(Object.fromEntries(answerIn(silent))).toEqual({
    ...{ error: "login_required", state: "state-1", iss: issuer() },
  });
  expect(silent.location?.startsWith(`${redirectUri}#`)).toBe(true);
});

test("a code may come in the fragment, where a server's logs have it not", async () => {
  const done = await signIn(home, { response_mode: "fragment" });
  expect(done.location?.startsWith(`${redirectUri}#code=`)).toBe(true);
  expect(answerIn(done).get("state")).toBe("state-1");
});

/** What a form posts for the client, at its address and nowhere else. */
function posted(visit: Visit): Readonly<Record<string, string>> {
  expect([visit.status, visit.location]).toEqual([200, undefined]);
  expect(visit.headers["cache-control"]).toBe("no-store");
  expect(visit.headers["content-security-policy"]).toContain(
    "form-action 'self' https://app.example.com;",
  );
  const { action, fields } = visit.page("form-post");
  expect(action).toBe(redirectUri);
  return fields;
}

const byForm = { response_mode: "form_post" };

test("with form_post the answer is a form, for those that are signed in as well", async () => {
  const state = `"><script>alert(1)</script>\r\n`;
  const fields = posted(await signIn(posting, { ...byForm, state }));
  expect(fields).toEqual({ code: expect.any(String), state, iss: issuer() });
  const { status } = await askToken(app, posting, {
    ...{ grant_type: "authorization_code", client_id: posting.client.id },
    ...{ redirect_uri: redirectUri, code_verifier: codeVerifier, code: fields["code"] },
  });
  expect(status).toBe(200);
  const again = posted(await browser.get(authorizeUrl(posting, byForm)));
  expect(again).toEqual({ code: expect.any(String), state: "state-1", iss: issuer() });
});

test("refusals and tokens come as a form too, and then in no address", async () => {
  const silent = authorizeUrl(posting, { ...byForm, prompt: "none" });
  const refused = posted(await testBrowser(app).get(silent));
  expect(refused).toEqual({ error: "login_required", state: "state-1", iss: issuer() });
  const bad = posted(await browser.get(authorizeUrl(posting, { ...byForm, scope: "x" })));
  expect(bad["error_description"]).toBe("invalid_scope");
  const tokens = posted(await signIn(posting, { ...byForm, ...token }));
  expect(tokens).toMatchObject({ token_type: "bearer", access_token: expect.any(String) });
});
