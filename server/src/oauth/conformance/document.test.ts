/** The page on conformance says what the tests do: every module under its plan, and what each profile comes to. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compatFailures, plans } from "../../testing/conformance/plans.ts";

const page = read("../../../../docs/openid-conformance.md");
const logoutPlans = plansIn(read("../../login/rp-initiated-logout.test.ts"));

type Row = { plan: string; module: string; compat: string; hardened: string; reason: string };

const rows: readonly Row[] = page
  .split("\n")
  .map((line) => /^\| `(oidcc-[\w-]+)` \| `(oidcc-[\w-]+)` \| (\w+) \| (\w+) \|(.*)\|$/.exec(line))
  .flatMap((found) => {
    if (!found) return [];
    const [, plan = "", module = "", compat = "", hardened = "", reason = ""] = found;
    return [{ plan, module, compat, hardened, reason: reason.trim() }];
  });

const modulesIn = (plan: string) =>
  rows.filter((row) => row.plan === plan).map(({ module }) => module);

test.each(Object.entries(plans))("%s: the page lists the modules that run", (plan, modules) => {
  expect(modulesIn(plan).toSorted()).toEqual(Object.keys(modules).toSorted());
});

test.each([...logoutPlans])("%s: the page lists the modules that run", (plan, titles) => {
  expect(modulesIn(plan).toSorted()).toEqual(titles.toSorted());
});

test("the page names no other plan, and the logout plan whole", () => {
  const named = new Set(rows.map(({ plan }) => plan));
  expect([...named].toSorted()).toEqual([...Object.keys(plans), ...logoutPlans.keys()].toSorted());
  expect(modulesIn("oidcc-rp-initiated-logout-certification-test-plan")).toHaveLength(11);
});

test("a module fails in the compat profile alone, and the page says why", () => {
  for (const { module, compat, hardened, reason } of rows) {
    const why = compatFailures[module];
    expect({ module, compat, hardened }).toEqual({
      module,
      compat: why === undefined ? "passes" : "fails",
      hardened: "passes",
    });
    if (why !== undefined) expect(reason).toBe(`${why}.`);
  }
});

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

/** The modules of each plan that a file of tests describes. */
function plansIn(tests: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  let modules: string[] = [];
  for (const [, plan, module] of tests.matchAll(
    /"(oidcc-[\w-]+-plan)(?:, %s)?"|test\("(oidcc-[\w-]+)"/g,
  )) {
    if (plan !== undefined) {
      modules = [];
      found.set(plan, modules);
    } else if (module !== undefined) modules.push(module);
  }
  return found;
}
