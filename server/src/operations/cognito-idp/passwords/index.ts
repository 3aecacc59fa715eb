import { AdminResetUserPassword } from "./admin-reset-user-password.ts";
import { AdminSetUserPassword } from "./admin-set-user-password.ts";
import { ChangePassword } from "./change-password.ts";
import { ConfirmForgotPassword } from "./confirm-forgot-password.ts";
import { ForgotPassword } from "./forgot-password.ts";

export const passwordOperations = {
  AdminResetUserPassword,
  AdminSetUserPassword,
  ChangePassword,
  ConfirmForgotPassword,
  ForgotPassword,
};
