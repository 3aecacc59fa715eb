import type { Db } from "../../store/schema.ts";
import { pageUserPoolClients } from "../../store/user-pool-clients.ts";
import { pageUserPools } from "../../store/user-pools.ts";
import { clientFromRow, type UserPoolClient } from "../clients/client.ts";
import { type UserPool, userPoolFromRow } from "./pool.ts";

/** The first pools of a region, each with its first clients, by id. */
export async function overviewPools(
  db: Db,
  { region, limit }: { region: string; limit: number },
): Promise<{ pool: UserPool; clients: UserPoolClient[] }[]> {
  const pools = (await pageUserPools(db, { region, limit })).map(userPoolFromRow);
  return await Promise.all(
    pools.map(async (pool) => {
      const clients = await pageUserPoolClients(db, { userPoolId: pool.id, limit });
      return { pool, clients: clients.map(clientFromRow) };
    }),
  );
}
