/** What the start page shows of the server: names, ids and paths to paste. Never a secret. */
import type { FastifyInstance } from "fastify";
import type { Context } from "../domain/context.ts";
import { overviewPools } from "../domain/pools/overview.ts";

export type InfoOptions = {
  readonly context: Pick<Context, "store" | "settings">;
  /** Where the certificate authority's certificate lies. */
  readonly caFile: string;
  /** Where the root keys lie. */
  readonly credentialsFile: string;
};

/** `GET /_poolhouse/dev.json`. */
export function registerInfo(app: FastifyInstance, options: InfoOptions): void {
  const { context, caFile, credentialsFile } = options;
  const { publicUrl, region } = context.settings;
  app.get("/_poolhouse/dev.json", async () => ({
    publicUrl,
    region,
    caFile,
    credentialsFile,
    userPools: await overviewPools(context.store.db, region),
  }));
}
