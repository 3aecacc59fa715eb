/** Everything that only `poolhouse dev` has. */
import type { FastifyInstance } from "fastify";
import { type AdvancingClock, registerClock } from "./clock.ts";
import { refuseOtherHosts, refuseOtherOrigins } from "./guard.ts";
import { type Inbox, registerInbox } from "./inbox.ts";
import { type InfoOptions, registerInfo } from "./info.ts";
import { answerNotFound, type PagesOptions, registerPages } from "./pages.ts";

export type DevOptions = InfoOptions &
  Omit<PagesOptions, "publicUrl"> & {
    readonly inbox: Inbox;
    readonly clock: AdvancingClock;
  };

/** Adds the pages, the inbox, the clock and the answer for unknown addresses; never under `serve`. */
export function registerDev(app: FastifyInstance, options: DevOptions): void {
  const { publicUrl } = options.context.settings;
  const pages = { ...options, publicUrl };
  app.setNotFoundHandler(answerNotFound(pages));
  void app.register(async (dev) => {
    dev.addHook("onRequest", refuseOtherHosts(publicUrl));
    registerPages(dev, pages);
    await dev.register(async (api) => {
      api.addHook("onRequest", refuseOtherOrigins);
      registerInbox(api, options.inbox);
      registerClock(api, options.clock);
      registerInfo(api, options);
    });
  });
}
