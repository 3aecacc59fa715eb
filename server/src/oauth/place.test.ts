import {
  CreateUserPoolDomainCommand,
  DeleteUserPoolDomainCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../testing/app.ts";
import { testBrowser } from "../testing/browser.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeVerifier,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../testing/oauth.ts";
import { type TestPool, testUser } from "../testing/pools.ts";

const prefixHost = "ada-pool.auth.localhost:8443";
const customHost = "login.shop.example";
const CertificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/a1b2c3d4";

let app: TestApp;
let home: TestPool;
let other: TestPool;
beforeEach(async () => {
  app = await testApp();
  home = await oauthPool(app);
  other = await oauthPool(app);
  await testUser(app, home.pool);
  await addDomain("ada-pool");
  const CustomDomainConfig = { CertificateArn };
  await addDomain(customHost, { CustomDomainConfig });
});
afterEach(() => app.close());

function addDomain(Domain: string, more: object = {}) {
  const given = { UserPoolId: home.pool.id, Domain, ...more };
  return app.client.send(new CreateUserPoolDomainCommand(given));
}

const issuer = () => `https://localhost:8443/${home.pool.id}`;

/** The address of an authorization request at a host of the pool's own. */
const bare = (at = home, parameters: Readonly<Record<string, string>> = {}) =>
  authorizeUrl(at, parameters).replace(`/${at.pool.id}`, "");

async function statusAt(host: string, url: string, method: "GET" | "POST" = "GET") {
  const answer = await app.app.inject({ method, url, headers: { host } });
  return answer.statusCode;
}

describe.each([
  ["by its path", "localhost:8443", () => `/${home.pool.id}`],
  ["by its prefix", prefixHost, () => ""],
  ["by a custom domain", customHost, () => ""],
])("a pool that is reached %s", (_how, host, prefix) => {
  test("signs users in there, and never leads them to another host", async () => {
    const browser = testBrowser(app, host);
    const url = authorizeUrl(home).replace(`/${home.pool.id}`, prefix());
    const sent = await browser.get(url);
    expect(sent.location).toMatch(new RegExp(`^${prefix()}/login\\?`));
    const done = await signInOnPage(browser, url, { username: "ada" });
    const answer = answerIn(done);
    expect(done.location?.split("?")[0]).toBe(redirectUri);
    // The issuer is one, at whichever of its addresses the pool is reached.
    expect(answer.get("iss")).toBe(issuer());
    const payload = new URLSearchParams({
      ...{ grant_type: "authorization_code", client_id: home.client.id },
      ...{ redirect_uri: redirectUri, code_verifier: codeVerifier },
      code: answer.get("code") ?? "",
    });
    const answered = await app.app.inject({
      ...{ method: "POST", url: `${prefix()}/oauth2/token`, payload: payload.toString() },
      headers: { host, "content-type": "application/x-www-form-urlencoded" },
    });
    expect(answered.statusCode).toBe(200);
  });

  test("shows its own page for a fault", async () => {
    const browser = testBrowser(app, host);
    const url = authorizeUrl(home, { redirect_uri: "https://evil.example" });
    const sent = await browser.get(url.replace(`/${home.pool.id}`, prefix()));
    expect(sent.location).toMatch(new RegExp(`^${prefix()}/error\\?error=redirect_mismatch&`));
    expect((await browser.follow(sent)).status).toBe(400);
  });
});

test("a code is worth as much at another address of its pool", async () => {
  const done = await signInOnPage(testBrowser(app, prefixHost), bare(), { username: "ada" });
  const { status } = await askToken(app, home, {
    ...{ grant_type: "authorization_code", client_id: home.client.id },
    ...{ redirect_uri: redirectUri, code_verifier: codeVerifier },
    code: answerIn(done).get("code") ?? "",
  });
  expect(status).toBe(200);
});

test.each([
  ["a prefix that nobody has", "nobody.auth.localhost:8443"],
  ["a name below a prefix", "x.ada-pool.auth.localhost:8443"],
  ["no prefix", ".auth.localhost:8443"],
  ["a prefix under another name", "ada-pool.auth.evil.example"],
  ["a custom domain that nobody has", "login.evil.example"],
  ["a name below a custom domain", `x.${customHost}`],
  ["a custom domain as a prefix", `${customHost}.auth.localhost:8443`],
  ["a prefix as a custom domain", "ada-pool"],
  ["a name with a dot at its end", `${customHost}.`],
  ["two names", `${customHost},localhost`],
  ["a name with a user", `ada@${customHost}`],
  ["a port that is none", `${customHost}:port`],
  ["a name with a space", `${customHost} x`],
  ["the words of SQL", "' or 1=1 --"],
  ["no name", ""],
])("at %s there is no pool", async (_what, host) => {
  for (const url of [bare(), "/login", "/oauth2/token", "/.well-known/openid-configuration"]) {
    for (const method of ["GET", "POST"] as const) {
      expect([400, 404]).toContain(await statusAt(host, url, method));
    }
  }
});

test.each([prefixHost.toUpperCase(), "ADA-pool.Auth.LocalHost:8443", customHost.toUpperCase()])(
  "names of hosts have no case: %s",
  async (host) => {
    expect(await statusAt(host, bare())).toBe(302);
  },
);

test("at the domain of one pool there is no other, and a path is no host", async () => {
  const page = (at: TestPool) => authorizeUrl(at);
  // The last is where hosts of pools are routed to; nobody may ask for it by name.
  const routed = bare().replace(/^/, "/_domain");
  for (const host of [prefixHost, customHost]) {
    for (const url of [page(other), page(home), routed, `/_domain${routed}`]) {
      expect([400, 404]).toContain(await statusAt(host, url));
    }
    const foreign = await testBrowser(app, host).get(bare(other));
    expect(foreign.location).toMatch(/^\/error\?error=redirect_mismatch/);
  }
  expect([400, 404]).toContain(await statusAt("localhost:8443", routed));
  expect([400, 404]).toContain(await statusAt("localhost:8443", bare()));
});

const initiateAuth = (host: string, url: string) =>
  app.app.inject({
    ...{ method: "POST", url, payload: "{}" },
    headers: {
      ...{ host, "content-type": "application/x-amz-json-1.1" },
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
  });

test.each([prefixHost, customHost, "nobody.auth.localhost:8443"])(
  "neither the API nor anything else of the server is at %s",
  async (host) => {
    const urls = ["/", "/x", "/_domain/", "/_api/a/b/c", `/${home.pool.id}`, "/favicon.ico"];
    for (const url of urls) {
      const answer = await initiateAuth(host, url);
      expect({ url, status: answer.statusCode }).toEqual({ url, status: 404 });
      expect(await statusAt(host, url)).toBe(404);
    }
    for (const url of ["/login", "/oauth2/token", "/oauth2/authorize"]) {
      const answer = await initiateAuth(host, url);
      expect(answer.body).not.toContain("authFlow");
      expect(answer.headers["x-amzn-errortype"]).toBeUndefined();
    }
  },
);

test.each(["localhost:8443", "127.0.0.1", "[::1]:8443", "10.1.2.3", "poolhouse.internal"])(
  "the API is at %s, which is no domain of a pool",
  async (host) => {
    const answer = await initiateAuth(host, "/");
    expect(answer.headers["x-amzn-errortype"]).toMatch(/^InvalidParameterException/);
  },
);

test("a load balancer learns of the health at any name", async () => {
  for (const host of [prefixHost, customHost, "10.1.2.3"]) {
    expect(await statusAt(host, "/_poolhouse/health")).toBe(host === prefixHost ? 404 : 200);
  }
});

test("cookies of one pool are none of another's at the same host", async () => {
  const browser = testBrowser(app);
  await signInOnPage(browser, authorizeUrl(home), { username: "ada" });
  expect([...browser.cookies.keys()].filter((name) => name.startsWith("__Host-"))).toEqual([
    `__Host-browser-${home.pool.id}`,
    `__Host-cognito-${home.pool.id}`,
  ]);
  const sent = await browser.get(authorizeUrl(other, { prompt: "none" }));
  expect(answerIn(sent).get("error")).toBe("login_required");
});

test("a domain that was deleted leads nowhere", async () => {
  const given = { UserPoolId: home.pool.id, Domain: "ada-pool" };
  await app.client.send(new DeleteUserPoolDomainCommand(given));
  expect([400, 404]).toContain(await statusAt(prefixHost, bare()));
});
