import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { UserPoolClientExtensions } from "../../domain/clients/client.ts";
import { createClient } from "../../domain/clients/create.ts";
import type { User } from "../../domain/users/user.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { type TestBrowser, testBrowser } from "../../testing/browser.ts";
import {
  answerIn,
  authorizeUrl,
  codeClient,
  grantedTokens,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../../testing/oauth.ts";
import { type TestPool, testCall, testUser } from "../../testing/pools.ts";

/** Everything is asked in a browser that is signed in: whatever is not refused is granted. */
let app: TestApp;
let home: TestPool;
let browser: TestBrowser;
let ada: User;
let grace: User;
beforeAll(async () => {
  app = await testApp();
  home = await oauthPool(app);
  ada = await testUser(app, home.pool);
  grace = await testUser(app, home.pool, { username: "grace" });
  browser = testBrowser(app);
  await signInOnPage(browser, authorizeUrl(home), { username: "ada" });
});
afterAll(() => app.close());

type Parameters = Readonly<Record<string, string | null>>;
type Made = { oauth?: object; secret?: string; extensions?: UserPoolClientExtensions };

/** A further client of the pool in which the browser is signed in. */
async function another({ oauth, ...made }: Made): Promise<TestPool> {
  const { settings } = home.client;
  const client = await createClient(testCall(app), home.pool, {
    ...{ name: "another", ...made },
    settings: { ...settings, oauth: { ...codeClient, ...oauth } },
  });
  return { pool: home.pool, client };
}

async function issued(): Promise<number> {
  const { db } = app.context.store;
  const codes = await db.selectFrom("authorization_codes").selectAll().execute();
  const families = await db.selectFrom("token_families").selectAll().execute();
  return codes.length + families.length;
}

/** What the client is told at its redirect URI, with nothing issued and the state and the issuer as they must be. */
async function told(parameters: Parameters, at = home) {
  const before = await issued();
  const { status, location = "" } = await browser.get(authorizeUrl(at, parameters));
  expect(status).toBe(302);
  expect(location.split(/[?#]/)[0]).toBe(redirectUri);
  expect(await issued()).toBe(before);
  const answer = Object.fromEntries(answerIn({ location } as never));
  const { error = "", error_description: description, ...rest } = answer;
  expect(rest).toEqual({ state: "state-1", iss: `https://localhost:8443/${at.pool.id}` });
  return [error, ...(description === undefined ? [] : [description])];
}

/** Where the server keeps the fault to itself. */
async function untold(url: string) {
  const before = await issued();
  const sent = await browser.get(url);
  expect(sent.location).toMatch(new RegExp(`^/${home.pool.id}/error\\?`));
  const shown = await browser.follow(sent);
  expect(shown.status).toBe(400);
  expect(await issued()).toBe(before);
  return shown.page("error").error;
}

const isGranted = async (parameters: Parameters, at = home) =>
  answerIn(await browser.get(authorizeUrl(at, parameters))).has("code");

test("without a fault the browser is sent back with a code", async () => {
  expect(await isGranted({})).toBe(true);
});

test.each<[string, Parameters, string[]]>([
  ["no response_type", { response_type: null }, ["invalid_request", "response_type is missing."]],
  ["an empty one", { response_type: "" }, ["invalid_request", "response_type is missing."]],
  ["id_token", { response_type: "id_token" }, ["unsupported_response_type"]],
  ["code id_token", { response_type: "code id_token" }, ["unsupported_response_type"]],
  ["none", { response_type: "none" }, ["unsupported_response_type"]],
  ["two codes", { response_type: "code code" }, ["unsupported_response_type"]],
  ["CODE", { response_type: "CODE" }, ["unsupported_response_type"]],
  ["a flow that the client does not list", { response_type: "token" }, ["unauthorized_client"]],
])("response_type: %s", async (_what, parameters, expected) => {
  expect(await told(parameters)).toEqual(expected);
});

test("codes are for clients that list them, and nothing is for a client without OAuth", async () => {
  const implicit = await another({ oauth: { allowedFlows: ["implicit"] } });
  expect(await told({}, implicit)).toEqual(["unauthorized_client"]);
  const off = await another({ oauth: { allowedFlowsUserPoolClient: false } });
  expect(await told({}, off)).toEqual(["unauthorized_client"]);
});

test.each(["form_post", "web_message", "query.jwt", "QUERY", "query fragment", "x"])(
  "response_mode %s is refused where it is not had",
  async (response_mode) => {
    expect(await told({ response_mode })).toEqual([
      "invalid_request",
      "This response_mode cannot be used here.",
    ]);
  },
);

describe.each([
  ["compat", ["invalid_request", "invalid_scope"]],
  ["hardened", ["invalid_scope"]],
] as const)("in the %s profile", (profile, refusal) => {
  let at: TestPool;
  beforeAll(async () => {
    const oauth = { allowedScopes: ["openid", "email"] };
    at = await another({ extensions: { profile }, oauth });
  });

  test.each([
    ["unknown", "openid unknown"],
    ["standard but not of the client", "openid phone"],
    ["of nobody's resource server", "orders/read"],
    ["in capitals", "OpenID"],
    ["with a tab between", "openid\temail"],
    ["with a line between", "openid\r\nemail"],
    ["with a quote", 'openid "email"'],
    ["all of nothing", "   "],
    ["too long", Array.from({ length: 700 }, () => "openid").join(" ")],
    ["with a name of objects", "constructor __proto__"],
  ])("a scope is refused that is %s", async (_what, scope) => {
    expect(await told({ scope }, at)).toEqual(refusal);
  });

  test("scopes that are named twice, or with more blanks, are had", async () => {
    expect(await isGranted({ scope: " email  openid openid " }, at)).toBe(true);
    expect(await isGranted({ scope: null }, at)).toBe(true);
  });
});

describe("PKCE", () => {
  const missing = ["invalid_request", "code_challenge is required for this client."];
  const without = { code_challenge: null, code_challenge_method: null };

  test("is up to clients, unless they must, which public ones of the hardened profile do", async () => {
    expect(await isGranted(without)).toBe(true);
    const must = await another({ extensions: { requirePkce: "on" }, secret: "s".repeat(24) });
    expect(await told(without, must)).toEqual(missing);
    const hardened = { profile: "hardened" } as const;
    const open = await another({ extensions: hardened });
    expect(await told(without, open)).toEqual(missing);
    const closed = await another({ extensions: hardened, secret: "s".repeat(24) });
    expect(await isGranted(without, closed)).toBe(true);
    expect(await isGranted({}, must)).toBe(true);
    const off = await another({ extensions: { ...hardened, requirePkce: "off" } });
    expect(await told(without, off)).toEqual(missing);
  });

  test("follows the pool where the client says nothing", async () => {
    const strict = await oauthPool(app, { extensions: { profile: "hardened" } });
    const { location = "" } = await browser.get(authorizeUrl(strict, without));
    expect(answerIn({ location } as never).get("error")).toBe("invalid_request");
  });
});

test("the pool itself is a provider, of clients that list it or none", async () => {
  const identity_provider = "COGNITO";
  expect(await isGranted({ identity_provider })).toBe(true);
  const unlisted = await another({ oauth: { supportedIdentityProviders: [] } });
  expect(await isGranted({ identity_provider }, unlisted)).toBe(true);
  const foreign = await another({ oauth: { supportedIdentityProviders: ["Google"] } });
  expect(await told({}, foreign)).toEqual(["unauthorized_client"]);
  expect(await told({ identity_provider }, foreign)).toEqual(["unauthorized_client"]);
  for (const page of ["login", "signup", "forgotPassword"]) {
    const direct = await browser.get(authorizeUrl(foreign).replace("oauth2/authorize", page));
    expect(answerIn(direct).get("error")).toBe("unauthorized_client");
  }
});

describe("id_token_hint", () => {
  const noHint = ["invalid_request", "id_token_hint is no ID token of this client."];
  const idTokenOf = async (user: User, at = home) =>
    (await grantedTokens(app, at, { user, scope: "openid" })).idToken;

  test("of the user who is signed in lets them through, though it be over", async () => {
    const id_token_hint = await idTokenOf(ada);
    expect(await isGranted({ id_token_hint, prompt: "none" })).toBe(true);
    const late = await grantedTokens(app, home, { user: ada, scope: "openid" });
    app.clock.advance(3_700_000);
    await signInOnPage(browser, authorizeUrl(home), { username: "ada" });
    expect(await isGranted({ id_token_hint: late.idToken, prompt: "none" })).toBe(true);
  });

  test("of another client or pool, of another kind, altered or made up is refused", async () => {
    const foreign = await oauthPool(app);
    const stranger = await testUser(app, foreign.pool);
    const { accessToken, idToken, refreshToken } = await grantedTokens(app, home, {
      ...{ user: ada, scope: "openid" },
    });
    const [head = "", body = "", signature = ""] = idToken.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString());
    const forged = (changed: object) =>
      Buffer.from(JSON.stringify({ ...claims, ...changed })).toString("base64url");
    const unsigned = Buffer.from('{"alg":"none"}').toString("base64url");
    const hints = [
      await idTokenOf(ada, await another({})),
      await idTokenOf(stranger, foreign),
      ...[accessToken, refreshToken],
      `${head}.${forged({ sub: grace.id })}.${signature}`,
      `${unsigned}.${body}.`,
      `${head}.${body}.`,
      `${head}.${body}.${signature.replace(/^./, signature.startsWith("A") ? "B" : "A")}`,
      `${idToken}.`,
      ...["x", "a.b.c", "x".repeat(8_000)],
    ];
    for (const id_token_hint of hints) {
      expect(await told({ id_token_hint })).toEqual(noHint);
    }
  });
});

test.each([
  ...["display", "claims", "claims_locales", "ui_locales", "lang", "acr_values", "login_hint"],
  ...["id_token", "access_token", "code", "error", "iss", "ui_hint", "constructor", "__proto__"],
])("%s says nothing that is refused", async (name) => {
  for (const value of ["x", "{}", "é\r\n<script>", "x".repeat(2_000)]) {
    expect(await isGranted({ [name]: value })).toBe(true);
  }
});

test.each([
  "response_type=code",
  "redirect_uri=https%3A%2F%2Fevil.example",
  "client_id=x",
  "scope=openid",
  "state=x",
  "%73tate=x",
  "st%61te=x",
  "code_challenge=x",
  "nonce=1&nonce=1",
  "unknown=1&unknown=2",
  "a+b=1&a%20b=2",
])("a parameter that is given twice is believed in none of its forms: %s", async (more) => {
  expect(await untold(`${authorizeUrl(home)}&${more}`)).toBe("invalid_request");
});
