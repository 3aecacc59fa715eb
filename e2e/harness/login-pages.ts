/** Hosted pages with any data, drawn by the built bundle, at the server's own address and under the server's own headers. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { type everyPage, sampleLook } from "../../web/src/login/testing/samples.ts";
import { send } from "./request.ts";
import { demo, root, type Server } from "./server.ts";

type PageData = (typeof everyPage)[number][1];
type Look = ReturnType<typeof sampleLook>;
type Notice = { kind: "error" | "info" | "success"; code: string; detail?: string };

export type Shown = {
  readonly page: PageData;
  readonly look?: Partial<Look>;
  readonly notice?: Notice;
  /** Where the page's form may lead to beside the server itself. */
  readonly leadsTo?: string;
};

export type LoginPages = {
  readonly languages: readonly string[];
  html(shown: Shown): string;
  /** Opens the page in a tab. */
  show(tab: Page, shown: Shown): Promise<void>;
};

export const builtPages = join(root, "web/dist/login");
const screenshots = join(root, "e2e/screenshots");

/** The address that the pages are shown at; below it lies nothing of the server's. */
const pathOfPages = `/${demo.userPoolId}/looks`;

export async function openLoginPages(server: Server): Promise<LoginPages> {
  const { render, languages } = await import(pathToFileURL(join(builtPages, "render.js")).href);
  const headers = await headersOf(server);
  const html = ({ page, look, notice }: Shown): string =>
    render(page, sampleLook({ assetsUrl: `/${demo.userPoolId}/assets`, ...look }), notice);
  return {
    languages,
    html,
    async show(tab, shown) {
      const url = `${server.url}${pathOfPages}`;
      const policy = headers["content-security-policy"] ?? "";
      const body = html(shown);
      await tab.route(url, (route) =>
        route.fulfill({
          body,
          headers: {
            ...headers,
            "content-security-policy": shown.leadsTo
              ? policy.replace("form-action 'self'", `form-action 'self' ${shown.leadsTo}`)
              : policy,
          },
        }),
      );
      await tab.goto(url);
    },
  };
}

/** What a page of the server is sent with. */
async function headersOf({ url, ca }: Server): Promise<Record<string, string>> {
  const { headers } = await send(`${url}/${demo.userPoolId}/error`, { ca });
  const kept = Object.entries(headers).filter(([name]) => /security|policy|type/.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

/** Keeps a picture for whoever wants to look at it. */
export async function keepPicture(
  tab: Page,
  name: string,
  { fullPage = true } = {},
): Promise<void> {
  await mkdir(screenshots, { recursive: true });
  const file = `${name.replace(/[^\w-]+/g, "-")}.png`;
  await tab.screenshot({
    path: join(screenshots, file),
    fullPage,
    animations: "disabled",
  });
}
