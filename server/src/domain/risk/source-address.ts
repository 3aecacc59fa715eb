/** Addresses from which a pool lets nobody in. */
import { notAllowedForSecurity } from "../../errors/cognito-idp.ts";
import type { Call } from "../call.ts";
import type { ClientInPool } from "../clients/client.ts";
import { isInRanges } from "./address-ranges.ts";
import { isEnforced, riskConfigurationOf } from "./risk-configuration.ts";
import { userAddress } from "./user-address.ts";

/** Refuses whoever comes from an address that the pool or the client blocks. Costs nothing where nothing is blocked. */
export function checkSourceAddress(call: Call, at: ClientInPool): void {
  const { blockedRanges = [] } = riskConfigurationOf(at) ?? {};
  if (blockedRanges.length === 0 || !isEnforced(at.pool)) return;
  const address = userAddress(call);
  if (address === undefined || !isInRanges(address, blockedRanges)) return;
  call.about.risk = { ...call.about.risk, isBlocked: true };
  throw notAllowedForSecurity();
}
