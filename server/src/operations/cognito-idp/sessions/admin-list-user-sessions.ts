import type {
  AdminListUserSessionsCommandInput,
  AdminListUserSessionsCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { loadPool } from "../../../domain/pools/pool.ts";
import { loadUser } from "../../../domain/users/find.ts";
import { required } from "../../../protocol/checks.ts";
import type { CognitoOperation } from "../operation.ts";
import { listSessions } from "../session-list.ts";
import { PaginationKey, UsernameType, UserPoolIdType } from "../shapes.ts";

/** Lists where a user is signed in. */
export const AdminListUserSessions: CognitoOperation<
  AdminListUserSessionsCommandInput,
  AdminListUserSessionsCommandOutput
> = {
  caller: "iam",
  readOnly: true,
  input: {
    UserPoolId: required(UserPoolIdType),
    Username: required(UsernameType),
    NextToken: PaginationKey,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    const user = await loadUser(call, pool, input.Username);
    return await listSessions(call, { pool, user }, input.NextToken);
  },
};
