import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { readVariables, shellWord } from "./shell.ts";

const words = ["plain/word+=:", "with space", 'it\'s $HOME `x` "y"', "", "a\\b", "-n", "ünï"];

test.each(words)("a shell reads %j as it was written", (word) => {
  const script = `printf %s ${shellWord(word)}`;
  expect(execFileSync("sh", ["-c", script], { encoding: "utf8" })).toBe(word);
});

test.each(words)("we read %j as it was written", (word) => {
  const text = `# a comment\nexport A=${shellWord(word)}\nB=2\nunset C\n`;
  expect(Object.fromEntries(readVariables(text))).toEqual({ A: word, B: "2" });
});
