/** What a pool's tier (feature plan) has to do with its settings (AWS, "User pool feature plans"). */
import { featuresUnavailableInTier } from "../../errors/cognito-idp.ts";
import type { UserPoolSettings } from "./pool.ts";

type Tier = UserPoolSettings["tier"];

/** As AWS names them in its refusal. */
const features = {
  "User Session Tracking": {
    tiers: ["ESSENTIALS", "PLUS"],
    uses: ({ sessions }) => sessions.tracking,
  },
  "Password History": {
    tiers: ["ESSENTIALS", "PLUS"],
    uses: ({ passwordPolicy }) => passwordPolicy.passwordHistorySize !== undefined,
  },
  "Email MFA": {
    tiers: ["ESSENTIALS", "PLUS"],
    uses: ({ mfa, mfaConfiguration }) => mfaConfiguration !== "OFF" && mfa.email !== undefined,
  },
  "Passwordless Authentication": {
    tiers: ["ESSENTIALS", "PLUS"],
    uses: ({ allowedFirstAuthFactors }) => allowedFirstAuthFactors.some((f) => f !== "PASSWORD"),
  },
  "Managed Login": {
    tiers: ["ESSENTIALS", "PLUS"],
    // Domains choose it, not these settings.
    uses: () => false,
  },
  "Threat Protection": {
    tiers: ["PLUS"],
    uses: ({ advancedSecurityMode = "OFF", customAuthMode }) =>
      advancedSecurityMode !== "OFF" || customAuthMode !== undefined,
  },
} as const satisfies Record<
  string,
  { tiers: readonly Tier[]; uses: (settings: UserPoolSettings) => boolean }
>;

type Feature = keyof typeof features;

const names = Object.keys(features) as Feature[];

function includes(tier: Tier, feature: Feature): boolean {
  return (features[feature].tiers as readonly Tier[]).includes(tier);
}

/** Refuses a feature that the tier does not include. */
export function requireFeature(tier: Tier, feature: Feature): void {
  if (!includes(tier, feature)) throw featuresUnavailableInTier(tier, feature);
}

/** Refuses settings that the tier among them does not include. */
export function checkTier(settings: UserPoolSettings): void {
  const missing = names.filter(
    (name) => !includes(settings.tier, name) && features[name].uses(settings),
  );
  if (missing.length > 0) throw featuresUnavailableInTier(settings.tier, missing.join(", "));
}
