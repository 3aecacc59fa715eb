import { afterEach, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../testing/app.ts";
import { startLeasedWork } from "./leased-work.ts";

let app: TestApp;
beforeEach(async () => {
  app = await testApp();
});
afterEach(() => app.close());

function start(run: () => Promise<void>, isDue = async () => true) {
  // An hour: in these tests only `step` runs it.
  return startLeasedWork(app.context, {
    name: "work",
    everyMs: 3_600_000,
    leaseMs: 10_000,
    isDue,
    run,
  });
}

test("of two nodes only the holder of the lease works, until the lease is over", async () => {
  const done: string[] = [];
  const one = start(async () => void done.push("one"));
  const two = start(async () => void done.push("two"));
  await one.step();
  await two.step();
  await one.step();
  expect(done).toEqual(["one", "one"]);
  app.clock.advance(10_000);
  await two.step();
  expect(done).toEqual(["one", "one", "two"]);
  await one.stop();
  await two.stop();
});

test("who stops gives the lease back", async () => {
  const done: string[] = [];
  const one = start(async () => void done.push("one"));
  const two = start(async () => void done.push("two"));
  await one.step();
  await one.stop();
  await two.step();
  expect(done).toEqual(["one", "two"]);
  await two.stop();
});

test("steps that are asked for at once run one after the other, and stopping waits for them", async () => {
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const work = start(async () => {
    done.push("begin");
    await gate.promise;
    done.push("end");
  });
  const steps = [work.step(), work.step()];
  const stopped = work.stop().then(() => done.push("stopped"));
  gate.resolve();
  await Promise.all([...steps, stopped]);
  expect(done).toEqual(["begin", "end", "begin", "end", "stopped"]);
});

test("a failed step is told to who asked, and the next one runs", async () => {
  let failures = 1;
  const work = start(async () => {
    if (failures-- > 0) throw new Error("the disk is full");
  });
  await expect(work.step()).rejects.toThrow("the disk is full");
  await work.step();
  await work.stop();
});

test("where nothing is due no lease is taken", async () => {
  const work = start(
    () => Promise.reject(new Error("nothing to do")),
    async () => false,
  );
  await work.step();
  const leases = await app.context.store.db
    .selectFrom("leases")
    .selectAll()
    .where("name", "=", "work")
    .execute();
  expect(leases).toEqual([]);
  await work.stop();
});
