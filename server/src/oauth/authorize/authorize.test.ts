import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type {
  UserPoolClientExtensions,
  UserPoolClientSettings,
} from "../../domain/clients/client.ts";
import { createClient } from "../../domain/clients/create.ts";
import { defaultClientSettings } from "../../domain/clients/default-settings.ts";
import { updateUserPoolClient } from "../../store/user-pool-clients.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../../testing/browser.ts";
import { hostedTokens } from "../../testing/hosted-tokens.ts";
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
import { password, type TestPool, testCall, testUser } from "../../testing/pools.ts";

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
beforeEach(async () => {
  app = await testApp();
  home = await oauthPool(app);
  await testUser(app, home.pool);
  browser = testBrowser(app);
});
afterEach(() => app.close());

type Asked = Record<string, string | null>;

const signIn = () => signInOnPage(browser, authorizeUrl(home), { username: "ada" });
const ask = (asked: Asked = {}, at = home) => browser.get(authorizeUrl(at, asked));
const errorPath = (error: string, { client } = home) =>
  `/${home.pool.id}/error?error=${error}&client_id=${client.id}`;

/** A client of the pool that differs from the usual one. */
async function clientWith(
  oauth: Partial<UserPoolClientSettings["oauth"]>,
  { secret, ...extensions }: UserPoolClientExtensions & { secret?: string } = {},
): Promise<TestPool> {
  const client = await createClient(testCall(app), home.pool, {
    ...{ name: "other", extensions, ...(secret === undefined ? {} : { secret }) },
    settings: { ...defaultClientSettings, oauth: { ...codeClient, ...oauth } },
  });
  return { pool: home.pool, client };
}

/** How many codes and sign-ins of tokens there are. */
async function issued(): Promise<number> {
  const { db } = app.context.store;
  const codes = await db.selectFrom("authorization_codes").select("user_pool_id").execute();
  const families = await db.selectFrom("token_families").select("id").execute();
  return codes.length + families.length;
}

