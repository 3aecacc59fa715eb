import { expect, test } from "vitest";
import type { SigningKeyPair } from "./key-pair.ts";
import { createSpareKeyPairs } from "./spare-key-pairs.ts";

/** Makes pairs that tell themselves apart by number, and counts how many are made at once. */
function maker() {
  const seen = { made: 0, atOnce: 0, mostAtOnce: 0, broken: false };
  const make = async (): Promise<SigningKeyPair> => {
    seen.atOnce += 1;
    seen.mostAtOnce = Math.max(seen.mostAtOnce, seen.atOnce);
    await Promise.resolve();
    seen.atOnce -= 1;
    if (seen.broken) throw new Error("no entropy");
    seen.made += 1;
    return { publicJwk: { kty: "RSA", n: String(seen.made), e: "AQAB" }, privatePem: "" };
  };
  return { seen, make };
}

test("so many lie ready after filling, made one after the other", async () => {
  const { seen, make } = maker();
  await createSpareKeyPairs({ count: 3, make }).fill();
  expect(seen).toMatchObject({ made: 3, mostAtOnce: 1 });
});

test("a pair is never given twice, however many ask at once", async () => {
  const { make } = maker();
  const pairs = createSpareKeyPairs({ count: 2, make });
  await pairs.fill();
  const taken = await Promise.all(Array.from({ length: 7 }, () => pairs.take()));
  expect(new Set(taken.map(({ publicJwk }) => publicJwk.n)).size).toBe(7);
});

test("taking one makes another in its place", async () => {
  const { seen, make } = maker();
  const pairs = createSpareKeyPairs({ count: 2, make });
  await pairs.fill();
  await pairs.take();
  await pairs.fill();
  expect(seen.made).toBe(3);
});

test("where pairs cannot be made the taker learns of it, and the next one gets one again", async () => {
  const { seen, make } = maker();
  const pairs = createSpareKeyPairs({ count: 1, make });
  seen.broken = true;
  await pairs.fill();
  await expect(pairs.take()).rejects.toThrow("no entropy");
  seen.broken = false;
  expect((await pairs.take()).publicJwk.kty).toBe("RSA");
});
