import type {
  ListUserSessionsCommandInput,
  ListUserSessionsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { requireSettled } from "../../../domain/users/settled.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { listSessions } from "../session-list.ts";
import { PaginationKey, TokenModelType } from "../shapes.ts";

/** Lists where the holder of the token is signed in. */
export const ListUserSessions: CognitoOperation<
  ListUserSessionsCommandInput,
  ListUserSessionsCommandOutput
> = {
  caller: "token",
  readOnly: true,
  input: { AccessToken: required(TokenModelType), NextToken: PaginationKey },
  async handle(call, input) {
    const { pool, user, claims } = call;
    requireSettled(user);
    return await listSessions(call, { pool, user, familyId: claims.origin_jti }, input.NextToken);
  },
};
