import { afterEach, beforeEach, expect, test } from "vitest";
import { deleteExpired } from "../../store/expiries.ts";
import { insertOutboxMessage } from "../../store/outbox.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { engines } from "../../testing/places.ts";
import { testPool } from "../../testing/pools.ts";
import type { Context } from "../context.ts";
import type { UserPool } from "../pools/pool.ts";
import { composeNotice, composeVerification } from "./compose.ts";
import { startOutbox, stepOutbox } from "./outbox.ts";
import { outboxRow } from "./outbox-row.ts";
import { type Message, Undeliverable } from "./sender.ts";

let app: TestApp;
let pool: UserPool;
beforeEach(async () => {
  app = await testApp();
  ({ pool } = await testPool(app));
});
afterEach(() => app.close());

const minuteMs = 60_000;

function verification(code: string): Message {
  const to = { channel: "email", to: "ada@example.com", code, username: "ada" } as const;
  return composeVerification(pool, to);
}

async function put(message: Message, userId = "sub-1"): Promise<void> {
  const row = outboxRow(app.context, { pool, userId, message });
  await insertOutboxMessage(app.context.store.db, row);
}

const rows = () => app.context.store.db.selectFrom("outbox").selectAll().execute();
const sentCodes = () => app.sent.map(({ code }) => code);
const failures = async () =>
  (await app.auditEvents()).filter(({ eventName }) => eventName === "DeliverMessage");
const failing = (error: Error): Context => ({
  ...app.context,
  sender: { send: () => Promise.reject(error) },
});

test("what is due is sent as it was composed, once, and leaves nothing behind", async () => {
  await put(verification("111111"));
  await put(verification("222222"));
  expect(await stepOutbox(app.context)).toBe(2);
  expect(await stepOutbox(app.context)).toBe(0);
  expect(app.sent).toHaveLength(2);
  expect(app.sent).toContainEqual(verification("111111"));
  expect(await rows()).toEqual([]);
});

test.each(engines)("several workers on one %s database send a message once", async (engine) => {
  await app.close();
  app = await testApp({ engine });
  ({ pool } = await testPool(app));
  for (let index = 0; index < 30; index += 1) await put(verification(String(100_000 + index)));
  const drain = async () => {
    while ((await rows()).length > 0) await stepOutbox(app.context);
  };
  await Promise.all([drain(), drain(), drain()]);
  expect(app.sent).toHaveLength(30);
  expect(new Set(sentCodes()).size).toBe(30);
});

test("a failure is tried again later and later, until the mail goes out", async () => {
  await put(verification("111111"));
  app.mail.broken = true;
  const triedAfterMs: number[] = [];
  let lastMs = app.clock.now();
  for (let second = 0; second < 300 && triedAfterMs.length < 4; second += 1) {
    if ((await stepOutbox(app.context)) > 0) {
      triedAfterMs.push(Math.round((app.clock.now() - lastMs) / 1000));
      lastMs = app.clock.now();
    }
    app.clock.advance(1000);
  }
  expect(triedAfterMs).toEqual([0, 5, 15, 45]);
  app.mail.broken = false;
  app.clock.advance(10 * minuteMs);
  await stepOutbox(app.context);
  expect(sentCodes()).toEqual(["111111"]);
  expect(await failures()).toEqual([]);
});

test("one that fails holds no other up", async () => {
  await put(verification("111111"));
  await put({ ...verification("222222"), to: "bad" });
  const context: Context = {
    ...app.context,
    sender: {
      send: (message) =>
        message.to === "bad" ? Promise.reject(new Error("no")) : app.context.sender.send(message),
    },
  };
  await stepOutbox(context);
  expect(sentCodes()).toEqual(["111111"]);
  expect(await rows()).toHaveLength(1);
});

test("it gives up when the code would be void, and says so in the trail and the log without it", async () => {
  await put(verification("424242"));
  app.mail.broken = true;
  for (let minute = 0; minute < 70; minute += 1) {
    await stepOutbox(app.context);
    app.clock.advance(minuteMs);
  }
  expect(await rows()).toMatchObject([{ failed_at_ms: expect.any(Number) }]);
  expect(await failures()).toMatchObject([
    {
      errorCode: "CodeDeliveryFailureException",
      additionalEventData: { userPoolId: pool.id, sub: "sub-1", channel: "email" },
    },
  ]);
  expect(JSON.stringify(app.logged)).not.toMatch(/424242|ada@example/);
  app.mail.broken = false;
  app.clock.advance(100 * minuteMs);
  expect(await stepOutbox(app.context)).toBe(0);
  expect(app.sent).toEqual([]);
});

test("a message that waited too long, say while no server ran, is not sent late", async () => {
  await put(verification("111111"));
  await put(composeNotice(pool, { to: "ada@example.com", occasion: "password-changed" }));
  app.clock.advance(61 * minuteMs);
  await stepOutbox(app.context);
  expect(app.sent.map(({ subject }) => subject)).toEqual(["Your password was changed"]);
  expect(await failures()).toHaveLength(1);
});

