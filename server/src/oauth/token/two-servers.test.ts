import { GetUserCommand } from "@aws-sdk/client-cognito-identity-provider";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { testBrowser } from "../../testing/browser.ts";
import {
  answerIn,
  askToken,
  authorizeUrl,
  codeVerifier,
  oauthPool,
  redirectUri,
  signInOnPage,
} from "../../testing/oauth.ts";
import { engines, migratedPlace } from "../../testing/places.ts";
import { password, type TestPool, testUser } from "../../testing/pools.ts";

describe.each(engines)("two servers at one database on %s", (engine) => {
  let apps: readonly [TestApp, TestApp];
  let home: TestPool;
  beforeEach(async () => {
    const place = await migratedPlace(engine);
    const first = await testApp({ place });
    apps = [first, await testApp({ place, vault: first.context.vault })];
    home = await oauthPool(first);
    await testUser(first, home.pool);
  });
  afterEach(() => Promise.all(apps.map((app) => app.close())));

  const scope = "openid aws.cognito.signin.user.admin";
  const signIn = async (app: TestApp) =>
    signInOnPage(testBrowser(app), authorizeUrl(home, { scope }), { username: "ada" });

  const redeem = (app: TestApp, code: string) =>
    askToken(app, home, {
      ...{ grant_type: "authorization_code", client_id: home.client.id, code },
      ...{ redirect_uri: redirectUri, code_verifier: codeVerifier },
    });

  test("give tokens once for one code, however many ask both at once, and then none of them lives", async () => {
    const code = answerIn(await signIn(apps[0])).get("code") ?? "";
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => apps.map((app) => redeem(app, code))).flat(),
    );
    const given = answers.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    const refused = answers.filter(({ body }) => body.error === "invalid_grant");
    expect(refused).toHaveLength(19);
    const AccessToken = given[0]?.body.access_token;
    for (const { client } of apps) {
      await expect(client.send(new GetUserCommand({ AccessToken }))).rejects.toThrow();
    }
    const { db } = apps[0].context.store;
    expect(await db.selectFrom("token_families").select("id").execute()).toHaveLength(1);
  });

  test("go on with each other's sign-ins, pages and sessions", async () => {
    const [here, there] = apps.map((app) => testBrowser(app));
    if (!here || !there) throw new Error("there are two");
    const page = (await here.follow(await here.get(authorizeUrl(home)))).page("sign-in");
    for (const [name, value] of here.cookies) there.cookies.set(name, value);
    const done = await there.submit(page.form, {
      ...{ username: "ada", password },
    });
    expect((await redeem(apps[0], answerIn(done).get("code") ?? "")).status).toBe(200);
    for (const [name, value] of there.cookies) here.cookies.set(name, value);
    expect(answerIn(await here.get(authorizeUrl(home, { prompt: "none" }))).has("code")).toBe(true);
  });
});
