import type { Db } from "../../store/schema.ts";
import { pageUserPoolClients } from "../../store/user-pool-clients.ts";
import { pageUserPools } from "../../store/user-pools.ts";
import { type LoginWith, loginWithOf } from "./amplify-forms.ts";
import { userPoolFromRow } from "./pool.ts";

/** What a developer needs of a pool to point an app at it; never a secret. */
export type PoolOverview = {
  readonly id: string;
  readonly name: string;
  readonly loginWith: LoginWith;
  readonly clients: readonly {
    readonly id: string;
    readonly name: string;
    readonly hasSecret: boolean;
  }[];
};

/** More than a page can show. */
const limit = 50;

/** The first pools of a region, each with its first clients, by id. */
export async function overviewPools(db: Db, region: string): Promise<PoolOverview[]> {
  const pools = (await pageUserPools(db, { region, limit })).map(userPoolFromRow);
  return await Promise.all(
    pools.map(async (pool) => {
      const clients = await pageUserPoolClients(db, { userPoolId: pool.id, limit });
      return {
        id: pool.id,
        name: pool.name,
        loginWith: loginWithOf(pool),
        clients: clients.map(({ id, name, secret }) => ({ id, name, hasSecret: secret !== null })),
      };
    }),
  );
}
