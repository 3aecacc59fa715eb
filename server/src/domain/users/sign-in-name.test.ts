import { expect, test } from "vitest";
import { poolWith } from "../../testing/pools.ts";
import type { UserPoolSettings } from "../pools/pool.ts";
import { nameNewUser, signInNameOf } from "./sign-in-name.ts";

const sub = "7c9e6679-7425-40de-944b-e07fc1f90ae7";

function name(
  settings: Partial<UserPoolSettings>,
  username: string,
  attributes: Record<string, string> = {},
) {
  return nameNewUser(poolWith(settings), { sub, username, attributes });
}

test("a pool with user names takes the name as it is, be it an e-mail address", () => {
  expect(name({}, "ada@example.com", { name: "Ada" })).toEqual({
    username: "ada@example.com",
    attributes: { name: "Ada" },
  });
});

test("where e-mail is the user name it becomes the attribute, and the sub the user name", () => {
  expect(name({ usernameAttributes: ["email"] }, "ada@example.com")).toEqual({
    username: sub,
    attributes: { email: "ada@example.com" },
  });
});

test("an attribute that is there is kept as it was spelt, if the pool sees one name in both", () => {
  const settings = { usernameAttributes: ["email"], caseSensitive: false } as const;
  const { attributes } = name(settings, "ada@example.com", { email: "Ada@example.com" });
  expect(attributes).toEqual({ email: "Ada@example.com" });
  expect(() =>
    name({ usernameAttributes: ["email"] }, "ada@example.com", { email: "eve@example.com" }),
  ).toThrow("Username and email should be the same.");
});

test.each([
  [["email"], "+15555550100", "Username should be an email."],
  [["phone_number"], "ada@example.com", "Username should be a phone number."],
  [["email", "phone_number"], "ada", "Username should be either an email or a phone number."],
] as const)(
  "a pool whose user names are %j refuses %s",
  (usernameAttributes, username, message) => {
    expect(() => name({ usernameAttributes }, username)).toThrow(message);
  },
);

test("a user name that could be another's alias is refused", () => {
  expect(() => name({ aliasAttributes: ["email"] }, "ada@example.com")).toThrow(
    "Username cannot be of email format, since user pool is configured for email alias.",
  );
  expect(() => name({ aliasAttributes: ["phone_number"] }, "+15555550100")).toThrow(
    "Username cannot be of phone number format, since user pool is configured for phone number alias.",
  );
  expect(name({ aliasAttributes: ["email"] }, "+15555550100").username).toBe("+15555550100");
});

test("messages call a user by the e-mail address or phone number that is the user name", () => {
  const pool = poolWith({ usernameAttributes: ["email", "phone_number"] });
  const attributes = { phone_number: "+15555550100" };
  expect(signInNameOf(pool, { username: sub, attributes })).toBe("+15555550100");
  expect(signInNameOf(poolWith({}), { username: "ada", attributes })).toBe("ada");
});
