import { expect, test } from "vitest";
import { createVault } from "../lib/envelope.ts";
import { generateMasterKeys } from "../lib/envelope-keys.ts";
import { systemRandom } from "../lib/random.ts";
import { paginate } from "./paginate.ts";

const call = {
  vault: createVault(generateMasterKeys(systemRandom), systemRandom),
  random: systemRandom,
  facts: { requestId: "request-1" },
};
const names = ["ada", "bob", "cleo", "dora", "emil"];
const source = {
  async read(after: string | undefined, limit: number) {
    return names.filter((name) => name > (after ?? "")).slice(0, limit);
  },
  positionOf: (name: string) => name,
};
const list = ["ListNames", "pool-1"];

function page(token?: string, limit = 2) {
  return paginate(call, { list, token, limit }, source);
}

async function firstToken(): Promise<string> {
  const { nextToken } = await page();
  if (nextToken === undefined) throw new Error("there is a second page");
  return nextToken;
}

test("pages follow each other without gap or overlap, and the last one names no other", async () => {
  const first = await page();
  const second = await page(first.nextToken);
  const third = await page(second.nextToken);
  expect([...first.rows, ...second.rows, ...third.rows]).toEqual(names);
  expect(third.nextToken).toBeUndefined();
});

test("a page that is exactly full and the last has no token", async () => {
  expect((await page(undefined, names.length)).nextToken).toBeUndefined();
});

test("a token does not show where it stands", async () => {
  const token = await firstToken();
  expect(token).toMatch(/^[\w-]+$/);
  expect(Buffer.from(token, "base64url").toString("latin1")).not.toContain("bob");
});

test("a token of one list is refused by another", async () => {
  const token = await firstToken();
  const elsewhere = { list: ["ListNames", "pool-2"], token, limit: 2 };
  await expect(paginate(call, elsewhere, source)).rejects.toMatchObject({
    code: "InvalidParameterException",
    message: `Paging marker ${token} is invalid for request request-1`,
  });
});

test("a token changed in any place is refused", async () => {
  const token = await firstToken();
  const sealed = Buffer.from(token, "base64url");
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    await expect(page(changed.toString("base64url"))).rejects.toThrow("Paging marker");
  }
});

test.each(["", "a", "x".repeat(28), "%%%", "é", "A".repeat(10_000)])(
  "what is no token is refused: %.20s",
  async (token) => {
    await expect(page(token)).rejects.toMatchObject({ code: "InvalidParameterException" });
  },
);

test("a token made under another master key is refused", async () => {
  const token = await firstToken();
  const other = {
    ...call,
    vault: createVault(generateMasterKeys(systemRandom), systemRandom),
  };
  await expect(paginate(other, { list, token, limit: 2 }, source)).rejects.toThrow("Paging marker");
});
