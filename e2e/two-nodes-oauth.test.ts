/** The hosted pages and OAuth over two processes and one PostgreSQL: any step on either node, and once is once. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAppUser } from "./harness/app-pool.ts";
import {
  addHostedClient,
  askToken,
  authorizeUrl,
  codeFields,
  codeIn,
  type HostedApp,
  leftUri,
  logoutUrl,
  makeHostedApp,
  proxiedBrowser,
  refreshFields,
  signInByForm,
  statusOfUserInfo,
  type TokenAnswer,
} from "./harness/hosted.ts";
import { makeInstallation, type Node, publicUrl, startNode } from "./harness/nodes.ts";
import { type Postgres, startPostgres } from "./harness/postgres.ts";
import { stopAll } from "./harness/server.ts";
import { password } from "./harness/users.ts";

const attempts = 20;
const rounds = 3;
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(async () => {
  await stopAll();
  await postgres.stop();
});

/** SQLite has one process; what comes at once is told apart there as well. */
describe.each(["two nodes over PostgreSQL", "one node over SQLite"])("%s", (engine) => {
  let nodes: readonly [Node, Node];
  let app: HostedApp;
  let asking: HostedApp;

  let turn = 0;
  /** The nodes in turn: no two steps go to the same one. */
  function next(): Node {
    turn += 1;
    return nodes[turn % 2 === 0 ? 0 : 1];
  }

  beforeAll(async () => {
    const installation = await makeInstallation();
    if (engine.endsWith("SQLite")) {
      const only = await startNode(installation);
      nodes = [only, only];
    } else {
      const options = { databaseUrl: postgres.url };
      nodes = [await startNode(installation, options), await startNode(installation, options)];
    }
    app = await makeHostedApp(nodes[0]);
    asking = await addHostedClient(nodes[1], app, { Consent: "on", DeviceAuthorization: "on" });
  });
  afterAll(() => Promise.all([...new Set(nodes)].map((node) => node.kill())));

  const makeUser = () => createAppUser(nodes[0].client, app);

  /** The same asked twenty times, by turns of either node. */
  const atOnce = <T>(ask: (node: Node) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: attempts }, (_, n) => ask(nodes[n % 2 === 0 ? 0 : 1])));

  /** The one answer that gave tokens; all others have to be this refusal. */
  function onlyWinner(answers: readonly TokenAnswer[], refusals: readonly string[]): TokenAnswer {
    const [won, ...more] = answers.filter(({ status }) => status === 200);
    expect(more).toEqual([]);
    if (!won) throw new Error(`nobody won: ${JSON.stringify(answers)}`);
    const lost = answers.filter((answer) => answer !== won);
    expect(
      lost.filter(({ status, error = "" }) => status !== 400 || !refusals.includes(error)),
    ).toEqual([]);
    return won;
  }

  async function signedIn(): Promise<TokenAnswer> {
    const code = codeIn(await signInByForm(proxiedBrowser(next), app, await makeUser()));
    return askToken(next(), app, codeFields(code));
  }

  async function isRevoked(tokens: TokenAnswer): Promise<void> {
    for (const node of nodes) {
      expect(await askToken(node, app, refreshFields(tokens))).toMatchObject({
        ...{ status: 400, error: "invalid_grant" },
      });
      expect(await statusOfUserInfo(node, app, tokens)).toBe(401);
    }
  }

  test.each([0, 1])("a sign-in goes on at the other node, begun on node %i", async (first) => {
    turn = first;
    const browser = proxiedBrowser(next);
    const code = codeIn(await signInByForm(browser, app, await makeUser()));
    expect(code).toMatch(/^[\w-]{43}$/);
    const tokens = await askToken(next(), app, codeFields(code));
    expect(tokens.status).toBe(200);
    expect(await statusOfUserInfo(next(), app, tokens)).toBe(200);
    const refreshed = await askToken(next(), app, refreshFields(tokens));
    expect(refreshed.status).toBe(200);
    expect(await statusOfUserInfo(next(), app, refreshed)).toBe(200);

    // The session is known at both, and is over at both.
    for (const _ of nodes) expect(codeIn(await browser.open(authorizeUrl(app)))).toBeDefined();
    expect((await browser.open(logoutUrl(app))).url.href).toBe(leftUri);
    for (const _ of nodes) {
      const { url } = await browser.open(authorizeUrl(app));
      expect(url.pathname).toBe(`/${app.userPoolId}/login`);
      next();
    }
  });

  test("a code gives tokens once, and its reuse ends them", async () => {
    for (let round = 0; round < rounds; round++) {
      const code = codeIn(await signInByForm(proxiedBrowser(next), app, await makeUser()));
      const answers = await atOnce((node) => askToken(node, app, codeFields(code)));
      await isRevoked(onlyWinner(answers, ["invalid_grant"]));
    }
  });

  test("a refresh token that rotates is good once, and its reuse ends the family", async () => {
    for (let round = 0; round < rounds; round++) {
      const tokens = await signedIn();
      const answers = await atOnce((node) => askToken(node, app, refreshFields(tokens)));
      const won = onlyWinner(answers, ["invalid_grant"]);
      expect(won.refresh_token).not.toBe(tokens.refresh_token);
      await isRevoked(won);
    }
  });

  test("a consent is taken once", async () => {
    for (let round = 0; round < rounds; round++) {
      const page = await signInByForm(proxiedBrowser(next), asking, await makeUser());
      expect(page.url.pathname).toBe(`/${app.userPoolId}/consent`);
      const ends = await atOnce(() => page.submit({ decision: "allow" }));
      const codes = ends.map(codeIn).filter((code) => code !== undefined);
      expect(codes).toHaveLength(1);
      const tokens = await askToken(next(), asking, codeFields(codes[0]));
      expect(tokens.status).toBe(200);
    }
  });

  test("a device is decided on once, and gets tokens once", async () => {
    const begun = await fetch(`${next().url}/${app.userPoolId}/oauth2/device_authorization`, {
      method: "POST",
      body: new URLSearchParams({ client_id: asking.clientId, scope: "openid" }),
    });
    const device = (await begun.json()) as { device_code: string; user_code: string };
    const browser = proxiedBrowser(next);
    const entry = await browser.open(`${publicUrl}/${app.userPoolId}/device`);
    const username = await makeUser();
    const login = await entry.submit({ user_code: device.user_code });
    const consent = await login.submit({ username, password });
    expect(consent.url.pathname).toBe(`/${app.userPoolId}/consent`);
    await atOnce(() => consent.submit({ decision: "allow" }));
    const fields = {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: device.device_code,
    };
    const answers = await atOnce((node) => askToken(node, asking, fields));
    const won = onlyWinner(answers, ["invalid_grant", "slow_down"]);
    expect(won.access_token).toBeDefined();
    // At whatever pace it is asked: nothing more comes of this code.
    const later = await atOnce((node) => askToken(node, asking, fields));
    expect(later.filter(({ status }) => status === 200)).toEqual([]);
  });
});
