import { expect, test } from "vitest";
import { compatibilityPage, isCurrent } from "./compatibility.js";

test("docs/compatibility.md is what the tables print; `npm run compatibility` writes it", () => {
  expect(isCurrent()).toBe(true);
});

test("it names what is here, what is missing and what is refused", () => {
  const page = compatibilityPage();
  expect(page).toContain("| InitiateAuth | anybody |");
  expect(page).toContain("CreateIdentityProvider");
  expect(page).toContain("| `LambdaConfig.InboundFederation` |");
});
