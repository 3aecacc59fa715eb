import { passwordResetRequired, userNotConfirmed } from "../../errors/cognito-idp.ts";
import type { User } from "./user.ts";

/**
 * Refuses a user whose standing is open. Tokens outlive an administrator's reset, which is done where somebody else may
 * hold them: until the password is set anew they must change neither it nor the address that recovers it.
 */
export function requireSettled(user: User): void {
  if (user.status === "UNCONFIRMED") throw userNotConfirmed();
  if (user.status === "RESET_REQUIRED" || user.status === "FORCE_CHANGE_PASSWORD") {
    throw passwordResetRequired();
  }
}
