import { once } from "node:events";
import { request } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestDev, testDev } from "../testing/dev.ts";
import { createInbox } from "./inbox.ts";

let dev: TestDev;
beforeEach(async () => {
  dev = await testDev();
});
afterEach(() => dev.close());

const email = (to: string, code = "012345") =>
  dev.inbox.send({
    channel: "email",
    to,
    subject: "Your verification code",
    body: `<p>Hello, use <b>${code}</b> at <a href="https://dev.app.example/confirm?c=1&amp;u=2">the app</a>.</p>`,
    code,
  });

test("the inbox lists messages newest first, with code, link and text in reach", async () => {
  await email("Ada@example.com");
  dev.base.clock.advance(60_000);
  await dev.inbox.send({ channel: "sms", to: "+491701234567", subject: "", body: "Hi" });
  const answer = await dev.ask("/_poolhouse/inbox");
  expect(answer.headers).toMatchObject({
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  const [sms, mail] = answer.json();
  expect(sms).toEqual({
    id: expect.any(String),
    to: "+491701234567",
    channel: "sms",
    subject: null,
    body: "Hi",
    html: null,
    code: null,
    link: null,
    at: expect.any(String),
  });
  expect(mail).toMatchObject({
    to: "Ada@example.com",
    channel: "email",
    subject: "Your verification code",
    body: "Hello, use 012345 at the app (https://dev.app.example/confirm?c=1&u=2).",
    html: expect.stringContaining("<b>012345</b>"),
    code: "012345",
    link: "https://dev.app.example/confirm?c=1&u=2",
  });
  expect(Date.parse(sms.at) - Date.parse(mail.at)).toBeGreaterThanOrEqual(60_000);
});

test("it can be asked for one address in any letter case, a plus escaped or not", async () => {
  await email("Ada+1@example.com", "111111");
  await email("eve@example.com", "222222");
  for (const to of ["Ada%2B1@example.com", "ada+1@EXAMPLE.com"]) {
    const found = (await dev.ask(`/_poolhouse/inbox?to=${to}`)).json();
    expect(found.map(({ code }: { code: string }) => code)).toEqual(["111111"]);
  }
  expect((await dev.ask("/_poolhouse/inbox?to=da%2B1@example.com")).json()).toEqual([]);
});

test("with after it lists what came since, and everything when that message is gone", async () => {
  await email("a@example.com", "1");
  const [{ id }] = (await dev.ask("/_poolhouse/inbox")).json();
  expect((await dev.ask(`/_poolhouse/inbox?after=${id}`)).json()).toEqual([]);
  await email("a@example.com", "2");
  await email("a@example.com", "3");
  const codes = async (after: string) =>
    (await dev.ask(`/_poolhouse/inbox?after=${after}`))
      .json()
      .map((each: { code: string }) => each.code);
  expect(await codes(id)).toEqual(["3", "2"]);
  expect(await codes("unknown")).toEqual(["3", "2", "1"]);
});

test("with wait it answers at the first message for the address, not at others", async () => {
  let answered = false;
  const waiting = dev.ask("/_poolhouse/inbox?to=ada@example.com&wait=30").then((answer) => {
    answered = true;
    return answer;
  });
  // Its request is in once another has gone through.
  await dev.ask("/_poolhouse/inbox");
  await email("eve@example.com");
  await dev.ask("/_poolhouse/inbox");
  expect(answered).toBe(false);
  await email("ada@example.com", "424242");
  expect((await waiting).json()).toMatchObject([{ code: "424242" }]);
});

test("waiting ends with the time, with the client, and with the server", async () => {
  expect((await dev.ask("/_poolhouse/inbox?wait=1")).json()).toEqual([]);

  let left = 0;
  const arrival = dev.inbox.arrival;
  dev.inbox.arrival = (signal) => arrival(signal).finally(() => (left += 1));
  await dev.app.listen({ port: 0, host: "127.0.0.1" });
  const address = dev.app.server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const get = () => request({ port, path: "/_poolhouse/inbox?wait=30", agent: false });
  const client = get();
  client.on("error", () => undefined).end();
  await once(dev.app.server, "request");
  client.destroy();
  await expect.poll(() => left).toBe(1);

  const other = get();
  other.end();
  await once(dev.app.server, "request");
  const closed = dev.app.close();
  const [response] = await once(other, "response");
  expect(response.statusCode).toBe(200);
  response.resume();
  await closed;
});

test("it keeps the newest five hundred", async () => {
  for (let index = 0; index < 510; index += 1) await email("a@example.com", String(index));
  const found = (await dev.ask("/_poolhouse/inbox")).json();
  expect(found).toHaveLength(500);
  expect(found[0].code).toBe("509");
  expect(found.at(-1).code).toBe("10");
});

test("what it takes goes on to a mail server where there is one, whose failure is only logged", async () => {
  const forwarded: string[] = [];
  const { clock, random, log } = dev.base.context;
  const message = { channel: "email", to: "a@b.c", subject: "Hi", body: "x" } as const;
  const forward = { send: async ({ to }: { to: string }) => void forwarded.push(to) };
  await createInbox({ clock, random, log, forward }).send(message);
  expect(forwarded).toEqual(["a@b.c"]);
  const broken = { send: () => Promise.reject(new Error("down")) };
  const other = createInbox({ clock, random, log, forward: broken });
  await other.send(message);
  expect(other.find({})).toHaveLength(1);
  expect(dev.base.logged.at(-1)?.message).toBe(
    "a message is in the inbox but could not be sent on",
  );
});

test("a question it does not understand is refused", async () => {
  for (const query of [
    "wait=soon",
    "wait=-1",
    "wait=1&wait=2",
    "to=a&to=b",
    "adress=x",
    "wait=1e9",
  ]) {
    expect((await dev.ask(`/_poolhouse/inbox?${query}`)).statusCode, query).toBe(400);
  }
});
