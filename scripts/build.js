// Builds what is stale: the server and the client with the TypeScript compiler, the pages with Vite.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pinnedNode, root } from "./install.js";

const compiler = "node_modules/typescript-7/bin/tsc";
const viteBuild = ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"];
const login = ["--config", "vite.login.config.ts"];

/** Every part with what it is made from; a later part may use an earlier one. */
const parts = [
  { name: "client", from: ["client/src"], runs: [[compiler, "-p", "client/tsconfig.build.json"]] },
  { name: "server", from: ["server/src"], runs: [[compiler, "-p", "server/tsconfig.build.json"]] },
  {
    name: "web",
    from: ["web"],
    // The pages of development, what the hosted pages load, and what renders those.
    runs: [viteBuild, [...viteBuild, ...login], [...viteBuild, ...login, "--ssr"]],
    cwd: "web",
  },
  {
    name: "demo",
    from: ["demo", "client/src", "web/src/ui"],
    runs: [viteBuild],
    cwd: "demo",
  },
];

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  let latest = stat.mtimeMs;
  for (const name of readdirSync(path)) {
    if (name !== "dist" && name !== "node_modules")
      latest = Math.max(latest, newest(join(path, name)));
  }
  return latest;
}

const stampOf = (part) => join(root, part.name, "dist", ".built");

function isStale(part) {
  const stamp = stampOf(part);
  if (!existsSync(stamp)) return true;
  const built = statSync(stamp).mtimeMs;
  const sources = [...part.from, "package-lock.json", "tsconfig.base.json"];
  return sources.some((path) => newest(join(root, path)) > built);
}

/** Builds every part whose sources are newer than its last build. */
export function buildStale() {
  for (const part of parts) {
    if (!isStale(part)) continue;
    const startedAtMs = Date.now();
    process.stderr.write(`Building ${part.name} … `);
    // What a removed source left behind must not be loaded.
    rmSync(join(root, part.name, "dist"), { recursive: true, force: true });
    const cwd = join(root, part.cwd ?? ".");
    for (const [program, ...args] of part.runs) {
      const options = { cwd, stdio: ["ignore", "pipe", "pipe"] };
      const result = spawnSync(pinnedNode(), [join(root, program), ...args], options);
      if (result.status !== 0) {
        process.stderr.write(`failed\n${result.stdout}${result.stderr}`);
        process.exit(1);
      }
    }
    mkdirSync(join(root, part.name, "dist"), { recursive: true });
    writeFileSync(stampOf(part), "");
    process.stderr.write(`${((Date.now() - startedAtMs) / 1000).toFixed(1)} s\n`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) buildStale();
