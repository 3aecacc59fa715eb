/** The link of a sign-up's message (AWS, "Customizing email verification messages"): following it confirms the account. */
import type { Db } from "../../store/schema.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { CodeTarget } from "../codes/code.ts";
import { domainsOf } from "../domains/domain.ts";
import type { UserPool } from "../pools/pool.ts";

/** Whether a sign-up's message to this address has a link in place of a code. */
export function isConfirmedByLink({ settings }: UserPool, { attribute }: CodeTarget): boolean {
  return attribute === "email" && settings.verificationTemplate.emailOption === "CONFIRM_WITH_LINK";
}

/** Where the pool's pages are: at its own domain if it has one, else below this server's address. */
async function baseOf(db: Db, { settings }: Call, pool: UserPool): Promise<string> {
  const domains = await domainsOf(db, pool);
  const custom = domains.find(({ isCustom }) => isCustom);
  if (custom) return `https://${custom.domain}`;
  const prefix = domains.find(({ isCustom }) => !isCustom);
  if (!prefix) return `${settings.publicUrl}/${pool.id}`;
  return `https://${prefix.domain}.auth.${new URL(settings.publicUrl).host}`;
}

/** The link that brings this code back. */
export async function confirmLink(
  db: Db,
  call: Call,
  given: { pool: UserPool; client: UserPoolClient; username: string; code: string },
): Promise<string> {
  const { pool, client, username, code } = given;
  const query = new URLSearchParams({
    client_id: client.id,
    user_name: username,
    confirmation_code: code,
  });
  return `${await baseOf(db, call, pool)}/confirmUser?${query}`;
}
