/** The certification plans of the OpenID conformance suite that are run here, with its names. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { discoveryModules } from "./discovery-modules.ts";
import { type Module, type Provider, startProvider, type Variant } from "./provider.ts";
import { requestModules } from "./request-modules.ts";
import { tokenModules } from "./token-modules.ts";

const basic = { ...tokenModules, ...requestModules };

/** The modules of each plan. */
export const plans = {
  "oidcc-basic-certification-test-plan": basic,
  "oidcc-formpost-basic-certification-test-plan": basic,
  "oidcc-config-certification-test-plan": discoveryModules,
} satisfies Record<string, Readonly<Record<string, Module>>>;

export type PlanName = keyof typeof plans;

const flagsAreTexts =
  "Cognito's userInfo tells `email_verified` and `phone_number_verified` as texts, OpenID Connect Core §5.1 has booleans";

/** How a module that fails for that reason fails. */
const seenText = /_verified: 'string'/;

/** What a client in the compat profile fails, because Cognito contradicts the standard, and why. */
export const compatFailures: Readonly<Record<string, string>> = {
  "oidcc-userinfo-get": flagsAreTexts,
  "oidcc-userinfo-post-header": flagsAreTexts,
  "oidcc-userinfo-post-body": flagsAreTexts,
  "oidcc-scope-email": flagsAreTexts,
  "oidcc-scope-phone": flagsAreTexts,
  "oidcc-ensure-other-scope-order-succeeds": flagsAreTexts,
  "oidcc-claims-essential": flagsAreTexts,
};

/** Runs a plan on a client of this kind; a failure that is expected must be that very one. */
export function runPlan(name: PlanName, variant: Variant): void {
  describe(`${name}, ${variant.profile}`, () => {
    let provider: Provider;
    beforeEach(async () => {
      provider = await startProvider(variant);
    });
    afterEach(() => provider.app.close());

    for (const [title, module] of Object.entries(plans[name])) {
      const isExpectedToFail = variant.profile === "compat" && title in compatFailures;
      test(title, async () => {
        if (isExpectedToFail) await expect(module(provider)).rejects.toThrow(seenText);
        else await module(provider);
      });
    }
  });
}
