import type {
  RevokeUserSessionCommandInput,
  RevokeUserSessionCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { revokeOtherSession } from "../../../domain/sessions/revoke.ts";
import { requireSettled } from "../../../domain/users/settled.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { RevokeAssociatedSessionsType, SessionIdType, TokenModelType } from "../shapes.ts";

/** Ends another session of the holder of the token, with its tokens. */
export const RevokeUserSession: CognitoOperation<
  RevokeUserSessionCommandInput,
  RevokeUserSessionCommandOutput
> = {
  caller: "token",
  input: {
    AccessToken: required(TokenModelType),
    SessionId: required(SessionIdType),
    RevokeAssociatedSessions: RevokeAssociatedSessionsType,
  },
  async handle(call, input) {
    requireSettled(call.user);
    const linked = input.RevokeAssociatedSessions === "LINKED";
    await revokeOtherSession(call, { sessionId: input.SessionId, linked });
    return {};
  },
};
