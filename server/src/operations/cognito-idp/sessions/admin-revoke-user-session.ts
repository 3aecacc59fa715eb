import type {
  AdminRevokeUserSessionCommandInput,
  AdminRevokeUserSessionCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { revokeSessionOf } from "../../../domain/sessions/revoke.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import {
  RevokeAssociatedSessionsType,
  SessionIdType,
  UsernameType,
  UserPoolIdType,
} from "../shapes.ts";

/** Ends a session of a user, with its tokens. */
export const AdminRevokeUserSession: CognitoOperation<
  AdminRevokeUserSessionCommandInput,
  AdminRevokeUserSessionCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    SessionId: required(SessionIdType),
    RevokeAssociatedSessions: RevokeAssociatedSessionsType,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    const linked = input.RevokeAssociatedSessions === "LINKED";
    await revokeSessionOf(call, { pool, user, sessionId: input.SessionId, linked });
    return {};
  },
};