test("where codes are short-lived it gives up as early", async () => {
  ({ pool } = await testPool(app, { extensions: { profile: "hardened" } }));
  await put(verification("111111"));
  app.clock.advance(10 * minuteMs);
  await stepOutbox(app.context);
  expect(app.sent).toEqual([]);
  expect(await failures()).toHaveLength(1);
});

test("what can never be delivered is given up at once", async () => {
  await put(verification("111111"));
  await stepOutbox(failing(new Undeliverable("no such address")));
  expect(await failures()).toMatchObject([{ additionalEventData: { attempts: 1 } }]);
  app.clock.advance(5 * minuteMs);
  expect(await stepOutbox(app.context)).toBe(0);
});

test("what was given up stays for a month to be looked at, and what waits stays longer", async () => {
  await put(verification("111111"));
  await stepOutbox(failing(new Undeliverable("no such address")));
  await put(verification("222222"));
  const purgeAfterDays = async (days: number) => {
    const nowMs = app.clock.now() + days * 86_400_000;
    await deleteExpired(app.context.store.db, { nowMs, limit: 100 });
    return (await rows()).length;
  };
  expect(await purgeAfterDays(29)).toBe(2);
  expect(await purgeAfterDays(31)).toBe(1);
  await stepOutbox(app.context);
  expect(sentCodes()).toEqual(["222222"]);
});

test("a worker that died while sending leaves the message to the next, a minute later", async () => {
  await put(verification("111111"));
  // It never comes back, as after a kill.
  void stepOutbox({ ...app.context, sender: { send: () => new Promise(() => undefined) } });
  await expect.poll(async () => (await rows())[0]?.attempts).toBe(1);
  expect(await stepOutbox(app.context)).toBe(0);
  app.clock.advance(minuteMs);
  expect(await stepOutbox(app.context)).toBe(1);
  expect(sentCodes()).toEqual(["111111"]);
});

test("a message that kills every worker is tried ten times and not for ever", async () => {
  await put(verification("111111"));
  await app.context.store.db.updateTable("outbox").set({ attempts: 10 }).execute();
  await stepOutbox(app.context);
  expect(app.sent).toEqual([]);
  expect(await failures()).toHaveLength(1);
});

test("a text that was tampered with is given up, not sent and not retried", async () => {
  await put(verification("111111"));
  await put(verification("222222"));
  const [one, other] = await rows();
  if (!one || !other) throw new Error("two rows expected");
  const swapped = { body: other.body };
  const { db } = app.context.store;
  await db.updateTable("outbox").set(swapped).where("id", "=", one.id).execute();
  await stepOutbox(app.context);
  expect(app.sent).toHaveLength(1);
  expect(await failures()).toHaveLength(1);
  expect(await rows()).toMatchObject([{ id: one.id, failed_at_ms: expect.any(Number) }]);
});

test("waking it sends at once; without being woken it looks by itself", async () => {
  const first = Promise.withResolvers<Message>();
  const woken = startOutbox(
    { ...app.context, sender: { send: async (message) => first.resolve(message) } },
    { everyMs: 2 ** 30 },
  );
  await put(verification("111111"));
  woken.wake();
  expect((await first.promise).code).toBe("111111");
  await woken.stop();

  const second = Promise.withResolvers<Message>();
  const looking = startOutbox(
    { ...app.context, sender: { send: async (message) => second.resolve(message) } },
    { everyMs: 1 },
  );
  await put(verification("222222"));
  expect((await second.promise).code).toBe("222222");
  await looking.stop();
});

test("stopping waits for what is being sent, and starts no more", async () => {
  const started = Promise.withResolvers<void>();
  const mayFinish = Promise.withResolvers<void>();
  const outbox = startOutbox({
    ...app.context,
    sender: {
      async send() {
        started.resolve();
        await mayFinish.promise;
      },
    },
  });
  await put(verification("111111"));
  outbox.wake();
  await started.promise;
  let stopped = false;
  const stopping = outbox.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).toBe(false);
  await put(verification("222222"));
  mayFinish.resolve();
  await stopping;
  expect(await rows()).toHaveLength(1);
  expect((await rows())[0]?.attempts).toBe(0);
});

test("a database that does not answer is logged, and asked again", async () => {
  const sent = Promise.withResolvers<void>();
  let broken = true;
  const context: Context = {
    ...app.context,
    store: new Proxy(app.context.store, {
      get(store, name) {
        if (name === "db" && broken) throw new Error("the database is away");
        return Reflect.get(store, name);
      },
    }),
    sender: { send: async () => sent.resolve() },
    log: {
      ...app.context.log,
      error(about, message) {
        app.context.log.error(about, message);
        broken = false;
      },
    },
  };
  await put(verification("111111"));
  const outbox = startOutbox(context, { everyMs: 1 });
  await sent.promise;
  await outbox.stop();
  expect(app.logged.map(({ message }) => message)).toEqual([
    "the outbox could not be read; it will be tried again",
  ]);
});
