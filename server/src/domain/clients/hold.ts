import { userPoolClientNotFound } from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { updateUserPoolClient } from "../../store/user-pool-clients.ts";
import type { UserPoolClient } from "./client.ts";

/**
 * Holds the client's row until the transaction ends: what is stored with a client and the client's deletion meet, and so
 * do two changes of what it has. Refuses a client that is gone.
 */
export async function holdClient(
  trx: Db,
  client: Pick<UserPoolClient, "id" | "userPoolId">,
): Promise<void> {
  const isThere = await updateUserPoolClient(trx, client, { set: { id: client.id } });
  if (!isThere) throw userPoolClientNotFound(client.id);
}
