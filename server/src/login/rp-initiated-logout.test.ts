import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeClient } from "../domain/clients/change.ts";
import { createClient } from "../domain/clients/create.ts";
import { tellClients } from "../domain/logout/tell-clients.ts";
import { signJws } from "../domain/tokens/jws.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { type TestBrowser, testBrowser, type Visit } from "../testing/browser.ts";
import { hostedTokens } from "../testing/hosted-tokens.ts";
import { answerIn, authorizeUrl, codeClient, oauthPool, signInOnPage } from "../testing/oauth.ts";
import { type TestPool, testCall, testUser } from "../testing/pools.ts";
import { claimsOf } from "../testing/sign-in.ts";
import { mutationsOf } from "../testing/uri-mutations.ts";

const returnUri = "https://app.example.com/post_logout_redirect";
/** As long as the suite's, of what RFC 6749 Appendix A.5 allows. */
const state = "~!$&'()*+,;=:@/?%|^`{}[]<>\" ".repeat(5).slice(0, 128);

let app: TestApp;
let home: TestPool;
let browser: TestBrowser;

type Profile = "compat" | "hardened";

async function start(profile: Profile): Promise<void> {
  app = await testApp();
  home = await oauthPool(app, {
    client: { oauth: { ...codeClient, logoutUrls: [returnUri, `${returnUri}?kept=1`] } },
    clientExtensions: { rpInitiatedLogout: "on", profile },
  });
  await testUser(app, home.pool);
  browser = testBrowser(app);
}

beforeEach(() => start("compat"));
afterEach(() => app.close());

/** The ID token of a whole sign-in in this browser. */
async function signIn(client = home.client, username = "ada"): Promise<string> {
  const { id_token } = await hostedTokens({ ...home, app, browser, client, username });
  return id_token;
}

function logout(parameters: Record<string, string> = {}): Promise<Visit> {
  return browser.get(`/${home.pool.id}/logout?${new URLSearchParams(parameters)}`);
}

async function isSignedIn(): Promise<boolean> {
  const answer = answerIn(await browser.get(authorizeUrl(home, { prompt: "none" })));
  if (!answer.has("code")) expect(answer.get("error")).toBe("login_required");
  return answer.has("code");
}

/** The user confirms, and ends on our own page. */
async function confirmed(asked: Visit): Promise<void> {
  expect(asked.location).toBeUndefined();
  expect(await isSignedIn()).toBe(true);
  const left = await browser.submit(asked.page("logout-confirm").form, { decision: "sign-out" });
  expect(left.location).toBe(`/${home.pool.id}/signed-out`);
  (await browser.follow(left)).page("signed-out");
  expect(await isSignedIn()).toBe(false);
}

async function errorShown(visit: Visit): Promise<void> {
  expect(visit.status).toBe(400);
  expect(visit.location).toBeUndefined();
  visit.page("error");
  expect(await isSignedIn()).toBe(true);
}

function unsigned(token: string): string {
  const header = Buffer.from(JSON.stringify({ alg: "none" })).toString("base64url");
  return `${header}.${token.split(".")[1]}.`;
}

