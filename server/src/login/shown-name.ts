import type { User } from "../domain/users/user.ts";

/** How the pages call a user who is signed in. */
export function shownName({ username, attributes }: Pick<User, "username" | "attributes">): string {
  return attributes["email"] ?? username;
}
