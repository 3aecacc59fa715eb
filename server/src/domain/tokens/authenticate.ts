/** The caller of a token operation: the holder of an access token that counts, in AWS's words where it does not. */
import {
  accessTokenExpired,
  accessTokenRevoked,
  accessTokenScopeMissing,
  invalidAccessToken,
  userIsDisabled,
  userNotFound,
} from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import type { Call, UserCall } from "../call.ts";
import { findTokenHolder, type TokenFault } from "./holder.ts";
import { userAdminScope } from "./scopes.ts";

const refusals: Record<TokenFault, () => ServiceError> = {
  invalid: invalidAccessToken,
  expired: accessTokenExpired,
  revoked: accessTokenRevoked,
  "disabled user": userIsDisabled,
  "unknown user": userNotFound,
};

/** The call as that of the token's holder; throws AWS's refusal for a token that is false, over, revoked or too narrow. */
export async function authenticate(call: Call, accessToken: string): Promise<UserCall> {
  const holder = await findTokenHolder(call, accessToken, { uses: ["access"] });
  if (typeof holder === "string") throw refusals[holder]();
  if (!holder.claims.scope.split(" ").includes(userAdminScope)) throw accessTokenScopeMissing();
  return { ...call, ...holder };
}
