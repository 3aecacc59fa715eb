import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type TestApp, testApp } from "../../../testing/app.ts";
import { personAt, refusals, withTokens } from "../../../testing/person.ts";
import {
  storedUser,
  type TestPool,
  type TestPoolOptions,
  testPool,
} from "../../../testing/pools.ts";
import { signInByPassword } from "../../../testing/sign-in.ts";
import { handleTriggers, type TriggerEvent, triggersOf } from "../../../testing/triggers.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

const right = "as-it-is-elsewhere";
const hiding = { preventUserExistenceErrors: "ENABLED" } as const;

/** A directory elsewhere that knows everybody by one password; how it says no is its own affair. */
function directory(refuse: () => unknown = () => undefined) {
  return handleTriggers(app, {
    UserMigration(event: TriggerEvent) {
      if (event.request["password"] !== right) return refuse();
      return { ...event, response: { userAttributes: { name: "Ada" } } };
    },
  });
}

const refusing = () => {
  throw new Error("Bad password");
};

function poolWithFunction({ settings, ...options }: TestPoolOptions = {}): Promise<TestPool> {
  const lambdaConfig = triggersOf("UserMigration");
  return testPool(app, { ...options, settings: { lambdaConfig, ...settings } });
}

const guess = (home: TestPool, password: string, username = "ada") =>
  signInByPassword(app, home, { username, password });

const ways: [string, TestPoolOptions, () => unknown][] = [
  ["tells who exists, and a function that is silent", {}, () => undefined],
  ["tells who exists, and a function that throws", {}, refusing],
  ["hides who exists, and a function that is silent", { client: hiding }, () => undefined],
  ["hides who exists, and a function that throws", { client: hiding }, refusing],
  [
    "hides who exists, in the hardened profile",
    { client: hiding, extensions: { profile: "hardened" } },
    refusing,
  ],
];

describe.each(ways)("guesses at a client that %s", (_, options, refuse) => {
  test("are free five times; then the function is asked no more", async () => {
    const events = directory(refuse);
    const home = await poolWithFunction(options);
    for (let round = 0; round < 5; round++) {
      const refusal = await guess(home, `wrong-${round}`).catch((error: Error) => error);
      expect(refusal).not.toMatchObject(refusals.locked);
    }
    await expect(guess(home, right)).rejects.toMatchObject(refusals.locked);
    expect(events).toHaveLength(5);
    expect(await storedUser(app, home)).toBeUndefined();
    app.clock.advance(1_001);
    expect(await guess(home, right)).toMatchObject(withTokens);
  });

  test("of forty at once are judged no more than five times", async () => {
    const events = directory(refuse);
    const home = await poolWithFunction(options);
    const tried = Array.from({ length: 40 }, (__, at) => guess(home, `wrong-${at}`));
    await Promise.allSettled(tried);
    expect(events).toHaveLength(5);
  });
});

test("a right password makes the guesses before it forgotten, and ends in tokens", async () => {
  directory(refusing);
  const home = await poolWithFunction();
  for (let round = 0; round < 4; round++) await guess(home, "wrong").catch(() => undefined);
  expect(await guess(home, right)).toMatchObject(withTokens);
  const { db } = app.context.store;
  expect(await db.selectFrom("lockouts").selectAll().execute()).toEqual([]);
  await expect(guess(home, "wrong")).rejects.toMatchObject(refusals.wrong);
});

test("of many right ones at once all go on with one user", async () => {
  directory();
  const home = await poolWithFunction();
  const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => guess(home, right)));
  expect(outcomes.map(({ status }) => status)).toContain("fulfilled");
  const stored = await app.context.store.db.selectFrom("users").select("id").execute();
  expect(stored).toHaveLength(1);
});

test("one spelling of a name has no guesses of its own where case does not matter", async () => {
  const events = directory();
  const home = await poolWithFunction({ settings: { caseSensitive: false }, client: hiding });
  for (const name of ["ada", "Ada", "ADA", "aDa", "adA", "ADa", "aDA"]) {
    await guess(home, "wrong", name).catch(() => undefined);
  }
  expect(events).toHaveLength(5);
});

test("a choice-based sign-in gives no guesses that do not count", async () => {
  const events = directory();
  const home = await poolWithFunction({
    client: { ...hiding, explicitAuthFlows: ["ALLOW_USER_AUTH"] },
  });
  const ada = personAt(app, home);
  for (let round = 0; round < 8; round++) {
    const given = { PREFERRED_CHALLENGE: "PASSWORD", PASSWORD: `wrong-${round}` };
    await ada.begin(given).catch(() => undefined);
  }
  expect(events).toHaveLength(5);
});

test("what can be no password is not asked about", async () => {
  const events = handleTriggers(app, {
    UserMigration: (event) => ({ ...event, response: { userAttributes: { name: "Ada" } } }),
  });
  const home = await poolWithFunction({ client: hiding });
  await expect(guess(home, "x".repeat(100_000))).rejects.toMatchObject(refusals.wrong);
  expect(events).toEqual([]);
  expect(await storedUser(app, home)).toBeUndefined();
});
