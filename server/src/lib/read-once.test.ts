import { expect, test } from "vitest";
import { readOnce } from "./read-once.ts";

type Document = { list: { name: string }[] };

test("answers the same for the same text, and something else for another", () => {
  const read = readOnce<Document>(10);
  const text = '{"list":[{"name":"one"}]}';
  const first = read(text);
  expect(first).toEqual({ list: [{ name: "one" }] });
  expect(read(`${text}`)).toBe(first);
  expect(read('{"list":[]}')).toEqual({ list: [] });
});

test("lets nobody change what others get too", () => {
  const read = readOnce<Document>(10);
  const { list } = read('{"list":[{"name":"one"}]}');
  expect(() => list.push({ name: "two" })).toThrow(TypeError);
  expect(() => Object.assign(list[0] ?? {}, { name: "two" })).toThrow(TypeError);
  expect(read('{"list":[{"name":"one"}]}')).toEqual({ list: [{ name: "one" }] });
});

test("remembers so many texts and no more", () => {
  const read = readOnce<number[]>(2);
  const first = read("[1]");
  expect(read("[2]")).toEqual([2]);
  expect(read("[1]")).toBe(first);
  expect(read("[3]")).toEqual([3]);
  expect(read("[1]")).not.toBe(first);
  expect(read("[1]")).toEqual([1]);
});

test("does not remember what is no JSON", () => {
  const read = readOnce<number>(2);
  expect(() => read("{")).toThrow(SyntaxError);
  expect(() => read("{")).toThrow(SyntaxError);
});
