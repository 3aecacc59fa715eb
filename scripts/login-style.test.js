// The pages and the server state the names of a branding's properties each by itself: they know nothing of each other.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { styleProperties } from "../server/src/domain/branding/style-sheet.ts";
import { root } from "./install.js";

const folder = join(root, "web/src/login");
const sheets = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".css"));

it("knows every property of a branding that the pages' style sheets ask for", () => {
  const used = sheets.flatMap((file) =>
    readFileSync(join(folder, file), "utf8").match(/var\(--login-[a-z-]+/g),
  );
  const names = new Set(used.filter(Boolean).map((use) => use.slice("var(".length)));
  expect(names.size).toBeGreaterThan(20);
  expect([...names].filter((name) => !Object.hasOwn(styleProperties, name))).toEqual([]);
});
