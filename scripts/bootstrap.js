// `npm start`, `npm test` and `npm run bench`: from a fresh clone with nothing installed to a running program.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { installFromLockfile, pinnedNode, root } from "./install.js";

const [command = "start", ...rest] = process.argv.slice(2);

/** Runs a program in our place: its input, output, signals and exit code are ours. */
function become(args) {
  const child = spawn(pinnedNode(), args, { cwd: root, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 1);
  });
}

const commands = {
  async start() {
    const { buildStale } = await import("./build.js");
    buildStale();
    become(["server/bin/poolhouse.js", "dev", "--stack", "demo/stack.yaml", ...rest]);
  },
  async test() {
    become([join(root, "scripts/test.js"), ...rest]);
  },
  async bench() {
    const { buildStale } = await import("./build.js");
    buildStale();
    installFromLockfile(join(root, "bench/peer"));
    become(["bench/src/main.ts", ...rest]);
  },
};

const run = commands[command];
if (!run) {
  process.stderr.write(`Unknown command ${command}: start, test or bench.\n`);
  process.exit(2);
}
installFromLockfile();
await run();