/** The client is told, at its address, with its state and who tells it. */
function expectTold(visit: Visit, error: string): URLSearchParams {
  expect(visit.location?.split(/[?#]/)[0]).toBe(redirectUri);
  const answer = answerIn(visit);
  expect(answer.get("error")).toBe(error);
  expect(answer.get("iss")).toBe(`https://localhost:8443/${home.pool.id}`);
  for (const name of ["code", "access_token", "id_token"]) expect(answer.has(name)).toBe(false);
  return answer;
}

describe("what the client is told", () => {
  const challenge = "c".repeat(43);
  const refusals: readonly (readonly [string, Asked, string])[] = [
    ["no response_type", { response_type: null }, "invalid_request"],
    ["another response_type", { response_type: "id_token" }, "unsupported_response_type"],
    ["a hybrid response_type", { response_type: "code id_token" }, "unsupported_response_type"],
    ["an unknown response_mode", { response_mode: "web_message" }, "invalid_request"],
    ["form_post of a client without it", { response_mode: "form_post" }, "invalid_request"],
    ["a foreign scope", { scope: "openid orders/read" }, "invalid_request"],
    ["an empty scope", { scope: " " }, "invalid_request"],
    ["a scope that is none", { scope: 'openid "' }, "invalid_request"],
    ["a long scope", { scope: `openid ${"x".repeat(5000)}` }, "invalid_request"],
    ["PKCE as plain", { code_challenge_method: "plain" }, "invalid_request"],
    ["PKCE without a method", { code_challenge_method: null }, "invalid_request"],
    ["PKCE by another hash", { code_challenge_method: "S512" }, "invalid_request"],
    ["a method alone", { code_challenge: null }, "invalid_request"],
    ["a short challenge", { code_challenge: challenge.slice(1) }, "invalid_request"],
    ["a long challenge", { code_challenge: `${challenge}c` }, "invalid_request"],
    [
      "a challenge of other letters",
      { code_challenge: `${challenge.slice(1)}+` },
      "invalid_request",
    ],
    ["prompt=none with another", { prompt: "none login" }, "invalid_request"],
    ["an unknown prompt", { prompt: "login create_everything" }, "invalid_request"],
    ["max_age that is negative", { max_age: "-1" }, "invalid_request"],
    ["max_age that is no number", { max_age: "1e3" }, "invalid_request"],
    ["max_age beyond all measure", { max_age: "9".repeat(30) }, "invalid_request"],
    ["a long nonce", { nonce: "n".repeat(1025) }, "invalid_request"],
    ["a resource that is no URI", { resource: "orders" }, "invalid_target"],
    ["a resource with a fragment", { resource: "https://orders.example.com/#x" }, "invalid_target"],
    ["a request object", { request: "e30.e30." }, "request_not_supported"],
    ["a request by address", { request_uri: "https://evil.example/" }, "request_uri_not_supported"],
    ["a registration", { registration: "{}" }, "registration_not_supported"],
    ["an id_token_hint that is none", { id_token_hint: "e30.e30.e30" }, "invalid_request"],
    ["another identity provider", { identity_provider: "Google" }, "invalid_request"],
    ["an identity provider's other name", { idp_identifier: "google.com" }, "invalid_request"],
    ["nobody signed in", { prompt: "none" }, "login_required"],
  ];

  test.each(refusals)("%s", async (_, asked, error) => {
    const visit = await ask(asked);
    expect(visit.status).toBe(302);
    const answer = expectTold(visit, error);
    expect(answer.get("state")).toBe("state-1");
    expect(answer.get("error_description") ?? "").toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]*$/);
    expect(visit.headers["cache-control"]).toBe("no-store");
    expect(await issued()).toBe(0);
  });

  test.each(refusals)("by a form as well, sent on by GET: %s", async (_, asked, error) => {
    const [path = "", query = ""] = authorizeUrl(home, asked).split("?");
    const visit = await browser.post(path, Object.fromEntries(new URLSearchParams(query)));
    expect(visit.status).toBe(303);
    expectTold(visit, error);
  });

  test("a refused scope has its own code in the hardened profile", async () => {
    const asked = { scope: "openid orders/read" };
    expect(answerIn(await ask(asked)).get("error_description")).toBe("invalid_scope");
    expectTold(await ask(asked, await clientWith({}, { profile: "hardened" })), "invalid_scope");
  });

  test("flows that the client does not list, and a client that has none", async () => {
    expectTold(await ask({ response_type: "token" }), "unauthorized_client");
    const implicit = await clientWith({ allowedFlows: ["implicit"] });
    expectTold(await ask({}, implicit), "unauthorized_client");
    const off = await clientWith({ allowedFlowsUserPoolClient: false });
    expectTold(await ask({}, off), "unauthorized_client");
  });

  test("what concerns tokens stands in the fragment", async () => {
    const implicit = await clientWith({ allowedFlows: ["implicit"] });
    const asked = { response_type: "token", code_challenge: null, code_challenge_method: null };
    const visit = await ask({ ...asked, prompt: "none" }, implicit);
    expect(visit.location?.startsWith(`${redirectUri}#`)).toBe(true);
    expectTold(visit, "login_required");
    // Tokens in a query would stand in logs, and a refusal stands where the tokens would.
    for (const response_mode of ["query", "form_post"]) {
      const refused = await ask({ ...asked, response_mode }, implicit);
      expect(refused.location?.startsWith(`${redirectUri}#error=invalid_request`)).toBe(true);
    }
  });

  test("PKCE that is missing, where the client must have it", async () => {
    const bare = { code_challenge: null, code_challenge_method: null };
    const required = await clientWith({}, { requirePkce: "on" });
    expectTold(await ask(bare, required), "invalid_request");
    expectTold(await ask(bare, await clientWith({}, { profile: "hardened" })), "invalid_request");
    const confidential = await clientWith({}, { profile: "hardened", secret: "s".repeat(32) });
    for (const free of [home, confidential]) {
      expect((await ask(bare, free)).location).toMatch(/\/login\?/);
    }
  });

  test("an id_token_hint of another client, of another pool, or altered", async () => {
    const other = await clientWith({});
    const { id_token: foreign } = await hostedTokens({ app, browser, ...other });
    expectTold(await ask({ id_token_hint: foreign }), "invalid_request");
    const { id_token: own, access_token } = await hostedTokens({ app, browser, ...home });
    const [head, body = "", signature] = own.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: "x" })).toString("base64url");
    for (const id_token_hint of [
      `${head}.${forged}.${signature}`,
      `${head}.${body}.`,
      access_token,
    ]) {
      expectTold(await ask({ id_token_hint }), "invalid_request");
    }
    const elsewhere = await oauthPool(app);
    await testUser(app, elsewhere.pool);
    const { id_token } = await hostedTokens({ app, browser: testBrowser(app), ...elsewhere });
    expectTold(await ask({ id_token_hint: id_token }), "invalid_request");
    expect(answerIn(await ask({ id_token_hint: own })).has("code")).toBe(true);
  });

  test("an id_token_hint of another user than is signed in leads to a sign-in, which only that one passes", async () => {
    await testUser(app, home.pool, { username: "bob" });
    const bobs = testBrowser(app);
    const { id_token: id_token_hint } = await hostedTokens({
      app,
      browser: bobs,
      ...home,
      username: "bob",
    });
    await signIn();
    expectTold(await ask({ id_token_hint, prompt: "none" }), "login_required");
    const url = authorizeUrl(home, { id_token_hint });
    const wrong = await signInOnPage(browser, url, { username: "ada" });
    expect(wrong.location).toBeUndefined();
    expect(wrong.notice).toMatchObject({ code: "other-user" });
    const right = await signInOnPage(browser, url, { username: "bob" });
    expect(answerIn(right).has("code")).toBe(true);
  });
});

