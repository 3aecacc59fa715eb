import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { movableClock } from "../../lib/clock.ts";
import { listSigningKeys } from "../../store/signing-keys.ts";
import { markUserPoolDeleted } from "../../store/user-pools.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { engines } from "../../testing/places.ts";
import { type TestPool, testCall, testPool, testUser } from "../../testing/pools.ts";
import { authenticate } from "../tokens/authenticate.ts";
import { prepareFamily } from "../tokens/issue.ts";
import { createKeyRing, KEY_RING_AGE_MS } from "./key-ring.ts";
import { JWKS_MAX_AGE_SECONDS, replaceSigningKeys, rotateSigningKeys } from "./rotate.ts";
import { startKeyRotation } from "./rotation-worker.ts";

/** Everybody who may keep the JWKS, and every node, has seen a key by then. */
const seenByAllMs = JWKS_MAX_AGE_SECONDS * 1000 + KEY_RING_AGE_MS;
const dayMs = 86_400_000;

describe.each(engines)("signing keys on %s", (engine) => {
  let app: TestApp;
  let home: TestPool;

  beforeEach(async () => {
    app = await testApp({ engine: engine });
    home = await testPool(app);
  });
  afterEach(() => app.close());

  async function states(): Promise<string[]> {
    const rows = await listSigningKeys(app.context.store.db, home.pool.id);
    return rows.map(({ token_use, state }) => `${token_use} ${state}`).sort();
  }

  async function step(): Promise<void> {
    const worker = startKeyRotation(app.context);
    await worker.step();
    await worker.stop();
  }

  async function accessToken(): Promise<string> {
    const call = testCall(app);
    const user = await testUser(app, home.pool, { username: call.random.uuid() });
    const family = await prepareFamily(call, { ...home, user });
    await call.change((trx) => family.store(trx));
    return family.tokens.accessToken;
  }

  function signer(token: string): string {
    return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString()).kid;
  }

  /** A ring of another node over the same store, with a clock of its own. */
  function otherNode() {
    const clock = movableClock({ now: () => 0 });
    const { store, vault } = app.context;
    return { clock, ring: createKeyRing({ store, vault, clock }) };
  }

  const twoActive = ["access active", "id active"];
  const twoWaiting = ["access active", "access next", "id active", "id next"];
  const twoRetired = ["access active", "access retired", "id active", "id retired"];

  test("a rotation publishes two keys and signs with neither until everybody has had time to see them", async () => {
    const before = signer(await accessToken());
    const answer = await rotateSigningKeys(testCall(app), home.pool);
    expect(answer.map(({ tokenUse, state }) => `${tokenUse} ${state}`).sort()).toEqual(twoWaiting);
    app.clock.advance(seenByAllMs);
    await step();
    expect(await states()).toEqual(twoWaiting);
    expect(signer(await accessToken())).toBe(before);
    app.clock.advance(60_000);
    await step();
    expect(await states()).toEqual(twoRetired);
    expect(signer(await accessToken())).not.toBe(before);
  });

  test("a retired key verifies for as long as its tokens may live, and then it is gone", async () => {
    const token = await accessToken();
    await rotateSigningKeys(testCall(app), home.pool);
    app.clock.advance(seenByAllMs + 60_000);
    await step();
    expect((await authenticate(testCall(app), token)).user.username).toBeTruthy();
    app.clock.advance(dayMs);
    await step();
    expect(await states()).toEqual(twoRetired);
    app.clock.advance(120_000);
    await step();
    expect(await states()).toEqual(twoActive);
  });

  test("asking again while keys wait adds none, also when both ask at once", async () => {
    await Promise.all([
      rotateSigningKeys(testCall(app), home.pool),
      rotateSigningKeys(testCall(app), home.pool),
    ]);
    expect(await states()).toEqual(twoWaiting);
    const [first] = await rotateSigningKeys(testCall(app), home.pool);
    app.clock.advance(1_000);
    const [again] = await rotateSigningKeys(testCall(app), home.pool);
    expect(again).toEqual(first);
  });

  test("two workers at once retire and activate each key once", async () => {
    await rotateSigningKeys(testCall(app), home.pool);
    app.clock.advance(seenByAllMs + 60_000);
    await Promise.all([step(), step()]);
    expect(await states()).toEqual(twoRetired);
  });

  test("another node signs with the new key without a restart, and knew it before", async () => {
    const node = otherNode();
    const before = await node.ring.signing(home.pool.id, "access");
    await rotateSigningKeys(testCall(app), home.pool);
    node.clock.advance(KEY_RING_AGE_MS);
    expect(await node.ring.published(home.pool.id)).toHaveLength(4);
    app.clock.advance(seenByAllMs + 60_000);
    await step();
    expect((await node.ring.signing(home.pool.id, "access")).kid).toBe(before.kid);
    node.clock.advance(KEY_RING_AGE_MS);
    const after = await node.ring.signing(home.pool.id, "access");
    expect(after.kid).not.toBe(before.kid);
    expect(await node.ring.verifying(home.pool.id, before.kid, "access")).toBeDefined();
    expect((await node.ring.published(home.pool.id)).map(({ kid }) => kid)).toContain(after.kid);
  });

  test("in an emergency the old keys, waiting ones too, are gone at once, and every token that they signed is dead", async () => {
    await rotateSigningKeys(testCall(app), home.pool);
    const stolen = await accessToken();
    const old = await listSigningKeys(app.context.store.db, home.pool.id);
    await replaceSigningKeys(testCall(app), home.pool);
    expect(await states()).toEqual(twoActive);
    const now = await listSigningKeys(app.context.store.db, home.pool.id);
    expect(now.filter(({ kid }) => old.some((each) => each.kid === kid))).toEqual([]);
    await expect(authenticate(testCall(app), stolen)).rejects.toThrow("Invalid Access Token");
    expect((await authenticate(testCall(app), await accessToken())).pool.id).toBe(home.pool.id);
  });

  test("in an emergency another node refuses the old key once it looks again", async () => {
    const node = otherNode();
    const { kid } = await node.ring.signing(home.pool.id, "access");
    await replaceSigningKeys(testCall(app), home.pool);
    expect(await node.ring.verifying(home.pool.id, kid, "access")).toBeDefined();
    node.clock.advance(KEY_RING_AGE_MS);
    expect(await node.ring.verifying(home.pool.id, kid, "access")).toBeUndefined();
  });

  test("an emergency in the middle of a rotation leaves one key of each kind", async () => {
    await Promise.all([
      rotateSigningKeys(testCall(app), home.pool),
      replaceSigningKeys(testCall(app), home.pool),
      replaceSigningKeys(testCall(app), home.pool),
    ]);
    const active = (await states()).filter((state) => state.endsWith("active"));
    expect(active).toEqual(twoActive);
  });

  test("a deleted pool gets no keys", async () => {
    const { id } = home.pool;
    await markUserPoolDeleted(app.context.store.db, { id, nowMs: 1 });
    await expect(rotateSigningKeys(testCall(app), home.pool)).rejects.toThrow("does not exist");
    await expect(replaceSigningKeys(testCall(app), home.pool)).rejects.toThrow("does not exist");
    expect(await states()).toEqual(twoActive);
  });

  test("no private key is stored or answered in clear", async () => {
    const answer = await rotateSigningKeys(testCall(app), home.pool);
    const rows = await listSigningKeys(app.context.store.db, home.pool.id);
    expect(JSON.stringify([answer, rows])).not.toContain("PRIVATE KEY");
    expect(JSON.stringify(answer)).not.toContain(rows[0]?.private_key);
  });

  test("what the worker changes has its row in the trail, and a step without work has none", async () => {
    await step();
    const before = (await app.auditEvents()).length;
    await rotateSigningKeys(testCall(app), home.pool);
    app.clock.advance(seenByAllMs + 60_000);
    await step();
    const events = await app.auditEvents();
    expect(events).toHaveLength(before + 2);
    expect(events.find((event) => event.eventName === "AdvanceSigningKeys")).toMatchObject({
      userIdentity: { type: "AWSService", invokedBy: "poolhouse" },
      eventType: "AwsServiceEvent",
      additionalEventData: { userPoolId: home.pool.id },
    });
  });
});
