import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { settingTexts } from "../server/src/config/settings.ts";
import { root } from "./install.js";

const read = (document) => readFileSync(join(root, document), "utf8");

const inDocs = readdirSync(join(root, "docs"), { recursive: true })
  .filter((name) => name.endsWith(".md"))
  .map((name) => `docs/${name}`);
const documents = ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ...inDocs];

test("docs/operations.md has a line for every setting", () => {
  const listed = [...read("docs/operations.md").matchAll(/^\| `(POOLHOUSE_\w+)` \|/gm)];
  expect(listed.map(([, name]) => name).sort()).toEqual(Object.keys(settingTexts).sort());
});

test.each(documents)("%s names no setting that there is not", (document) => {
  const named = read(document).match(/\bPOOLHOUSE_[A-Z_]*[A-Z]/g) ?? [];
  expect(named.filter((name) => !Object.hasOwn(settingTexts, name))).toEqual([]);
});

test.each(documents)("%s links to files and headings that are there", (document) => {
  const dead = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link]) => link)
    .filter((link) => !link.startsWith("https://") && !leadsSomewhere(document, link));
  expect(dead).toEqual([]);
});

function leadsSomewhere(document, link) {
  const [path, heading] = link.split("#");
  const file = path ? join(dirname(document), path) : document;
  if (!existsSync(join(root, file))) return false;
  return heading === undefined || headingsOf(file).includes(heading);
}

/** As GitHub names them. */
function headingsOf(document) {
  const headings = [...read(document).matchAll(/^#+ (.*)$/gm)];
  return headings.map(([, text]) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
