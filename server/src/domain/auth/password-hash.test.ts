import { argon2Sync } from "node:crypto";
import { hash } from "@node-rs/argon2";
import { describe, expect, it } from "vitest";
import { Overloaded } from "../../errors/overloaded.ts";
import { createPasswordHasher, hashingConcurrency, needsRehash } from "./password-hash.ts";

const hasher = createPasswordHasher({ concurrency: 2, queueLimit: 100 });
const alice = await hasher.hash("Correct-horse 7");

describe("hash", () => {
  it("writes argon2id of 19 MiB and two passes as a PHC string with a fresh salt", async () => {
    expect(alice).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    );
    expect(await hasher.hash("Correct-horse 7")).not.toBe(alice);
    expect(needsRehash(alice)).toBe(false);
  });

  it("gives the bytes that another implementation of argon2 gives", () => {
    const [, , , , salt = "", tag = ""] = alice.split("$");
    const bytes = argon2Sync("argon2id", {
      message: "Correct-horse 7",
      nonce: Buffer.from(salt, "base64"),
      memory: 19_456,
      passes: 2,
      parallelism: 1,
      tagLength: 32,
    });
    expect(bytes.toString("base64").replace("=", "")).toBe(tag);
  });

  it.each([
    ["257 characters", "x".repeat(257)],
    ["257 characters beyond the basic plane", "🔑".repeat(257)],
    ["ten million characters", "x".repeat(10_000_000)],
    ["a lone surrogate", "passw\ud800rd"],
  ])("refuses %s", async (_, password) => {
    await expect(hasher.hash(password)).rejects.toBeInstanceOf(RangeError);
  });
});

describe("verify", () => {
  it("accepts the password and nothing else", async () => {
    expect(await hasher.verify(alice, "Correct-horse 7")).toBe(true);
    for (const wrong of [
      "Correct-horse 8",
      "correct-horse 7",
      "Correct-horse 7 ",
      "Correct-horse",
      "",
    ]) {
      expect(await hasher.verify(alice, wrong)).toBe(false);
    }
  });

  it("compares all of 256 characters, past where bcrypt would stop", async () => {
    const long = "🔑".repeat(255);
    const phc = await hasher.hash(`${long}a`);
    expect(await hasher.verify(phc, `${long}a`)).toBe(true);
    expect(await hasher.verify(phc, `${long}b`)).toBe(false);
    expect(await hasher.verify(phc, long)).toBe(false);
  });

  it("does not normalise: letters composed otherwise are another password", async () => {
    expect(await hasher.verify(await hasher.hash("caf\u00e9"), "cafe\u0301")).toBe(false);
  });

  it("is false for null, whatever the password, the empty one too", async () => {
    for (const password of ["", "password", "Correct-horse 7"]) {
      expect(await hasher.verify(null, password)).toBe(false);
    }
  });

  it("waits its turn for null as for a user, so that load does not tell them apart", async () => {
    const busy = createPasswordHasher({ concurrency: 1, queueLimit: 0 });
    for (const phc of [null, alice]) {
      const first = busy.verify(phc, "x");
      await expect(busy.verify(null, "x")).rejects.toBeInstanceOf(Overloaded);
      await expect(busy.verify(alice, "x")).rejects.toBeInstanceOf(Overloaded);
      expect(await first).toBe(false);
    }
  });

  it("is false, without any work, for what can be no password", async () => {
    const none = createPasswordHasher({ concurrency: 0, queueLimit: 0 });
    for (const password of ["x".repeat(257), "x".repeat(10_000_000), "\ud800"]) {
      expect(await none.verify(alice, password)).toBe(false);
      expect(await none.verify(null, password)).toBe(false);
    }
  });

  it("never takes one ill-formed text for another, though UTF-8 writes them alike", async () => {
    const phc = await hasher.hash("passw\ufffdrd");
    expect(await hasher.verify(phc, "passw\ufffdrd")).toBe(true);
    expect(await hasher.verify(phc, "passw\ud800rd")).toBe(false);
  });

  it("throws on a stored hash that is none", async () => {
    await expect(hasher.verify("", "x")).rejects.toThrow();
    await expect(hasher.verify("$2b$10$abcdefghijklmnopqrstuv", "x")).rejects.toThrow();
  });

  it("accepts hashes of other costs, as imports bring them", async () => {
    const imported = await hash("pw", { memoryCost: 8192, timeCost: 3, parallelism: 4 });
    expect(await hasher.verify(imported, "pw")).toBe(true);
  });
});

describe("needsRehash", () => {
  const salt = "Zbvv1x+h1KdNmq1kAJpNpw";
  const tag = "oIEBBnv9orwh8AT/Z14SyT+imiLLPlgCGX3I4Rz8OIg";

  it.each([
    ["less memory", `$argon2id$v=19$m=9216,t=4,p=1$${salt}$${tag}`],
    ["one pass", `$argon2id$v=19$m=65536,t=1,p=1$${salt}$${tag}`],
    ["another argon2", `$argon2i$v=19$m=19456,t=2,p=1$${salt}$${tag}`],
    ["the old version", `$argon2id$v=16$m=19456,t=2,p=1$${salt}$${tag}`],
    ["a short salt", `$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$${tag}`],
    ["a short tag", `$argon2id$v=19$m=19456,t=2,p=1$${salt}$oIEBBnv9orwh8AT/Z14SyQ`],
  ])("is true for %s", (_, phc) => {
    expect(needsRehash(phc)).toBe(true);
  });

  it("is false for today's cost and for more", () => {
    expect(needsRehash(`$argon2id$v=19$m=19456,t=2,p=1$${salt}$${tag}`)).toBe(false);
    expect(needsRehash(`$argon2id$v=19$m=65536,t=3,p=4$${salt}$${tag}`)).toBe(false);
  });
});

it("leaves one core to everything else, and uses the only one there is", () => {
  expect([1, 2, 4, 64].map(hashingConcurrency)).toEqual([1, 1, 3, 63]);
});
