/** The claims of a user that OpenID Connect Core §5.1 names, and the types that it gives them. */
import { expect } from "vitest";

/** Values of the standard claims (OpenID Connect Core §5.1) that have the same type in Cognito. */
export const profileClaims = {
  name: "Ada Lovelace",
  given_name: "Ada",
  family_name: "Lovelace",
  middle_name: "King",
  nickname: "ada",
  preferred_username: "ada.lovelace",
  profile: "https://ada.example.com/",
  picture: "https://ada.example.com/ada.png",
  website: "https://ada.example.com/",
  gender: "female",
  birthdate: "1815-12-10",
  zoneinfo: "Europe/London",
  locale: "en-GB",
};

/** Cognito tells these as texts, in ID tokens too. */
export const furtherAttributes = {
  address: "12 St James's Square, London",
  updated_at: "1700000000",
};
export const furtherClaims = {
  address: { formatted: furtherAttributes.address },
  updated_at: 1_700_000_000,
};

const typeOf: Readonly<Record<string, string>> = {
  email_verified: "boolean",
  phone_number_verified: "boolean",
  updated_at: "number",
  address: "object",
};

/** Claims of a user have the standard's types, in ID tokens too. */
export function expectStandardTypes(claims: Readonly<Record<string, unknown>>): void {
  for (const name of [...Object.keys(profileClaims), ...Object.keys(typeOf), "email"]) {
    if (!(name in claims)) continue;
    expect({ [name]: typeof claims[name] }).toEqual({ [name]: typeOf[name] ?? "string" });
  }
}
