import { expect, test } from "vitest";
import { createMemoryStorage } from "./memory-storage.ts";

test("an item can be read back until it is removed", async () => {
  const storage = createMemoryStorage();
  await storage.setItem("accessToken", "a.b.c");
  expect(await storage.getItem("accessToken")).toBe("a.b.c");

  await storage.removeItem("accessToken");
  expect(await storage.getItem("accessToken")).toBeNull();
});

test("an empty string is a value, an absent key is null", async () => {
  const storage = createMemoryStorage();
  await storage.setItem("clockDrift", "");
  expect(await storage.getItem("clockDrift")).toBe("");
  expect(await storage.getItem("refreshToken")).toBeNull();
});

test("keys that are names on every object are keys like others", async () => {
  const storage = createMemoryStorage();
  expect(await storage.getItem("__proto__")).toBeNull();
  expect(await storage.getItem("constructor")).toBeNull();
  await storage.setItem("__proto__", "x");
  expect(await storage.getItem("__proto__")).toBe("x");
});

test("clear forgets everything", async () => {
  const storage = createMemoryStorage();
  await storage.setItem("a", "1");
  await storage.setItem("b", "2");
  await storage.clear();
  expect([await storage.getItem("a"), await storage.getItem("b")]).toEqual([null, null]);
});

test("two storages share nothing", async () => {
  const [one, other] = [createMemoryStorage(), createMemoryStorage()];
  await one.setItem("refreshToken", "secret");
  expect(await other.getItem("refreshToken")).toBeNull();
});

test("a listener is never called and can be taken off", () => {
  const stop = createMemoryStorage().addListener?.(async () => {
    throw new Error("called");
  });
  expect(() => stop?.()).not.toThrow();
});
