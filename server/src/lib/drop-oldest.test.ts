import { expect, test } from "vitest";
import { dropOldest } from "./drop-oldest.ts";

test("what was put in first goes, and only what is too much", () => {
  const map = new Map([1, 2, 3, 4].map((key) => [key, key]));
  map.delete(1);
  map.set(1, 1);
  dropOldest(map, 2);
  expect([...map.keys()]).toEqual([4, 1]);
  dropOldest(map, 2);
  expect(map.size).toBe(2);
});
