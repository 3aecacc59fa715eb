import { expect, test } from "vitest";
import { isCurrent, signInFlowsPage } from "./sign-in-flows.js";

test("docs/sign-in-flows.md is what the machine's tables print; `npm run sign-in-flows` writes it", () => {
  expect(isCurrent()).toBe(true);
});

test("it has every flow, every challenge and what comes next", () => {
  const page = signInFlowsPage();
  for (const name of ["USER_AUTH", "MFA_SETUP", "DEVICE_PASSWORD_VERIFIER", "SELECT_MFA_TYPE"]) {
    expect(page).toContain(`| ${name} |`);
  }
  expect(page).toContain("a second factor is due and there is none");
});
