/** Whether everybody can use a page: by axe, by its layout, and by its keyboard. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AxeResults, RunOptions } from "axe-core";
import type { Page } from "playwright-core";

const axeSource = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** Brings colours and places to where they stay. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    for (const animation of document.getAnimations()) animation.finish();
  });
}

/** What axe finds wrong, however little; but for Amplify's own headings, which take no account of the page's. */
export async function axeFindings(page: Page): Promise<string[]> {
  await settle(page);
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => {
    type Axe = { run(options: RunOptions): Promise<AxeResults> };
    return (globalThis as unknown as { axe: Axe }).axe.run({
      resultTypes: ["violations"],
      // WCAG 2.2, 2.5.8, which axe leaves out unless it is asked.
      rules: { "target-size": { enabled: true } },
    });
  });
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes
      .filter(({ html }) => !(id === "heading-order" && html.includes("amplify-heading")))
      .map(({ html, failureSummary }) => `${impact} ${id}: ${html} ${failureSummary}`),
  );
}

/** What is cut off, sticks out of the window, or lies on something else. */
export async function layoutFaults(page: Page): Promise<string[]> {
  await settle(page);
  return await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.className} "${element.textContent?.slice(0, 40)}"`;
    const isShown = (element: Element) => {
      // What only a screen reader finds is clipped away.
      const hidden = ".visually-hidden, .amplify-visually-hidden, .skip-link:not(:focus)";
      const isClipped = element.closest(hidden) !== null;
      const { width: wide, height } = element.getBoundingClientRect();
      return element.checkVisibility() && !isClipped && wide > 1 && height > 1;
    };
    const shown = [...document.body.querySelectorAll("*")].filter(isShown);
    const out = shown.filter((element) => {
      const { left, right } = element.getBoundingClientRect();
      return left < -1 || right > width + 1;
    });
    const cut = shown.filter((element) => {
      const { overflowX, textOverflow } = getComputedStyle(element);
      const hides = overflowX === "hidden" && textOverflow !== "ellipsis";
      return hides && element.scrollWidth > element.clientWidth + 1;
    });
    const pieces = shown.filter(
      (element) =>
        element.matches("a, button, input, select, summary") ||
        [...element.childNodes].some((node) => node instanceof Text && node.data.trim() !== ""),
    );
    // What runs over several lines has a box for each.
    const areas = new Map(pieces.map((element) => [element, [...element.getClientRects()]]));
    const overlaps = pieces.flatMap((one, at) =>
      pieces
        .slice(at + 1)
        .filter((other) => !one.contains(other) && !other.contains(one) && meet(one, other))
        .filter((other) => !sharePlace(one, other))
        .map((other) => `${nameOf(one)} lies on ${nameOf(other)}`),
    );
    /** A field leaves room at its end for the button that belongs to it. */
    function sharePlace(one: Element, other: Element): boolean {
      const place = one.closest(".with-button");
      return place !== null && place === other.closest(".with-button");
    }
    function meet(one: Element, other: Element): boolean {
      return (areas.get(one) ?? []).some((a) =>
        (areas.get(other) ?? []).some((b) => {
          const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
          const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
          return wide > 2 && high > 2;
        }),
      );
    }
    return [
      ...(document.documentElement.scrollWidth > width ? ["the page scrolls sideways"] : []),
      ...out.map((element) => `${nameOf(element)} sticks out`),
      ...cut.map((element) => `${nameOf(element)} is cut off`),
      ...overlaps,
    ];
  });
}

export type TabStop = { readonly name: string; readonly showsFocus: boolean };

/** Walks a page with the Tab key from its top to its end; what it stops at, and whether one sees that it does. */
export async function walkByTab(page: Page): Promise<TabStop[]> {
  await page.evaluate(nameElements);
  await page.evaluate(() => {
    // The next Tab starts where the focus was when it was lost.
    const top = document.createElement("span");
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove();
  });
  const stops: TabStop[] = [];
  for (;;) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      return element && element !== document.body ? window.nameOf(element) : undefined;
    });
    if (name === undefined) return stops;
    stops.push({ name, showsFocus: await showsFocus(page) });
  }
}

/** Everything on a page that can be operated, in the order in which it stands there. */
export async function operable(page: Page): Promise<string[]> {
  await page.evaluate(nameElements);
  return await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("a[href], button, input, select, summary")]
      .filter(
        (element) =>
          element.checkVisibility() &&
          !element.matches(":disabled, [type=radio]:not(:checked)") &&
          element.tabIndex >= 0,
      )
      .map((element) => window.nameOf(element)),
  );
}

declare global {
  interface Window {
    nameOf(element: Element): string;
  }
}

/** Gives the page a way to say of an element what a person would. */
function nameElements(): void {
  window.nameOf = (element) => {
    const label = element instanceof HTMLInputElement && element.labels?.[0];
    return element.getAttribute("aria-label") ?? (label || element).textContent?.trim() ?? "";
  };
}

/** Compares how the place around the focused element looks with the focus and without. */
async function showsFocus(page: Page): Promise<boolean> {
  const focused = await page.evaluateHandle(() => document.activeElement as HTMLElement);
  const clip = await focused.evaluate((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const x = Math.max(0, left - 40);
    const y = Math.max(0, top - 40);
    const width = Math.min(innerWidth, right + 40) - x;
    return { x, y, width, height: Math.min(innerHeight, bottom + 40) - y };
  });
  const picture = () => page.screenshot({ clip, animations: "disabled" });
  const withFocus = await picture();
  await focused.evaluate((element) => element.blur());
  const without = await picture();
  await focused.evaluate((element) => element.focus({ preventScroll: true }));
  return !withFocus.equals(without);
}
