import { expect, test } from "vitest";
import { createVault } from "../../lib/envelope.ts";
import { generateMasterKeys } from "../../lib/envelope-keys.ts";
import { systemRandom } from "../../lib/random.ts";
import { poolWith } from "../../testing/pools.ts";
import { hashUserCode, makeUserCode, readUserCode } from "./user-code.ts";

test("a code is eight letters that make no word, each of its own", () => {
  const codes = Array.from({ length: 200 }, () => makeUserCode({ random: systemRandom }));
  for (const code of codes) {
    expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(readUserCode(code)).toBe(code);
  }
  expect(new Set(codes).size).toBe(200);
  expect(new Set(codes.join("").replaceAll("-", "")).size).toBe(20);
});

test.each(["WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "WDJB–MJHT", "W.D.J.B_M.J.H.T", "wdjb- mjht"])(
  "%s is read as it is typed",
  (typed) => {
    expect(readUserCode(typed)).toBe("WDJB-MJHT");
  },
);

test.each([
  "",
  "WDJB-MJH",
  "WDJB-MJHTT",
  "WDJA-MJHT",
  "WDJ8-MJHT",
  "ＷDJB-MJHT",
  `${"-".repeat(64)}WDJBMJHT`,
])("%s can be no code", (typed) => {
  expect(readUserCode(typed)).toBeUndefined();
});

test("it is stored under the master key, and apart for each pool", () => {
  const vault = () => createVault(generateMasterKeys(systemRandom), systemRandom);
  const [here, there] = [{ vault: vault() }, { vault: vault() }];
  const pool = poolWith({});
  const stored = hashUserCode(here, pool, "WDJB-MJHT");
  expect(hashUserCode(here, pool, "WDJB-MJHT")).toBe(stored);
  expect(hashUserCode(here, { ...pool, id: "us-east-1_Other0000" }, "WDJB-MJHT")).not.toBe(stored);
  expect(hashUserCode(there, pool, "WDJB-MJHT")).not.toBe(stored);
});
