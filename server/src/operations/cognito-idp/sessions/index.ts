/** The sessions of users: who tracks them, which there are, and ending one. */
import { AdminListUserSessions } from "./admin-list-user-sessions.ts";
import { AdminRevokeUserSession } from "./admin-revoke-user-session.ts";
import { GetUserPoolClientSessionConfiguration } from "./get-user-pool-client-session-configuration.ts";
import { GetUserPoolSessionConfiguration } from "./get-user-pool-session-configuration.ts";
import { ListUserSessions } from "./list-user-sessions.ts";
import { RevokeUserSession } from "./revoke-user-session.ts";
import { SetUserPoolClientSessionConfiguration } from "./set-user-pool-client-session-configuration.ts";
import { SetUserPoolSessionConfiguration } from "./set-user-pool-session-configuration.ts";

export const sessionOperations = {
  GetUserPoolSessionConfiguration,
  SetUserPoolSessionConfiguration,
  GetUserPoolClientSessionConfiguration,
  SetUserPoolClientSessionConfiguration,
  ListUserSessions,
  RevokeUserSession,
  AdminListUserSessions,
  AdminRevokeUserSession,
};
