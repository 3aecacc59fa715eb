// The fast checks: types, format and lint, layers, dead code. Each prints its own findings; all run before the verdict.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pinnedNode, root } from "./install.js";

const tool = (...parts) => join(root, "node_modules", ...parts);
const types = (workspace) => ({
  name: `types of ${workspace}`,
  args: [tool("typescript-7/bin/tsc"), "-p", workspace],
});

const checks = [
  ...["server", "client", "web", "demo", "e2e", "bench"].map(types),
  {
    name: "format and lint",
    args: [tool("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."],
  },
  {
    name: "layers",
    args: [
      tool("dependency-cruiser/bin/dependency-cruiser.mjs"),
      "--config",
      ".dependency-cruiser.mjs",
      "server/src",
      "client/src",
      "web/src",
      "demo/src",
      "e2e",
      "bench",
    ],
    // Without a compiler that it understands dependency-cruiser reads nothing and is content.
    refuse: /\b0 modules|no dependency violations found \(0 /,
    expect: /\(\d{3,} modules/,
  },
  { name: "dead code", args: [tool("knip/bin/knip.js"), "--no-progress"] },
];

function passes(check) {
  const startedAtMs = Date.now();
  const result = spawnSync(pinnedNode(), check.args, { cwd: root, encoding: "utf8" });
  const output = `${result.stdout}${result.stderr}`;
  const fine =
    result.status === 0 && !check.refuse?.test(output) && (check.expect?.test(output) ?? true);
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
  process.stdout.write(`${fine ? "ok  " : "FAIL"} ${check.name} (${seconds} s)\n`);
  if (!fine) process.stdout.write(output);
  return fine;
}

/** Runs every check; answers how many failed. */
export function runChecks() {
  return checks.map(passes).filter((fine) => !fine).length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = runChecks() > 0 ? 1 : 0;
