/** What takes the place of the world in development: an inbox, a clock that can be moved, the demo app. */
import type { ServerConfig } from "../config.ts";
import type { AdvancingClock } from "../dev/clock.ts";
import { type DemoPool, type DemoPoolIds, demoPool } from "../dev/demo-pool.ts";
import { createInbox, type Inbox } from "../dev/inbox.ts";
import type { DemoConfig } from "../dev/pages.ts";
import type { DevOptions } from "../dev/register.ts";
import { findClient } from "../domain/clients/client.ts";
import type { Log } from "../domain/context.ts";
import type { Sender } from "../domain/messages/sender.ts";
import { findPool } from "../domain/pools/pool.ts";
import { demoApi } from "../gateway/demo-api.ts";
import type { RestApi } from "../gateway/rest-api.ts";
import { systemRandom } from "../lib/random.ts";
import type { Store } from "../store/store.ts";
import { builtPages } from "./built-pages.ts";
import { credentialsFile } from "./credentials.ts";
import { openMovedClock } from "./moved-clock.ts";

export type Development = {
  readonly clock: AdvancingClock;
  readonly inbox: Inbox;
  readonly routes: Omit<DevOptions, "context">;
  /** None until the demo's pool is known. */
  readonly apis: readonly RestApi[];
  /** From now on the demo app is at these pools and clients, and its API takes the pools' tokens. */
  showDemo(pools: DemoPools): void;
};

export type DemoPools = { readonly everyday: DemoPoolIds; readonly strict?: DemoPoolIds };

/** Opens the development side of a server; what the inbox takes goes on to `forward` as well. */
export async function openDevelopment(
  { dataDir, region }: ServerConfig,
  given: { store: Store; log: Log; publicUrl: string; caFile: string; forward?: Sender },
): Promise<Development> {
  const clock = await openMovedClock(given.store);
  const inbox = createInbox({ ...given, clock, random: systemRandom });
  const apis: RestApi[] = [];
  let demo: (Omit<DemoConfig, keyof DemoPools> & { pools: DemoPools }) | undefined;
  // Read each time: the pool's rules may have changed.
  const describe = async (ids: DemoPoolIds | undefined): Promise<DemoPool | undefined> => {
    const { db } = given.store;
    const pool = ids && (await findPool(db, ids.userPoolId));
    const client = pool && (await findClient(db, ids.userPoolClientId));
    return client && demoPool(pool, client, given);
  };
  return {
    clock,
    inbox,
    apis,
    routes: {
      clock,
      inbox,
      caFile: given.caFile,
      credentialsFile: credentialsFile(dataDir),
      webDir: builtPages("web"),
      demoDir: builtPages("demo"),
      async demoConfig() {
        if (!demo) return undefined;
        const { pools, ...where } = demo;
        const everyday = await describe(pools.everyday);
        const strict = await describe(pools.strict);
        return everyday && { ...where, everyday, ...(strict && { strict }) };
      },
    },
    showDemo(pools) {
      const ids = [pools.everyday, pools.strict].flatMap((each) => each?.userPoolId ?? []);
      const api = demoApi(ids);
      apis.push(api);
      const { publicUrl } = given;
      const apiEndpoint = `${publicUrl}/_api/${api.id}/${api.stage}`;
      demo = { pools, region, userPoolEndpoint: publicUrl, apiEndpoint };
    },
  };
}
