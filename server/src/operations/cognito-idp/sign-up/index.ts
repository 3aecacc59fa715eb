import { AdminConfirmSignUp } from "./admin-confirm-sign-up.ts";
import { ConfirmSignUp } from "./confirm-sign-up.ts";
import { ResendConfirmationCode } from "./resend-confirmation-code.ts";
import { SignUp } from "./sign-up.ts";

export const signUpOperations = {
  AdminConfirmSignUp,
  ConfirmSignUp,
  ResendConfirmationCode,
  SignUp,
};
