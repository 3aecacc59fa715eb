import { setTimeout as pause } from "node:timers/promises";
import type { FastifyInstance } from "fastify";
import { type AppOptions, createApp } from "../app.ts";
import { type Address, type Listen, showAddress } from "../config/listen.ts";
import type { ServerConfig } from "../config.ts";
import type { Log } from "../domain/context.ts";
import { requireHosts } from "../protocol/host-check.ts";
import { logRequests } from "../protocol/request-log.ts";
import { listenAt } from "./listen.ts";
import type { Tls } from "./open-tls.ts";

/** An app and where it is to listen, which is what the setting says. */
export type Listener = {
  readonly app: FastifyInstance;
  readonly at: Listen;
  readonly setting: string;
};

/** What is in flight at the end gets this long; Docker kills after ten seconds. */
const FINISH_WITHIN_MS = 8_000;

/** The listener of every server and, in development, the plain one besides. */
export function makeListeners(
  { listen, httpListen, trustedProxies }: ServerConfig,
  { tls, ...given }: AppOptions & { tls: Tls | undefined },
): readonly [Listener, ...Listener[]] {
  const options: AppOptions = {
    ...given,
    // Who may write to the socket is the proxy, and only that one knows where a request came from.
    trustedProxies: listen.kind === "unix" ? "peer" : trustedProxies,
  };
  const main = createApp({ ...options, ...(tls ? { https: tls.options } : {}) });
  prepare(main, given.context.log);
  const first = { app: main, at: listen, setting: "POOLHOUSE_LISTEN" };
  if (!httpListen) return [first];
  const { pages: _withoutTls, ...plainOptions } = options;
  const plain = createApp(plainOptions);
  requireHosts(plain, hostsOf(httpListen));
  prepare(plain, given.context.log);
  const at = { kind: "http", ...httpListen } as const;
  return [first, { app: plain, at, setting: "POOLHOUSE_HTTP_LISTEN" }];
}

function prepare(app: FastifyInstance, log: Log): void {
  logRequests(app, (line) => {
    // Calls that the start makes in its own process are no requests.
    if (app.server.listening) log.info(line, "request");
  });
  let closing = false;
  app.addHook("preClose", async () => {
    closing = true;
  });
  // A client that keeps its connection for the next request would hold up the end.
  app.addHook("onSend", async (_request, reply) => {
    if (closing) reply.header("connection", "close");
  });
}

/** The Host headers under which this machine reaches itself. */
function hostsOf({ host, port }: Address): readonly string[] {
  return [showAddress({ host, port }), `localhost:${port}`];
}

/** Lets all of them listen. */
export async function openListeners(listeners: readonly Listener[]): Promise<void> {
  for (const { app, at, setting } of listeners) await listenAt(app, at, setting);
}

/** Takes no further requests and waits for those in flight, but not for ever. */
export async function closeListeners(
  listeners: readonly Pick<Listener, "app">[],
  log: Log,
  withinMs = FINISH_WITHIN_MS,
): Promise<void> {
  const closing = Promise.all(listeners.map(({ app }) => app.close()));
  const late = pause(withinMs, "late", { ref: false });
  if ((await Promise.race([closing, late])) === "late") {
    log.warn({ afterMs: withinMs }, "requests that did not finish in time were cut off");
    for (const { app } of listeners) app.server.closeAllConnections();
  }
  await closing;
}
