import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline/promises";
import { text } from "node:stream/consumers";
import { CommandError, exitCodes } from "./command-error.ts";
import type { DefineCommand } from "./index.ts";
import { callOperation } from "./signed-client.ts";
import { describeChanges, type StackChange } from "./stack-changes.ts";

type Options = {
  stackName: string;
  parameter: Record<string, string>;
  dryRun?: boolean;
  yes?: boolean;
  allowReplacement?: boolean;
  allowDeletion?: boolean;
  json?: boolean;
};

type Applied = {
  Changes: StackChange[];
  Outputs: { OutputKey: string; OutputValue: string }[];
};

export const define: DefineCommand = (command) => {
  command
    .argument("<template>", "a CloudFormation template, YAML or JSON; - reads standard input")
    .option("--stack-name <name>", "the stack that the template is for", "poolhouse")
    .option("--parameter <Key=Value>", "a parameter's value; may be repeated", readParameter, {})
    .option("--dry-run", "only show what would change")
    .option("--yes", "do not ask before changing")
    .option("--allow-replacement", "also make resources anew that cannot be changed in place")
    .option("--allow-deletion", "also delete what the template no longer has")
    .option("--json", "print changes and outputs as JSON")
    .action(apply);
};

function readParameter(given: string, before: Record<string, string>): Record<string, string> {
  const equals = given.indexOf("=");
  if (equals < 1)
    throw new CommandError(`--parameter takes Key=Value, not ${given}`, exitCodes.usage);
  return { ...before, [given.slice(0, equals)]: given.slice(equals + 1) };
}

async function apply(file: string, options: Options): Promise<void> {
  const request = {
    StackName: options.stackName,
    TemplateBody: await readTemplate(file),
    Parameters: Object.entries(options.parameter).map(([ParameterKey, ParameterValue]) => ({
      ParameterKey,
      ParameterValue,
    })),
    AllowReplacement: options.allowReplacement ?? false,
    AllowDeletion: options.allowDeletion ?? false,
  };
  const call = (DryRun: boolean) =>
    callOperation<Applied>("PoolhouseService.ApplyStack", { ...request, DryRun });
  const planned = await call(true);
  if (!options.json) process.stdout.write(describeChanges(planned.Changes));
  const idle = planned.Changes.every(({ Action }) => Action === "none" || Action === "keep");
  if (!options.dryRun && !idle && !options.yes) await askToGoOn();
  const applied = options.dryRun ? planned : await call(false);
  if (options.json) process.stdout.write(`${JSON.stringify(applied, null, 2)}\n`);
  else process.stdout.write(describeOutputs(applied, { idle, dryRun: options.dryRun === true }));
}

async function readTemplate(file: string): Promise<string> {
  try {
    return await (file === "-" ? text(process.stdin) : readFile(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new CommandError(`${file} cannot be read: ${reason}`, exitCodes.usage);
  }
}

/** Asks at a terminal; a script says --yes, so that no change happens that nobody agreed to. */
async function askToGoOn(): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new CommandError("nothing was changed: add --yes to apply this without being asked");
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question("Apply these changes? [y/N] ");
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError("nothing was changed");
}

function describeOutputs(
  { Outputs }: Applied,
  { idle, dryRun }: { idle: boolean; dryRun: boolean },
): string {
  if (dryRun) return "Nothing was changed.\n";
  const lines = Outputs.map(({ OutputKey, OutputValue }) => `  ${OutputKey} = ${OutputValue}\n`);
  return `${idle ? "Nothing to change." : "Done."}\n${lines.join("")}`;
}
