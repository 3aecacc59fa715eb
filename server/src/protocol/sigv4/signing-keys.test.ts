import { expect, test } from "vitest";
import { signingKeys } from "./signing-keys.ts";

const scope = (accessKeyId: string, date = "20260517") => ({
  accessKeyId,
  date,
  region: "us-east-1",
  service: "sts",
});

test("a derived key is remembered for its day, region, service and secret", () => {
  const keys = signingKeys(() => undefined);
  const first = keys.signingKey(scope("AKIA1"), "secret");
  expect(keys.signingKey(scope("AKIA1"), "secret")).toBe(first);
  expect(keys.signingKey(scope("AKIA1", "20260518"), "secret")).not.toEqual(first);
  expect(keys.signingKey({ ...scope("AKIA1"), region: "eu-west-1" }, "secret")).not.toEqual(first);
  expect(keys.signingKey({ ...scope("AKIA1"), service: "iam" }, "secret")).not.toEqual(first);
});

test("a changed secret is never served the key of the old one", () => {
  const keys = signingKeys(() => undefined);
  const old = keys.signingKey(scope("AKIA1"), "old");
  const renewed = keys.signingKey(scope("AKIA1"), "new");
  expect(renewed).not.toEqual(old);
  expect(keys.signingKey(scope("AKIA1"), "new")).toBe(renewed);
});

test("no more keys are remembered than allowed, the least recently used goes first", () => {
  const keys = signingKeys(() => undefined, 2);
  const [one, two] = [keys.signingKey(scope("AKIA1"), "s"), keys.signingKey(scope("AKIA2"), "s")];
  expect(keys.signingKey(scope("AKIA1"), "s")).toBe(one);
  keys.signingKey(scope("AKIA3"), "s");
  expect(keys.signingKey(scope("AKIA1"), "s")).toBe(one);
  expect(keys.signingKey(scope("AKIA2"), "s")).not.toBe(two);
});
