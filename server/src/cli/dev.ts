import { readFile } from "node:fs/promises";
import { flushCompileCache } from "node:module";
import { homedir } from "node:os";
import { styleText } from "node:util";
import { credentialsFile } from "../app/credentials.ts";
import type { Server } from "../app/open-server.ts";
import { readServerConfig, type ServerConfig } from "../config.ts";
import { overviewPools } from "../domain/pools/overview.ts";
import { isTrusted } from "../protocol/tls/is-trusted.ts";
import { type BannerFacts, banner } from "./banner.ts";
import { applyDevStack, type DevStack, findDevStack, functionsBeside } from "./dev-stack.ts";
import type { DefineCommand } from "./index.ts";
import { createLog, standardErrorForPeople } from "./log.ts";
import { settingsHelp } from "./settings-help.ts";
import { stopOnSignal } from "./stop-on-signal.ts";
import { version } from "./version.ts";

export const define: DefineCommand = (command) => {
  command
    .option("--stack <file>", "apply this CloudFormation template at the start")
    .addHelpText("after", settingsHelp())
    .action(({ stack }: { stack?: string }) => dev(stack));
};

async function dev(stackFile: string | undefined): Promise<void> {
  const settings = readServerConfig("dev");
  const config = { ...settings, functionsDir: settings.functionsDir ?? functionsBeside(stackFile) };
  const log = createLog(config.logLevel, standardErrorForPeople());
  // Loaded when the settings are right: it takes longer than all the rest.
  const { openServer } = await import("../app/open-server.ts");
  const server = await openServer(config, log);
  try {
    if (stackFile !== undefined) await applyDevStack(server, stackFile);
    const stack = await findDevStack(server);
    const hasDemo = showDemo(server, stack);
    await server.listen();
    const readyMs = Math.round(performance.now());
    stopOnSignal({ stop: server.stop, log });
    process.stdout.write(
      banner(await factsOf(server, { config, stack, hasDemo, readyMs }), (style, text) =>
        styleText(style, text, { stream: process.stdout }),
      ),
    );
  } catch (error) {
    await server.stop();
    throw error;
  }
  // Written at the end of the process otherwise, and a development server is often killed.
  flushCompileCache();
}

/** The demo app works with any stack that names its pool and its web client, and a strict pool and its client if it likes. */
function showDemo({ development }: Server, stack: DevStack | undefined): boolean {
  const named = (prefix: string) => {
    const userPoolId = stack?.outputs.get(`${prefix}UserPoolId`);
    const userPoolClientId = stack?.outputs.get(`${prefix}WebClientId`);
    return userPoolId && userPoolClientId ? { userPoolId, userPoolClientId } : undefined;
  };
  const [everyday, strict] = [named(""), named("Strict")];
  if (!development || !everyday) return false;
  development.showDemo({ everyday, ...(strict && { strict }) });
  return true;
}

async function factsOf(
  { context, publicUrl, plainUrl, caFile = "" }: Server,
  given: { config: ServerConfig; stack: DevStack | undefined; hasDemo: boolean; readyMs: number },
): Promise<BannerFacts> {
  const { config, stack, hasDemo, readyMs } = given;
  const pools = await overviewPools(context.store.db, config.region);
  return {
    version: version(),
    publicUrl,
    plainUrl,
    caFile,
    isTrusted: await isTrusted(await readFile(caFile, "utf8"), {
      platform: process.platform,
      homeDir: homedir(),
    }),
    credentialsFile: credentialsFile(config.dataDir),
    hasDemo,
    // Of several pools the one that the stack itself names.
    pool:
      pools.find(({ id }) => id === stack?.outputs.get("UserPoolId")) ??
      pools.find(({ id }) => stack?.userPoolIds.includes(id)) ??
      pools[0],
    users: stack?.users ?? [],
    readyMs,
  };
}