/** The modules of the suite, under its names. */
describe.each<Profile>(["compat", "hardened"])(
  "oidcc-rp-initiated-logout-certification-test-plan, %s",
  (profile) => {
    beforeEach(async () => {
      await app.close();
      await start(profile);
    });

    test("oidcc-rp-initiated-logout-discovery-endpoint-verification", async () => {
      const visit = await browser.get(`/${home.pool.id}/.well-known/openid-configuration`);
      const configuration = JSON.parse(visit.body);
      expect(configuration.end_session_endpoint).toBe(
        `https://localhost:8443/${home.pool.id}/logout`,
      );
      for (const [name, value] of Object.entries(configuration)) {
        if (name.endsWith("_endpoint") || name.endsWith("_uri")) {
          expect(value).toMatch(/^https:\/\//);
        }
      }
    });

    test("oidcc-rp-initiated-logout", async () => {
      const hint = await signIn();
      const left = await logout({
        id_token_hint: hint,
        post_logout_redirect_uri: returnUri,
        state,
      });
      expect(left.location?.split("?")[0]).toBe(returnUri);
      expect([...answerIn(left)]).toEqual([["state", state]]);
      expect(await isSignedIn()).toBe(false);
    });

    test("oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", async () => {
      const hint = await signIn();
      const bad = "https://app.example.com/bad_post_logout_redirect";
      await errorShown(await logout({ id_token_hint: hint, post_logout_redirect_uri: bad, state }));
    });

    test("oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", async () => {
      const hint = await signIn();
      const added = `${returnUri}?foo=bar`;
      await errorShown(
        await logout({ id_token_hint: hint, post_logout_redirect_uri: added, state }),
      );
    });

    test("oidcc-rp-initiated-logout-modified-id-token-hint", async () => {
      const hint = unsigned(await signIn());
      await confirmed(
        await logout({ id_token_hint: hint, post_logout_redirect_uri: returnUri, state }),
      );
    });

    test("oidcc-rp-initiated-logout-bad-id-token-hint", async () => {
      const claims = claimsOf(await signIn());
      const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
      const hint = signJws({ kid: "fake", privateKey }, claims);
      await confirmed(
        await logout({ id_token_hint: hint, post_logout_redirect_uri: returnUri, state }),
      );
    });

    test("oidcc-rp-initiated-logout-no-id-token-hint", async () => {
      await signIn();
      await confirmed(await logout({ post_logout_redirect_uri: returnUri, state }));
    });

    test("oidcc-rp-initiated-logout-no-params", async () => {
      await signIn();
      await confirmed(await logout());
    });

    test("oidcc-rp-initiated-logout-no-post-logout-redirect-uri", async () => {
      const hint = await signIn();
      const left = await logout({ id_token_hint: hint, state });
      (await browser.follow(left)).page("signed-out");
      expect(await isSignedIn()).toBe(false);
    });

    test("oidcc-rp-initiated-logout-no-state", async () => {
      const hint = await signIn();
      const left = await logout({ id_token_hint: hint, post_logout_redirect_uri: returnUri });
      expect(left.location).toBe(returnUri);
      expect(await isSignedIn()).toBe(false);
    });

    test("oidcc-rp-initiated-logout-only-state", async () => {
      await signIn();
      await confirmed(await logout({ state }));
    });
  },
);

describe.each<Profile>(["compat", "hardened"])(
  "oidcc-backchannel-rp-initiated-logout-certification-test-plan, %s",
  (profile) => {
    const uri = "https://app.example.com/backchannel_logout";

    beforeEach(async () => {
      await app.close();
      await start(profile);
      const named = { userPoolId: home.pool.id, clientId: home.client.id };
      await changeClient(testCall(app), named, ({ client: { extensions } }) => ({
        extensions: { ...extensions, backChannelLogoutUri: uri },
      }));
    });

    test("oidcc-backchannel-logout-discovery-endpoint-verification", async () => {
      const visit = await browser.get(`/${home.pool.id}/.well-known/openid-configuration`);
      expect(JSON.parse(visit.body)).toMatchObject({
        backchannel_logout_supported: true,
        backchannel_logout_session_supported: true,
        end_session_endpoint: expect.stringMatching(/^https:/),
      });
    });

    test("oidcc-backchannel-rp-initiated-logout", async () => {
      const hint = await signIn();
      const left = await logout({
        id_token_hint: hint,
        post_logout_redirect_uri: returnUri,
        state,
      });
      expect([...answerIn(left)]).toEqual([["state", state]]);
      await tellClients(app.context);
      expect(app.told).toEqual([{ uri, logoutToken: expect.any(String) }]);
      const { sub, sid, iss, aud } = claimsOf(hint);
      const claims = claimsOf(app.told[0]?.logoutToken ?? "");
      expect(claims).toMatchObject({ sub, sid, iss, aud });
      expect(claims).not.toHaveProperty("nonce");
      expect(await isSignedIn()).toBe(false);
    });
  },
);

test("a client may send its user by a form", async () => {
  const hint = await signIn();
  const fields = { id_token_hint: hint, post_logout_redirect_uri: returnUri, state };
  // Our cookies do not come along with a form of another site, only with the navigation that follows.
  const kept = new Map(browser.cookies);
  browser.cookies.clear();
  const posted = await browser.post(`/${home.pool.id}/logout`, fields, {
    origin: "https://app.example.com",
    "sec-fetch-site": "cross-site",
  });
  expect(posted.status).toBe(303);
  for (const [name, value] of kept) browser.cookies.set(name, value);
  const left = await browser.follow(posted);
  expect(answerIn(left).get("state")).toBe(state);
  expect(await isSignedIn()).toBe(false);
});

test("a hint counts though its time is over, and whichever of the two names the client", async () => {
  const hint = await signIn();
  app.clock.advance(3_500_000);
  const other = testBrowser(app);
  await signInOnPage(other, authorizeUrl(home), { username: "ada" });
  app.clock.advance(200_000);
  browser = other;
  const left = await logout({
    id_token_hint: hint,
    client_id: home.client.id,
    post_logout_redirect_uri: returnUri,
  });
  expect(left.location).toBe(returnUri);
  expect(await isSignedIn()).toBe(false);
});

test("a registered address keeps its own query", async () => {
  const hint = await signIn();
  const left = await logout({
    id_token_hint: hint,
    post_logout_redirect_uri: `${returnUri}?kept=1`,
    state: "s",
  });
  expect(left.location).toBe(`${returnUri}?kept=1&state=s`);
});

test("a client that names itself without a hint gets its user back once the user has agreed", async () => {
  await signIn();
  const parameters = {
    client_id: home.client.id,
    post_logout_redirect_uri: returnUri,
    state: "s",
  };
  const asked = await logout(parameters);
  const { form } = asked.page("logout-confirm");
  expect(await isSignedIn()).toBe(true);
  const left = await browser.submit(form, { decision: "sign-out" });
  expect(left.location).toBe(`${returnUri}?state=s`);
  expect(await isSignedIn()).toBe(false);
});

test("whoever stays is told so where there is no client to go back to", async () => {
  await signIn();
  const asked = await logout();
  const stayed = await browser.submit(asked.page("logout-confirm").form, { decision: "stay" });
  stayed.page("logout-confirm");
  expect(stayed.notice).toEqual({ kind: "info", code: "still-signed-in" });
  expect(await isSignedIn()).toBe(true);
});

test("the ID token of another user does not spare the question", async () => {
  await testUser(app, home.pool, { username: "eve" });
  const foreign = await signIn(home.client, "eve");
  browser = testBrowser(app);
  await signIn();
  const asked = await logout({ id_token_hint: foreign, post_logout_redirect_uri: returnUri });
  asked.page("logout-confirm");
  expect(await isSignedIn()).toBe(true);
});

test("a client does not speak for another one", async () => {
  const hint = await signIn();
  const other = await createClient(testCall(app), home.pool, {
    name: "other",
    settings: home.client.settings,
    extensions: { rpInitiatedLogout: "on" },
  });
  await errorShown(await logout({ id_token_hint: hint, client_id: other.id }));
});

test("an access token is no hint", async () => {
  const { access_token } = await hostedTokens({ ...home, app, browser });
  (await logout({ id_token_hint: access_token })).page("logout-confirm");
  expect(await isSignedIn()).toBe(true);
});

test("the ID token of another pool is no hint", async () => {
  const foreign = await oauthPool(app, { clientExtensions: { rpInitiatedLogout: "on" } });
  await testUser(app, foreign.pool);
  const there = await hostedTokens({ ...foreign, app, browser: testBrowser(app) });
  await signIn();
  (await logout({ id_token_hint: there.id_token })).page("logout-confirm");
  expect(await isSignedIn()).toBe(true);
});

test("a client that has it off is answered as Cognito answers", async () => {
  const other = await createClient(testCall(app), home.pool, {
    name: "other",
    settings: home.client.settings,
  });
  const hint = await signIn(other);
  await errorShown(await logout({ id_token_hint: hint, post_logout_redirect_uri: returnUri }));
  await errorShown(await logout());
});

test("Cognito's own words work beside it, without a question", async () => {
  await signIn();
  const left = await logout({ client_id: home.client.id, logout_uri: returnUri });
  expect(left.location).toBe(returnUri);
});

test("nobody is asked who is not signed in, and nobody is sent to what is not registered", async () => {
  const named = { client_id: home.client.id, post_logout_redirect_uri: returnUri };
  expect((await logout(named)).location).toBe(returnUri);
  const refused = await logout({ ...named, post_logout_redirect_uri: "https://evil.example/" });
  refused.page("error");
});

test.each(mutationsOf(returnUri))("no return to %j", async (uri) => {
  const hint = await signIn();
  await errorShown(await logout({ id_token_hint: hint, post_logout_redirect_uri: uri, state }));
});

test.each(["", "a.b", "a.b.c", "null", "é".repeat(100), "a".repeat(10_000)])(
  "a hint that is no token at all: %.20j",
  async (hint) => {
    await signIn();
    await confirmed(await logout({ id_token_hint: hint }));
  },
);
