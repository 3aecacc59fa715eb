import { readServerConfig } from "../config.ts";
import type { DefineCommand } from "./index.ts";
import { createLog, standardError } from "./log.ts";
import { settingsHelp } from "./settings-help.ts";
import { stopOnSignal } from "./stop-on-signal.ts";

export const define: DefineCommand = (command) => {
  command.addHelpText("after", settingsHelp()).action(async () => {
    const config = readServerConfig("serve");
    const log = createLog(config.logLevel, standardError());
    // Loaded when the settings are right: it takes longer than all the rest.
    const { openServer } = await import("../app/open-server.ts");
    const server = await openServer(config, log);
    await server.listen();
    stopOnSignal({ stop: server.stop, log });
    log.info({ url: server.publicUrl }, `ready in ${Math.round(performance.now())} ms`);
  });
};
