import { afterEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../testing/app.ts";
import { testCall, testPool } from "../../testing/pools.ts";
import { composeVerification } from "./compose.ts";
import { type Dispatch, prepareDispatch } from "./dispatch.ts";

let app: TestApp;
afterEach(() => app.close());

const to = { channel: "email", to: "ada@example.com", code: "424242", username: "ada" } as const;

async function prepared(
  prevent: "ENABLED" | "LEGACY" | undefined,
  wakeOutbox: () => void = () => undefined,
): Promise<Dispatch> {
  app = await testApp();
  const { pool, client } = await testPool(app, {
    client: prevent ? { preventUserExistenceErrors: prevent } : {},
  });
  return prepareDispatch(
    { ...testCall(app), wakeOutbox },
    { pool, client, userId: "sub-1", message: composeVerification(pool, to) },
  );
}

const outbox = () => app.context.store.db.selectFrom("outbox").selectAll().execute();

test("a client that does not hide users sends after the change, and nothing is stored", async () => {
  const dispatch = await prepared("LEGACY");
  await testCall(app).change((trx) => dispatch.store(trx));
  expect(app.sent).toEqual([]);
  await dispatch.send();
  expect(app.sent.map(({ code }) => code)).toEqual(["424242"]);
  expect(await outbox()).toEqual([]);
});

test("a failure is told, logged without the text, and audited by itself", async () => {
  const dispatch = await prepared(undefined);
  app.mail.broken = true;
  await expect(dispatch.send()).rejects.toMatchObject({ code: "CodeDeliveryFailureException" });
  expect(JSON.stringify(app.logged)).not.toContain("424242");
  expect(app.logged.map(({ message }) => message)).toContain("a message could not be sent");
  expect((await app.auditEvents()).at(-1)).toMatchObject({
    eventName: "DeliverMessage",
    errorCode: "CodeDeliveryFailureException",
    additionalEventData: { sub: "sub-1", channel: "email", attempts: 1 },
  });
});

test("a client that hides users leaves the message in the outbox, unreadable, and wakes it", async () => {
  let woken = 0;
  const dispatch = await prepared("ENABLED", () => {
    woken += 1;
  });
  app.mail.broken = true;
  await testCall(app).change((trx) => dispatch.store(trx));
  expect(woken).toBe(0);
  await dispatch.send();
  expect(woken).toBe(1);
  const rows = await outbox();
  expect(rows).toMatchObject([{ user_id: "sub-1", attempts: 0, failed_at_ms: null }]);
  expect(JSON.stringify(rows)).not.toMatch(/424242|ada@example/);
});

test("a change that is undone takes its message along", async () => {
  const dispatch = await prepared("ENABLED");
  const change = testCall(app).change(async (trx) => {
    await dispatch.store(trx);
    throw new Error("undone");
  });
  await expect(change).rejects.toThrow("undone");
  expect(await outbox()).toEqual([]);
});

test("administrators learn of failures whatever the pool's clients hide", async () => {
  app = await testApp();
  const { pool } = await testPool(app, { client: { preventUserExistenceErrors: "ENABLED" } });
  const message = composeVerification(pool, to);
  const dispatch = prepareDispatch(testCall(app), { pool, userId: "sub-1", message });
  app.mail.broken = true;
  await expect(dispatch.send()).rejects.toMatchObject({ code: "CodeDeliveryFailureException" });
});
