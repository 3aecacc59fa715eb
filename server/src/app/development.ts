/** What takes the place of the world in development: an inbox, a clock that can be moved, the demo app. */
import { fileURLToPath } from "node:url";
import type { ServerConfig } from "../config.ts";
import type { AdvancingClock } from "../dev/clock.ts";
import { createInbox, type Inbox } from "../dev/inbox.ts";
import type { DemoConfig } from "../dev/pages.ts";
import type { DevOptions } from "../dev/register.ts";
import type { Log } from "../domain/context.ts";
import type { Sender } from "../domain/messages/sender.ts";
import { loginWithOf, passwordFormatOf } from "../domain/pools/amplify-forms.ts";
import { findPool } from "../domain/pools/pool.ts";
import { demoApi } from "../gateway/demo-api.ts";
import type { RestApi } from "../gateway/rest-api.ts";
import { systemRandom } from "../lib/random.ts";
import type { Store } from "../store/store.ts";
import { credentialsFile } from "./credentials.ts";
import { openMovedClock } from "./moved-clock.ts";

export type Development = {
  readonly clock: AdvancingClock;
  readonly inbox: Inbox;
  readonly routes: Omit<DevOptions, "context">;
  /** None until the demo's pool is known. */
  readonly apis: readonly RestApi[];
  /** From now on the demo app is at this pool and client, and its API takes the pool's tokens. */
  showDemo(ids: DemoIds): void;
};

export type DemoIds = { readonly userPoolId: string; readonly userPoolClientId: string };

/** The built pages lie beside the server in the workspace. */
const builtPages = (workspace: string): string =>
  fileURLToPath(new URL(`../../../${workspace}/dist`, import.meta.url));

/** Opens the development side of a server; what the inbox takes goes on to `forward` as well. */
export async function openDevelopment(
  { dataDir, region }: ServerConfig,
  given: { store: Store; log: Log; publicUrl: string; caFile: string; forward?: Sender },
): Promise<Development> {
  const clock = await openMovedClock(given.store);
  const inbox = createInbox({ ...given, clock, random: systemRandom });
  const apis: RestApi[] = [];
  let demo: Omit<DemoConfig, "loginWith" | "passwordFormat"> | undefined;
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
        const pool = demo && (await findPool(given.store.db, demo.userPoolId));
        // Read each time: the pool's rules may have changed.
        return demo && pool
          ? { ...demo, loginWith: loginWithOf(pool), passwordFormat: passwordFormatOf(pool) }
          : undefined;
      },
    },
    showDemo(ids) {
      const api = demoApi(ids.userPoolId);
      apis.push(api);
      const { publicUrl } = given;
      const apiEndpoint = `${publicUrl}/_api/${api.id}/${api.stage}`;
      demo = { ...ids, region, userPoolEndpoint: publicUrl, apiEndpoint };
    },
  };
}
