import { readServerConfig, type ServerConfig } from "../config.ts";
import type { Log } from "../domain/context.ts";
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
    warn(config, log);
    stopOnSignal({ stop: server.stop, log });
    log.info({ url: server.publicUrl }, `ready in ${Math.round(performance.now())} ms`);
  });
};

/** What a server runs without and its operator will miss. */
function warn({ listen, trustedProxies, smtpUrl, sms }: ServerConfig, log: Log): void {
  if (listen.kind === "http" && trustedProxies.length === 0) {
    log.warn(
      {},
      "POOLHOUSE_TRUSTED_PROXIES is not set: every request seems to come from the proxy in front",
    );
  }
  if (smtpUrl === undefined) {
    log.warn(
      {},
      sms
        ? "POOLHOUSE_SMTP_URL is not set: no mail can be sent"
        : "POOLHOUSE_SMTP_URL is not set: no mail can be sent, and codes reach nobody",
    );
  }
}
