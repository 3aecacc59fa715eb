#!/usr/bin/env node
// Starts Poolhouse on a Node that is new enough: this one, or the one that the workspace pins.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const built = new URL("../dist/main.js", import.meta.url);
const main = existsSync(built) ? built : new URL("../src/main.ts", import.meta.url);

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 24 || (major === 24 && minor >= 7);
}

function pinned() {
  const require = module.createRequire(import.meta.url);
  const isWindows = process.platform === "win32";
  const name = `${isWindows ? "win" : process.platform}-${process.arch}`;
  const binary = isWindows ? "bin/node.exe" : "bin/node";
  for (const specifier of [`node-${name}/${binary}`, `node-bin-${name}/${binary}`]) {
    try {
      return require.resolve(specifier);
    } catch {
      // Not installed here: the next one, or the message below.
    }
  }
  return undefined;
}

function runOn(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1);
  });
}

if (isNewEnough(process.versions.node)) {
  // Beside the code and not in the system's folder for temporary files, where another user could put something there first.
  if (main === built) module.enableCompileCache(fileURLToPath(new URL(".compile-cache", built)));
  await import(main.href);
} else {
  const node = pinned();
  if (node) runOn(node);
  else {
    process.stderr.write(`Poolhouse needs Node 24.7 or newer; this is ${process.versions.node}.\n`);
    process.exitCode = 78;
  }
}
