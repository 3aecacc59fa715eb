import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../testing/app.ts";
import { askToken, authorizeUrl, basic, oauthPool } from "../testing/oauth.ts";

/** How often an address may have something kept for it at the endpoints. */
let app: TestApp;
beforeEach(async () => {
  app = await testApp({ settings: { rateLimits: true } });
});
afterEach(() => app.close());

const secret = "client-secret-0123456789-abcdef";
const poolWith = (options: { secret?: string } = {}) =>
  oauthPool(app, {
    clientExtensions: { pushedAuthorizationRequests: "on", deviceAuthorization: "on" },
    ...options,
  });
type Home = Awaited<ReturnType<typeof poolWith>>;

function push(home: Home, remoteAddress: string, headers = {}) {
  const asked = Object.fromEntries(new URL(authorizeUrl(home), "https://x").searchParams);
  return askToken(app, home, { path: "/oauth2/par", ...asked, remoteAddress, headers });
}
const beginDevice = ({ pool, client }: Home, remoteAddress: string) =>
  askToken(
    app,
    { pool },
    { path: "/oauth2/device_authorization", client_id: client.id, remoteAddress },
  );

/** An address that has had all but one of what the hour gives. */
async function nearlyUsedUp(budget: string, address: string): Promise<void> {
  const until_ms = app.clock.now() + 3_600_000;
  const counter = { name: `source/${budget}/${address}`, count: 999, until_ms };
  await app.context.store.db.insertInto("counters").values(counter).execute();
}

const [here, there] = ["203.0.113.7", "203.0.113.8"];

test.each([
  ["pushes", push, 201],
  ["devices", beginDevice, 200],
] as const)("of %s an address has a thousand in an hour", async (budget, ask, good) => {
  const home = await poolWith();
  await nearlyUsedUp(budget, here);
  expect((await ask(home, here)).status).toBe(good);
  expect(await ask(home, here)).toMatchObject({
    status: 503,
    body: { error: "temporarily_unavailable" },
  });
  expect((await ask(home, there)).status).toBe(good);
  app.clock.advance(3_600_000);
  expect((await ask(home, here)).status).toBe(good);
});

test("a client that proves itself pushes for all its users from one address", async () => {
  const home = await poolWith({ secret });
  await nearlyUsedUp("pushes", here);
  const headers = basic(home.client.id, secret);
  for (let n = 0; n < 2; n += 1) expect((await push(home, here, headers)).status).toBe(201);
});
