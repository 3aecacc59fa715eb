import type { UserPool } from "../pools/pool.ts";
import type { UserPoolClientSettings } from "./client.ts";

/** What AWS gives a client that was created with a name and nothing else. */
export const defaultClientSettings: UserPoolClientSettings = {
  refreshTokenValidity: 30,
  tokenValidityUnits: {},
  authSessionValidityMinutes: 3,
  enableTokenRevocation: true,
  enablePropagateAdditionalUserContextData: false,
  oauth: { allowedFlowsUserPoolClient: false },
};

/**
 * What a client of this pool gets where a request says nothing. In the hardened profile it hides which users exist, and
 * its refresh tokens are replaced at each use (RFC 9700 §4.14.2), unless it asks for the flow that cannot do so.
 */
export function clientDefaults(
  pool: UserPool,
  explicitAuthFlows: readonly string[] | undefined,
): UserPoolClientSettings {
  if (pool.extensions.profile === "compat") return defaultClientSettings;
  const rotation = { feature: "ENABLED", retryGracePeriodSeconds: 10 } as const;
  return {
    ...defaultClientSettings,
    preventUserExistenceErrors: "ENABLED",
    ...(explicitAuthFlows?.includes("ALLOW_REFRESH_TOKEN_AUTH")
      ? {}
      : { refreshTokenRotation: rotation }),
  };
}
