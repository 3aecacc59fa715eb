import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig, type Plugin } from "vite";

/** Writes a .br and a .gz beside every text file of the build, so that the server never compresses. */
function precompress(): Plugin {
  const text = /\.(?:js|css|html|svg)$/;
  let folder = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = (await readdir(folder, { recursive: true })).filter((file) => text.test(file));
      await Promise.all(
        files.map(async (file) => {
          const path = join(folder, file);
          const bytes = await readFile(path);
          await Promise.all([
            promisify(brotliCompress)(bytes).then((packed) => writeFile(`${path}.br`, packed)),
            promisify(gzip)(bytes, { level: 9 }).then((packed) => writeFile(`${path}.gz`, packed)),
          ]);
        }),
      );
    },
  };
}

export default defineConfig({
  base: "/demo/",
  plugins: [react(), precompress()],
  resolve: { conditions: ["poolhouse-source", ...defaultClientConditions] },
  build: {
    // The first versions that know light-dark(), which the design tokens rest on.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    // Nothing is inlined as data: URLs, so that a strict Content-Security-Policy holds.
    assetsInlineLimit: 0,
    // Amplify and its Authenticator make one large chunk, and the first page needs them all.
    chunkSizeWarningLimit: 1000,
  },
});
