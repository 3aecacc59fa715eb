/** Which second factors a user is asked for, and which one first. */
import { isDeepStrictEqual } from "node:util";
import {
  aliasExistsAtUpdate,
  invalidParameter,
  noDeliveryConfigFor,
} from "../../errors/cognito-idp.ts";
import type { Db } from "../../store/schema.ts";
import { allowedFactors, passkeysAreBothFactors, usableFactors } from "../auth/mfa-decision.ts";
import type { Call, UserCall } from "../call.ts";
import type { UserPool } from "../pools/pool.ts";
import { readAnew, storeChange } from "../users/change.ts";
import { isVerified } from "../users/contacts.ts";
import { notify } from "../users/notify.ts";
import { requireSettled } from "../users/settled.ts";
import type { User } from "../users/user.ts";
import { type MfaFactor, mfaFactors, type UserFactors, withEnabled } from "./factors.ts";
import { requireFactorForChange } from "./passed-factor.ts";

/** What is asked for; what is absent stays as it is. */
export type MfaPreference = {
  readonly factors: Readonly<Partial<Record<MfaFactor, FactorPreference>>>;
  /** Whether a passkey that verified its user counts as both factors. */
  readonly webAuthn?: boolean;
};

export type FactorPreference = { readonly enabled?: boolean; readonly preferred?: boolean };

/** Changes what the caller is asked for. */
export async function setOwnPreference(call: UserCall, wanted: MfaPreference): Promise<void> {
  const { pool } = call;
  requireSettled(call.user);
  await call.change(async (trx) => {
    const user = await readAnew(trx, pool, call.user);
    requireSettled(user);
    const factors = factorsAfter(pool, user, wanted);
    requireOneLeft(pool, user, factors);
    if (isDeepStrictEqual(factors, user.factors)) return;
    await requireFactorForChange(trx, call, user);
    await store(trx, call, { pool, user, factors });
  });
}

/** Changes what a user is asked for, as an administrator. */
export async function setPreferenceByAdministrator(
  call: Call,
  { pool, user: named }: { pool: UserPool; user: User },
  wanted: MfaPreference,
): Promise<void> {
  await call.change(async (trx) => {
    const user = await readAnew(trx, pool, named);
    await store(trx, call, { pool, user, factors: factorsAfter(pool, user, wanted) });
  });
}

/** The factors as wanted; throws AWS's refusal for what the pool or the user has not. */
function factorsAfter(pool: UserPool, user: User, wanted: MfaPreference): UserFactors {
  const given = mfaFactors.flatMap((factor) => {
    const preference = wanted.factors[factor];
    return preference ? [{ factor, ...preference }] : [];
  });
  for (const { factor, enabled } of given) if (enabled) requireUsable(pool, user, factor);
  const said = new Map(given.map(({ factor, enabled }) => [factor, enabled]));
  const enabled = mfaFactors.filter(
    (factor) => said.get(factor) ?? user.factors.enabled.includes(factor),
  );
  const factors = withPreferred(withEnabled(user.factors, enabled), given);
  if (wanted.webAuthn) requirePasskey(pool, user);
  return { ...factors, webAuthnMfa: wanted.webAuthn ?? factors.webAuthnMfa };
}

function withPreferred(
  factors: UserFactors,
  given: readonly ({ readonly factor: MfaFactor } & FactorPreference)[],
): UserFactors {
  const [first, ...others] = given.filter(({ preferred }) => preferred);
  if (others.length > 0) throw invalidParameter("Only one MFA factor can be preferred.");
  if (first) {
    if (!factors.enabled.includes(first.factor)) {
      throw invalidParameter(`${first.factor} must be enabled to be preferred.`);
    }
    return { ...factors, preferred: first.factor };
  }
  const { preferred, ...rest } = factors;
  const isDropped = given.some((each) => each.factor === preferred && each.preferred === false);
  return isDropped ? rest : factors;
}

function requireUsable(pool: UserPool, user: User, factor: MfaFactor): void {
  const isOff = pool.settings.mfaConfiguration === "OFF" || !allowedFactors(pool).includes(factor);
  if (isOff) throw invalidParameter(`${factor} is not enabled for the user pool.`);
  const usable = usableFactors(pool, user).includes(factor);
  if (!usable || !isReachable(pool, user, factor)) throw noDeliveryConfigFor(factor);
}

/** The hardened profile sends codes only to what the user proved to own (ASVS 6.6.1); AWS takes the first code for the proof. */
function isReachable(pool: UserPool, { attributes }: User, factor: MfaFactor): boolean {
  if (factor === "SOFTWARE_TOKEN_MFA" || pool.extensions.profile !== "hardened") return true;
  return isVerified(attributes, factor === "SMS_MFA" ? "phone_number" : "email");
}

function requirePasskey(pool: UserPool, { factors }: User): void {
  if (!passkeysAreBothFactors(pool)) {
    throw invalidParameter("WEB_AUTHN is not enabled as a second factor for the user pool.");
  }
  if (factors.passkeys === 0) throw noDeliveryConfigFor("WEB_AUTHN");
}

/** Where MFA is required nobody may be left without a factor by their own hand. */
function requireOneLeft(pool: UserPool, user: User, after: UserFactors): void {
  const isRequired = pool.settings.mfaConfiguration === "ON";
  if (isRequired && user.factors.enabled.length > 0 && after.enabled.length === 0) {
    throw invalidParameter("MFA is required for the user pool: one factor must stay enabled.");
  }
}

async function store(
  trx: Db,
  call: Call,
  { pool, user, factors }: { pool: UserPool; user: User; factors: UserFactors },
): Promise<void> {
  const before = user.factors.enabled;
  await storeChange(trx, call, {
    ...{ pool, user, change: { factors }, aliasTaken: aliasExistsAtUpdate },
  });
  // Of an app its user was told when it was proved.
  const added = factors.enabled.filter((factor) => !before.includes(factor));
  if (added.some((factor) => factor !== "SOFTWARE_TOKEN_MFA")) {
    await notify(trx, call, { pool, user, occasion: "factor-added" });
  }
  if (before.some((factor) => !factors.enabled.includes(factor))) {
    await notify(trx, call, { pool, user, occasion: "factor-removed" });
  }
}
