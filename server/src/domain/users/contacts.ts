/** The addresses of users that codes go to, and which of them serves what. */
import { invalidParameter } from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { activeFactors } from "../auth/mfa-decision.ts";
import type { CodeTarget } from "../codes/code.ts";
import type { MfaFactor } from "../mfa/factors.ts";
import type { ContactAttribute, UserPool } from "../pools/pool.ts";
import type { User } from "./user.ts";

type Attributes = Readonly<Record<string, string>>;

/** SMS first: with both to be verified AWS sends only an SMS at sign-up, and without a setting recovery tries it first. */
export const contactAttributes = ["phone_number", "email"] as const;

/** Whether a name is that of an attribute that codes are sent to. */
export function isContactAttribute(name: string): name is ContactAttribute {
  return name === "email" || name === "phone_number";
}

/** The kinds of address that this pool verifies by itself. */
export function autoVerified(pool: UserPool): readonly ContactAttribute[] {
  return contactAttributes.filter((kind) => pool.settings.autoVerifiedAttributes?.includes(kind));
}

/** Where the code of a sign-up goes; nowhere without an address that the pool verifies. */
export function signUpContact(pool: UserPool, attributes: Attributes): CodeTarget | undefined {
  const kind = autoVerified(pool).find((each) => attributes[each]);
  return kind && targetOf(attributes, kind);
}

/** The kinds of address by which users of this pool recover, the preferred one first. */
export function recoveryKinds(pool: UserPool): readonly ContactAttribute[] {
  const kinds = [...(pool.settings.accountRecovery ?? [])]
    .sort((one, other) => one.priority - other.priority)
    .flatMap(({ name }) => kindOfRecovery[name] ?? []);
  return kinds.length > 0 ? kinds : contactAttributes;
}

const kindOfRecovery: Readonly<Record<string, ContactAttribute>> = {
  verified_email: "email",
  verified_phone_number: "phone_number",
};

/** Where a code that recovers an account goes. */
export function recoveryContact(pool: UserPool, user: User): CodeTarget | undefined {
  const kind = recoveryKinds(pool).find((each) => mayRecover(pool, user, each));
  return kind && targetOf(user.attributes, kind);
}

/**
 * Whether a code to this address may recover the account: only where the user proved to own it, and never where the codes
 * of a second factor go, or that one address would open the account (AWS, "Adding MFA to a user pool").
 */
export function mayRecover(pool: UserPool, user: User, kind: ContactAttribute): boolean {
  return isVerified(user.attributes, kind) && !activeFactors(pool, user).includes(factorOf[kind]);
}

const factorOf: Readonly<Record<ContactAttribute, MfaFactor>> = {
  phone_number: "SMS_MFA",
  email: "EMAIL_OTP",
};

/** Whether the user proved to own the address of this kind. */
export function isVerified(attributes: Attributes, attribute: ContactAttribute): boolean {
  return Boolean(attributes[attribute]) && attributes[`${attribute}_verified`] === "true";
}

/** The user's address of this kind, if there is one. */
export function targetOf(
  attributes: Attributes,
  attribute: ContactAttribute,
): CodeTarget | undefined {
  const destination = attributes[attribute];
  return destination ? { attribute, destination } : undefined;
}

/** Whether a code went to what is still the user's address. */
export function isCurrent(attributes: Attributes, { attribute, destination }: CodeTarget): boolean {
  return attributes[attribute] === destination;
}

/** The refusal to call an address verified, or not, where there is none. */
export function nothingToVerify(attribute: ContactAttribute): ServiceError {
  return invalidParameter(
    attribute === "email"
      ? "Email is required to verify/un-verify an email"
      : "Phone Number is required to verify/un-verify a phone number",
  );
}

/** AWS takes any text with an @ between something and something with a dot; we also refuse spaces, commas and controls. */
export function isEmailAddress(text: string): boolean {
  return (
    text.length <= 320 &&
    /^[^\s@,;<>()\\"\p{C}]+@[^\s@,;<>()\\"\p{C}.]+(?:\.[^\s@,;<>()\\"\p{C}.]+)+$/u.test(text)
  );
}

/** E.164: a plus sign and at most fifteen digits. */
export function isPhoneNumber(text: string): boolean {
  return /^\+[1-9][0-9]{1,14}$/.test(text);
}

/** Which contact attribute a text can be, by its form. */
export function contactKind(text: string): ContactAttribute | undefined {
  if (isPhoneNumber(text)) return "phone_number";
  return isEmailAddress(text) ? "email" : undefined;
}

/** A destination as AWS shows it: `t***@e***`, `+*******9934`. */
export function maskDestination(kind: ContactAttribute, destination: string): string {
  if (kind === "phone_number") {
    const digits = destination.slice(1);
    return `+${"*".repeat(Math.max(0, digits.length - 4))}${digits.slice(-4)}`;
  }
  const [local = "", domain = ""] = destination.split("@");
  return `${[...local][0] ?? ""}***@${[...domain][0] ?? ""}***`;
}
