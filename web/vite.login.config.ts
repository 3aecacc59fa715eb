/** Builds the hosted pages: first what they load, then, with `--ssr`, what renders them on the server. */
import { existsSync, readFileSync } from "node:fs";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const manifest = new URL("dist/login/manifest.json", import.meta.url);
const entry = "src/login/enhance/index.ts";

/** The names that the first build gave its files. */
function builtAssets(): { css: string; js: string } {
  if (!existsSync(manifest)) throw new Error("Build what the pages load first: without --ssr");
  const built = JSON.parse(readFileSync(manifest, "utf8"))[entry];
  return { css: nameOf(built.css[0]), js: nameOf(built.file) };
}

function nameOf(path: string): string {
  return path.replace(/^assets\//, "");
}

export default defineConfig(({ isSsrBuild }) => ({
  plugins: [react()],
  publicDir: false,
  ...(isSsrBuild
    ? {
        define: {
          LOGIN_ASSETS: JSON.stringify(builtAssets()),
          "process.env.NODE_ENV": JSON.stringify("production"),
        },
        ssr: { noExternal: true as const },
      }
    : {}),
  build: {
    outDir: "dist/login",
    emptyOutDir: !isSsrBuild,
    manifest: isSsrBuild ? false : "manifest.json",
    // The first versions that know light-dark(), which the design tokens rest on.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: false,
    minify: true,
    ...(isSsrBuild ? { ssr: true, target: "node24" } : {}),
    rolldownOptions: isSsrBuild
      ? { input: "src/login/render.tsx", output: { entryFileNames: "render.js" } }
      : { input: entry },
  },
}));