describe("what is told on our own page", () => {
  test("parameters that come twice, or are no text: nobody can know which one is meant", async () => {
    const url = authorizeUrl(home);
    for (const more of [
      "&state=state-2",
      "&redirect_uri=https%3A%2F%2Fevil.example%2F",
      `&client_id=${home.client.id}`,
      "&scope=openid",
      "&prompt=none&prompt=login",
      "&nonce=%00",
      "&nonce=%ff",
      `&x=${"x".repeat(20_000)}`,
    ]) {
      const visit = await browser.get(`${url}${more}`);
      expect({ more, status: visit.status }).toEqual({ more, status: 302 });
      expect(visit.location).toMatch(new RegExp(`^/${home.pool.id}/error\\?error=invalid_request`));
    }
    const many = Array.from({ length: 101 }, (_, index) => `&p${index}=1`).join("");
    expect((await browser.get(`${url}${many}`)).location).toMatch(/\/error\?error=invalid_request/);
    expect(await issued()).toBe(0);
  });

  test("a state that no address could carry back", async () => {
    const visit = await ask({ state: "s".repeat(4097) });
    expect(visit.location).toBe(errorPath("invalid_request"));
    const fine = await ask({ state: "s".repeat(4096), prompt: "none" });
    expect(answerIn(fine).get("state")).toHaveLength(4096);
  });
});

test("an address that the client has lost meanwhile gets nothing", async () => {
  const { form } = (await browser.follow(await ask())).page("sign-in");
  const oauth = { ...codeClient, callbackUrls: ["https://app.example.com/new"] };
  await updateUserPoolClient(
    app.context.store.db,
    { userPoolId: home.pool.id, id: home.client.id },
    { set: { settings: JSON.stringify({ ...home.client.settings, oauth }) } },
  );
  const visit = await browser.submit(form, { username: "ada", password });
  expect(visit.page("error").error).toBe("redirect_mismatch");
  expect(await issued()).toBe(0);
});

