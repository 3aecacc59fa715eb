/** What a pool does about passwords and addresses known to be bad, for all its clients or for one. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import { changeClient } from "../clients/change.ts";
import type { ClientInPool, UserPoolClient } from "../clients/client.ts";
import { storePool } from "../pools/change.ts";
import { loadPool, type UserPool } from "../pools/pool.ts";
import { isAddressRange } from "./address-ranges.ts";
import { requireThreatProtection } from "./threat-protection.ts";

/** Where a password is given that may be compromised. */
export type PasswordOccasion = "SIGN_IN" | "PASSWORD_CHANGE" | "SIGN_UP";

export type RiskConfiguration = {
  readonly compromisedCredentials?: {
    /** Absent for all. */
    readonly occasions?: readonly PasswordOccasion[];
    readonly action: "BLOCK" | "NO_ACTION";
  };
  /** In CIDR notation; an address of both lists is blocked. */
  readonly blockedRanges?: readonly string[];
  /** Nothing is looked at that comes from there. */
  readonly skippedRanges?: readonly string[];
  readonly modifiedAtMs: number;
};

export type GivenRiskConfiguration = Omit<RiskConfiguration, "modifiedAtMs">;

/** What holds for a client: its own configuration if it has one, and else the pool's. */
export function riskConfigurationOf({ pool, client }: ClientInPool): RiskConfiguration | undefined {
  return client.settings.risk ?? pool.settings.risk;
}

/** Whether a pool acts on what it finds. */
export function isEnforced({ settings }: UserPool): boolean {
  return settings.advancedSecurityMode === "ENFORCED";
}

/** Replaces the configuration of a pool; one that says nothing takes it away. */
export async function setPoolRisk(
  call: Call,
  userPoolId: string,
  given: GivenRiskConfiguration,
): Promise<UserPool> {
  const risk = complete(call, given);
  return await call.change(async (trx) => {
    const pool = await loadPool(call, userPoolId, trx);
    requireThreatProtection(pool);
    const { risk: _before, ...settings } = pool.settings;
    const changed = { ...pool, settings: { ...settings, ...(risk ? { risk } : {}) } };
    await storePool(trx, call, changed);
    return changed;
  });
}

/** Replaces the configuration of a client; with one that says nothing it has the pool's again. */
export async function setClientRisk(
  call: Call,
  named: { userPoolId: string; clientId: string },
  given: GivenRiskConfiguration,
): Promise<UserPoolClient> {
  const risk = complete(call, given);
  return await changeClient(call, named, ({ pool, client }) => {
    requireThreatProtection(pool);
    const { risk: _before, ...settings } = client.settings;
    return { settings: { ...settings, ...(risk ? { risk } : {}) } };
  });
}

function complete(call: Call, given: GivenRiskConfiguration): RiskConfiguration | undefined {
  if (Object.keys(given).length === 0) return undefined;
  const ranges = [...(given.blockedRanges ?? []), ...(given.skippedRanges ?? [])];
  const wrong = ranges.find((range) => !isAddressRange(range));
  if (wrong !== undefined) {
    throw invalidParameter(`${wrong.slice(0, 64)} is not an IP address range in CIDR notation.`);
  }
  return { ...given, modifiedAtMs: call.clock.now() };
}
