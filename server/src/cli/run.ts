import { Command, CommanderError } from "commander";
import { ConfigError } from "../config/reading.ts";
import { wantsStack } from "../config.ts";
import { CommandError, exitCodes } from "./command-error.ts";
import { commands } from "./index.ts";
import { version } from "./version.ts";

/** Runs the command that the arguments name; answers the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    const program = await makeProgram(argv);
    await program.parseAsync(argv, { from: "user" });
    return exitCodes.done;
  } catch (error) {
    return report(error);
  }
}

async function makeProgram(argv: readonly string[]): Promise<Command> {
  const program = new Command("poolhouse")
    .description("User pools, sign-in and protected APIs for Amplify and AWS SDK clients.")
    .version(version(), "--version", "print the version")
    .helpOption("--help", "print this help")
    .addHelpText("after", `\n${exitCodeText}`)
    .exitOverride();
  const wanted = argv[0] === "help" ? argv[1] : argv[0];
  for (const [name, listed] of Object.entries(commands)) {
    const command = program
      .command(name)
      .summary(listed.summary)
      .description(sentence(listed.summary));
    if (name === wanted) (await listed.load()).define(command);
  }
  return program;
}

const exitCodeText = `Exit codes: ${exitCodes.done} done, ${exitCodes.failed} failed, ${exitCodes.usage} the command line is wrong, ${exitCodes.settings} the settings are wrong.`;

const sentence = (summary: string): string =>
  `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;

/** Says what went wrong, one line for each mistake; where an unexpected error came from only when asked. */
function report(error: unknown): number {
  // Commander has said it already; showing help or the version is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof ConfigError) {
    for (const problem of error.problems) say(problem);
    return exitCodes.settings;
  }
  if (error instanceof CommandError) {
    say(error.message);
    return error.exitCode;
  }
  say(error instanceof Error ? error.message : String(error));
  if (wantsStack() && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return exitCodes.failed;
}

function say(line: string): void {
  process.stderr.write(`poolhouse: ${line}\n`);
}
