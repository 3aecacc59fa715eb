/** The pages as they were built from `web/src/login`. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Render } from "./pages.ts";

/** What the built bundle exports. */
export type LoginBundle = {
  readonly render: Render;
  /** The languages that it speaks, as `lang` names them; the first is for whoever speaks none of them. */
  readonly languages: readonly string[];
};

export type LoginPages = {
  /** Loads the bundle when the first page is asked for: most starts never show one. */
  readonly bundle: () => Promise<LoginBundle>;
  /** Where what the pages load lies. */
  readonly assetsDir: string;
};

/** The pages in the folder of the built web pages. */
export function openLoginPages(webDir: string): LoginPages {
  let loaded: Promise<LoginBundle> | undefined;
  return {
    assetsDir: join(webDir, "login", "assets"),
    bundle() {
      // Built from this repository at the same time as the server.
      loaded ??= import(
        pathToFileURL(join(webDir, "login", "render.js")).href
      ) as Promise<LoginBundle>;
      return loaded;
    },
  };
}
