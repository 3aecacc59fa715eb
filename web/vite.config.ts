import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: "src/dev",
  base: "/_poolhouse/ui/",
  plugins: [react()],
  build: {
    outDir: "../../dist",
    emptyOutDir: true,
    // The first versions that know light-dark(), which the design tokens rest on.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // Nothing is inlined as data: URLs, so that a strict Content-Security-Policy holds.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: ["src/dev/index.html", "src/dev/inbox.html", "src/dev/not-found.html"],
    },
  },
});
