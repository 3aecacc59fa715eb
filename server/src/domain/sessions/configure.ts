/** How a pool and its clients handle sessions; each is replaced as a whole. */
import { sessionTrackingOff } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { changeClient } from "../clients/change.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { storePool } from "../pools/change.ts";
import { loadPool, type UserPool, type UserPoolSettings } from "../pools/pool.ts";
import { requireFeature } from "../pools/tier.ts";

/** AWS's default: for an hour after a sign-in hosted login asks for no other. */
export const defaultSsoValidityMinutes = 60;

/** Refuses what is only there where sessions are tracked. */
export function requireTracking(pool: UserPool): void {
  if (!pool.settings.sessions.tracking) throw sessionTrackingOff();
}

/** Replaces a pool's settings of sessions. Sessions beyond a lower number end at the user's next sign-in. */
export async function setPoolSessions(
  call: Call,
  userPoolId: string,
  sessions: UserPoolSettings["sessions"],
): Promise<void> {
  await call.change(async (trx) => {
    const pool = await loadPool(call, userPoolId, trx);
    requireFeature(pool.settings.tier, "User Session Tracking");
    await storePool(trx, call, { ...pool, settings: { ...pool.settings, sessions } });
  });
}

/** Replaces for how long a client takes a single sign-on for a fresh one, in minutes; zero for never. */
export async function setClientSsoValidity(
  call: Call,
  client: Pick<UserPoolClient, "id" | "userPoolId">,
  ssoValidityMinutes: number,
): Promise<void> {
  await changeClient(
    call,
    { userPoolId: client.userPoolId, clientId: client.id },
    ({ pool, client: now }) => {
      requireFeature(pool.settings.tier, "User Session Tracking");
      requireTracking(pool);
      return { settings: { ...now.settings, ssoValidityMinutes } };
    },
  );
}
