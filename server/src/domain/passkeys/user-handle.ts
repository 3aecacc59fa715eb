import type { User } from "../users/user.ts";

/** What an authenticator keeps to tell the accounts of a site apart: the `sub`, which says nothing of its user. */
export function userHandleOf(user: Pick<User, "id">): string {
  return Buffer.from(user.id).toString("base64url");
}
