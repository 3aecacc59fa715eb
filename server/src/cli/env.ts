import { credentialsFile } from "../app/credentials.ts";
import { readClientConfig } from "../config.ts";
import { readIfPresent } from "../lib/publish-file.ts";
import { CommandError } from "./command-error.ts";
import type { DefineCommand } from "./index.ts";

export const define: DefineCommand = (command) => {
  command
    .addHelpText("after", '\nUse it as: eval "$(poolhouse env)". It prints secrets.')
    .action(async () => {
      const file = credentialsFile(readClientConfig().dataDir);
      const text = await readIfPresent(file);
      if (text === undefined) {
        throw new CommandError(
          `${file} is not there: poolhouse dev writes it, so start that first`,
        );
      }
      process.stdout.write(text);
    });
};
