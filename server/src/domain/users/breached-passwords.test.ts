import { dictionary } from "@zxcvbn-ts/language-common";
import { describe, expect, it } from "vitest";
import { isBreachedPassword } from "./breached-passwords.ts";

describe("isBreachedPassword", () => {
  it("knows every one of the 3000 most common passwords", async () => {
    const common = dictionary["passwords-common"].slice(0, 3000);
    expect(common).toContain("qwertyuiop");
    expect(await Promise.all(common.map(isBreachedPassword))).not.toContain(false);
  });

  it.each(["password", "PASSWORD", "PassWord", "1qaz2wsx", "1QAZ2wsx"])(
    "knows %s",
    async (password) => {
      expect(await isBreachedPassword(password)).toBe(true);
    },
  );

  it.each([
    "",
    "correct horse battery staple",
    "tp9*gVh2-xqLmE4w",
    "password ",
    "constructor",
    "__proto__",
  ])("does not know %j", async (password) => {
    expect(await isBreachedPassword(password)).toBe(false);
  });

  it("holds tens of thousands, all of them reachable in lower case", () => {
    const list = dictionary["passwords-common"];
    expect(list.length).toBeGreaterThan(40_000);
    expect(list.filter((word) => word !== word.toLowerCase())).toEqual([]);
  });
});
