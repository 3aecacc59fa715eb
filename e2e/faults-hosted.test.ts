/** kill -9 between the steps of sign-ins on the hosted pages: what was begun goes on, and what is over stays over. */
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
import { type Installation, makeInstallation, type Node, startNode } from "./harness/nodes.ts";
import type { FormBrowser, Stop } from "./harness/page-forms.ts";
import { type Postgres, startPostgres } from "./harness/postgres.ts";
import { stopAll } from "./harness/server.ts";
import { password } from "./harness/users.ts";

let installation: Installation;
let postgres: Postgres;
beforeAll(async () => {
  [installation, postgres] = await Promise.all([makeInstallation(), startPostgres()]);
});
afterAll(async () => {
  await stopAll();
  await postgres.stop();
});

describe.each(["SQLite", "PostgreSQL"])("after kill -9, on %s,", (engine) => {
  let node: Node;
  let app: HostedApp;
  /** Whose users are asked for their consent. */
  let asking: HostedApp;

  const newBrowser = () => proxiedBrowser(() => node);
  const makeUser = () => createAppUser(node.client, app);
  const redeem = (code: string | undefined) => askToken(node, app, codeFields(code));
  const refresh = (tokens: TokenAnswer) => askToken(node, app, refreshFields(tokens));
  const refused = { status: 400, error: "invalid_grant" };

  async function newCode(browser = newBrowser()): Promise<string> {
    return codeIn(await signInByForm(browser, app, await makeUser())) ?? "";
  }

  const shown = { page: {} as Stop, username: "" };
  async function showForm(): Promise<void> {
    shown.page = await newBrowser().open(authorizeUrl(app));
    shown.username = await makeUser();
  }

  let consent: Stop;
  async function askConsent(): Promise<void> {
    consent = await signInByForm(newBrowser(), asking, await makeUser());
    expect(consent.url.pathname).toBe(`/${app.userPoolId}/consent`);
  }

  const issued = { browser: newBrowser(), code: "" };
  async function issueCode(): Promise<void> {
    issued.code = await newCode(issued.browser);
  }

  const redeemed = { code: "", tokens: {} as TokenAnswer };
  async function redeemCode(): Promise<void> {
    redeemed.code = await newCode();
    redeemed.tokens = await redeem(redeemed.code);
    expect(redeemed.tokens.status).toBe(200);
  }

  let kept: TokenAnswer;
  const rotated = { old: {} as TokenAnswer, successor: {} as TokenAnswer };
  async function rotate(): Promise<void> {
    kept = await redeem(await newCode());
    rotated.old = await redeem(await newCode());
    rotated.successor = await refresh(rotated.old);
    expect(rotated.successor.status).toBe(200);
  }

  const user = newBrowser();
  /** Has the cookies of before the user signed out. */
  let thief: FormBrowser;
  async function leave(): Promise<void> {
    await newCode(user);
    thief = user.copy();
    expect(codeIn(await thief.open(authorizeUrl(app)))).toBeDefined();
    expect((await user.open(logoutUrl(app))).url.href).toBe(leftUri);
  }

  /** By code, whether its tokens had been told when the process died. */
  const inFlight = new Map<string, TokenAnswer | undefined>();
  /** Redeems many codes at once, and kills the process when the first few are answered. */
  async function killWhileRedeeming(): Promise<void> {
    for (let n = 0; n < 12; n++) inFlight.set(await newCode(), undefined);
    let answered = 0;
    const some = Promise.withResolvers<void>();
    const answers = [...inFlight.keys()].map(async (code) => {
      inFlight.set(code, await redeem(code).catch(() => undefined));
      answered += 1;
      if (answered === 3) some.resolve();
    });
    await some.promise;
    await node.kill();
    await Promise.all(answers);
  }

  beforeAll(async () => {
    const options = { databaseUrl: engine === "SQLite" ? undefined : postgres.url };
    node = await startNode(installation, options);
    app = await makeHostedApp(node);
    asking = await addHostedClient(node, app, { Consent: "on" });
    await Promise.all([showForm(), askConsent(), issueCode(), redeemCode(), rotate(), leave()]);
    await killWhileRedeeming();
    const { dataDir, port } = node;
    node = await startNode(installation, { ...options, dataDir, port });
  });
  afterAll(() => node.kill());

  test("a form that was shown signs its user in", async () => {
    const { page, username } = shown;
    const code = codeIn(await page.submit({ username, password }));
    expect(await redeem(code)).toMatchObject({ status: 200 });
  });

  test("a consent that was asked for is given, once", async () => {
    const code = codeIn(await consent.submit({ decision: "allow" }));
    expect(await askToken(node, asking, codeFields(code))).toMatchObject({ status: 200 });
    expect(codeIn(await consent.submit({ decision: "allow" }))).toBeUndefined();
  });

  test("a code that was issued gives tokens, and its browser is still signed in", async () => {
    expect(await redeem(issued.code)).toMatchObject({ status: 200 });
    expect(codeIn(await issued.browser.open(authorizeUrl(app)))).toBeDefined();
  });

  test("tokens are good as before", async () => {
    expect(await statusOfUserInfo(node, app, kept)).toBe(200);
    expect(await refresh(kept)).toMatchObject({ status: 200 });
  });

  test("a code that was redeemed stays so, and ends its tokens when it comes back", async () => {
    const { code, tokens } = redeemed;
    expect(await statusOfUserInfo(node, app, tokens)).toBe(200);
    expect(await redeem(code)).toMatchObject(refused);
    expect(await statusOfUserInfo(node, app, tokens)).toBe(401);
    expect(await refresh(tokens)).toMatchObject(refused);
  });

  test("a refresh token that was replaced stays so, and ends the family when it comes back", async () => {
    expect(await statusOfUserInfo(node, app, rotated.successor)).toBe(200);
    expect(await refresh(rotated.old)).toMatchObject(refused);
    expect(await refresh(rotated.successor)).toMatchObject(refused);
    expect(await statusOfUserInfo(node, app, rotated.successor)).toBe(401);
  });

  test("a session that was signed out does not come back, for a copy of its cookie neither", async () => {
    for (const browser of [user, thief]) {
      const { url } = await browser.open(authorizeUrl(app));
      expect(url.pathname).toBe(`/${app.userPoolId}/login`);
    }
  });

  test("a code whose tokens were told is used, and no code is good twice", async () => {
    const told = [...inFlight.values()].filter((answer) => answer?.status === 200);
    expect(told.length).toBeGreaterThan(0);
    for (const [code, answer] of inFlight) {
      const ends = [(await redeem(code)).status, (await redeem(code)).status];
      // It may have been committed without having been told.
      expect(answer ? [[400]] : [[400], [200]]).toContainEqual([ends[0]]);
      expect(ends[1]).toBe(400);
      if (answer) expect(await statusOfUserInfo(node, app, answer)).toBe(401);
    }
  });
});
