/**
 * What a sign-in must still do, from what it has proved: the transitions of the machine, as one function of the pool, the
 * user and the progress. It is asked again inside the transaction that issues tokens, so that no change of the user's
 * factors made meanwhile opens a way around one.
 */
import type { MfaFactor } from "../mfa/factors.ts";
import type { UserPool } from "../pools/pool.ts";
import type { User } from "../users/user.ts";
import { activeFactors, allowedFactors, devicesSpareMfa, isMfaDue } from "./mfa-decision.ts";
import { hasProved, type Progress } from "./progress.ts";

export type Step =
  | { readonly next: "TOKENS" }
  | { readonly next: "NEW_PASSWORD_REQUIRED" }
  | { readonly next: "CUSTOM_CHALLENGE" }
  | { readonly next: "DEVICE_SRP_AUTH" }
  | { readonly next: MfaFactor }
  | { readonly next: "SELECT_MFA_TYPE" | "MFA_SETUP"; readonly factors: readonly MfaFactor[] };

export type Standing = {
  readonly pool: UserPool;
  readonly user: User;
  readonly progress: Progress;
  /** Whether the device that the client named is one that this user has and that is remembered. */
  readonly deviceIsRemembered: boolean;
};

/** The first of the machine's rows that applies. */
export function nextStep(at: Standing): Step {
  return rows.find(({ applies }) => applies(at))?.step(at) ?? { next: "TOKENS" };
}

type Row = {
  readonly when: string;
  /** As docs/sign-in-flows.md says it. */
  readonly asks: string;
  applies(at: Standing): boolean;
  step(at: Standing): Step;
};

/** In order; docs/sign-in-flows.md is printed from this. */
export const rows: readonly Row[] = [
  {
    when: "a temporary password was proved",
    asks: "NEW_PASSWORD_REQUIRED",
    applies: ({ user, progress }) =>
      hasProved(progress, "PASSWORD") && user.status === "FORCE_CHANGE_PASSWORD",
    step: () => ({ next: "NEW_PASSWORD_REQUIRED" }),
  },
  {
    when: "the device is remembered and spares its user the second factor",
    asks: "DEVICE_SRP_AUTH",
    applies: (at) => isDeviceDue(at) && devicesSpareMfa(at.pool),
    step: () => ({ next: "DEVICE_SRP_AUTH" }),
  },
  {
    // AWS asks for MFA after the password of a custom flow, but has none to ask in a flow without; here triggers are no
    // way around a factor, so it is asked for at the end (docs/decisions/custom-auth-mfa.md).
    when: "CUSTOM_AUTH began without a password and its triggers have not agreed yet",
    asks: "CUSTOM_CHALLENGE",
    applies: ({ progress }) => isCustomDue(progress) && !hasProved(progress, "PASSWORD"),
    step: () => ({ next: "CUSTOM_CHALLENGE" }),
  },
  {
    when: "a second factor is due and one is preferred, or there is but one",
    asks: "SMS_MFA, SOFTWARE_TOKEN_MFA or EMAIL_OTP",
    applies: (at) => isFactorDue(at) && theFactor(at) !== undefined,
    step: (at) => ({ next: theFactor(at) ?? "SOFTWARE_TOKEN_MFA" }),
  },
  {
    when: "a second factor is due and there are several",
    asks: "SELECT_MFA_TYPE",
    applies: (at) => isFactorDue(at) && activeFactors(at.pool, at.user).length > 1,
    step: ({ pool, user }) => ({ next: "SELECT_MFA_TYPE", factors: activeFactors(pool, user) }),
  },
  {
    when: "a second factor is due and there is none",
    asks: "MFA_SETUP",
    applies: isFactorDue,
    step: ({ pool }) => ({ next: "MFA_SETUP", factors: allowedFactors(pool) }),
  },
  {
    when: "CUSTOM_AUTH proved the password and its triggers have not agreed yet",
    asks: "CUSTOM_CHALLENGE",
    applies: ({ progress }) => isCustomDue(progress),
    step: () => ({ next: "CUSTOM_CHALLENGE" }),
  },
  {
    when: "the device is remembered and not proved yet",
    asks: "DEVICE_SRP_AUTH",
    applies: isDeviceDue,
    step: () => ({ next: "DEVICE_SRP_AUTH" }),
  },
];

function isDeviceDue({ deviceIsRemembered, progress }: Standing): boolean {
  const isEarly = isCustomDue(progress) && !hasProved(progress, "PASSWORD");
  return deviceIsRemembered && !hasProved(progress, "DEVICE") && !isEarly;
}

function isFactorDue({ pool, user, progress }: Standing): boolean {
  return isMfaDue(pool, user, progress);
}

function isCustomDue(progress: Progress): boolean {
  return progress.flow === "CUSTOM_AUTH" && !hasProved(progress, "CUSTOM_CHALLENGE");
}

/** The preferred factor if it can be passed, or the only one. */
function theFactor({ pool, user }: Standing): MfaFactor | undefined {
  const active = activeFactors(pool, user);
  const { preferred } = user.factors;
  if (preferred !== undefined && active.includes(preferred)) return preferred;
  return active.length === 1 ? active[0] : undefined;
}