describe("what goes through", () => {
  test.each([
    ["every printable letter", "~!$&'()*+,;=:@/?%|^`{}[]<>\" \\#"],
    ["escapes", "%2B%20+%00%0d%0a"],
    ["lines", "a\r\nSet-Cookie: x=1\r\n\r\n<b>"],
    ["other writing", "Ünïcödé ✓ 日本語 🙂"],
    ["markup", `"><script>alert(1)</script>`],
  ])("a state of %s comes back byte for byte, in answers and refusals", async (_, state) => {
    expect(answerIn(await ask({ state, prompt: "none" })).get("state")).toBe(state);
    const done = await signInOnPage(browser, authorizeUrl(home, { state }), { username: "ada" });
    expect(answerIn(done).get("state")).toBe(state);
    expect(done.location).not.toMatch(/[^\x21-\x7e]/);
    expect(answerIn(done).has("code")).toBe(true);
  });

  test("no state is given back where none was sent", async () => {
    expect(answerIn(await ask({ state: null, prompt: "none" })).has("state")).toBe(false);
  });

  test.each([
    ["the pool's own users by name", { identity_provider: "COGNITO" }],
    ["the longest nonce", { nonce: "n".repeat(1024) }],
    ["max_age of nothing", { max_age: "0" }],
    ["a resource", { resource: "https://orders.example.com/" }],
    ["all prompts that ask", { prompt: "login consent select_account" }],
    ["all scopes of the client by none", { scope: null }],
    ["a scope that is named twice", { scope: "openid openid" }],
    ["what nobody knows", { whatever: "x" }],
  ])("%s", async (_, asked) => {
    expect((await ask(asked)).location).toMatch(new RegExp(`^/${home.pool.id}/login\\?`));
  });

  test("a browser that is signed in is asked again where the client wants it", async () => {
    await signIn();
    app.clock.advance(10_000);
    for (const asked of [{ prompt: "login" }, { prompt: "select_account" }, { max_age: "9" }]) {
      expect((await ask(asked)).location).toMatch(/\/login\?/);
    }
    for (const asked of [{}, { prompt: "none" }, { max_age: "3600" }]) {
      expect(answerIn(await ask(asked)).has("code")).toBe(true);
    }
    expect((await ask({ prompt: "consent" })).location).toMatch(/\/consent\?/);
  });

  test("a code is of no use with another verifier, without one, or at another address", async () => {
    await signIn();
    const redeem = async (more: Record<string, string>) => {
      const code = answerIn(await ask()).get("code") ?? "";
      const fields = { grant_type: "authorization_code", client_id: home.client.id, code };
      return askToken(app, home, { ...fields, redirect_uri: redirectUri, ...more });
    };
    const refused = { status: 400, body: { error: "invalid_grant" } };
    expect(await redeem({})).toMatchObject(refused);
    expect(await redeem({ code_verifier: "w".repeat(43) })).toMatchObject(refused);
    for (const length of [42, 129]) {
      expect((await redeem({ code_verifier: "v".repeat(length) })).status).toBe(400);
    }
    const elsewhere = { code_verifier: codeVerifier, redirect_uri: `${redirectUri}/` };
    expect((await redeem(elsewhere)).status).toBe(400);
    expect((await redeem({ code_verifier: codeVerifier })).status).toBe(200);
  });

  test("a verifier for a code that was asked for without PKCE is refused: somebody took the challenge away", async () => {
    await signIn();
    const bare = { code_challenge: null, code_challenge_method: null };
    const code = answerIn(await ask(bare)).get("code") ?? "";
    const fields = { grant_type: "authorization_code", client_id: home.client.id, code };
    const answer = await askToken(app, home, {
      ...{ ...fields, redirect_uri: redirectUri, code_verifier: codeVerifier },
    });
    expect(answer).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
  });
});
