/** NEW_PASSWORD_REQUIRED: a user whom an administrator made is asked for a password of their own. */
import { readableAttributes } from "../../users/attributes.ts";
import type { User } from "../../users/user.ts";
import { missingNames } from "../missing-names.ts";
import type { SignIn } from "../sign-in.ts";
import type { Asked } from "./ask.ts";

/** Asks a user who proved a temporary password for another, and for what the pool requires and the user lacks. */
export function askNewPassword({ pool, client }: SignIn, user: User): Asked {
  const missing = missingNames(pool, user).map((name) => `userAttributes.${name}`);
  return {
    name: "NEW_PASSWORD_REQUIRED",
    parameters: {
      USER_ID_FOR_SRP: user.username,
      requiredAttributes: JSON.stringify(missing),
      userAttributes: JSON.stringify(readableAttributes(client, user.attributes)),
    },
  };
}
