/** The hosted pages of every pool, below `/<poolId>` and at its domains (AWS, "User pool managed login"). */
import type { FastifyInstance } from "fastify";
import type { Context } from "../domain/context.ts";
import { registerEndpoints } from "../oauth/endpoint.ts";
import { addPasskey, showAddPasskey } from "./add-passkey.ts";
import { registerAssets } from "./assets.ts";
import { authorizeByGet, authorizeByPost } from "./authorize.ts";
import { brandingImage, brandingStyleSheet } from "./branding-routes.ts";
import type { LoginPages } from "./bundle.ts";
import { answerChallengePage, answerMfa, showChallenge, showMfa } from "./challenge.ts";
import { showConfirm, submitConfirm } from "./confirm.ts";
import { confirmByButton, followConfirmLink } from "./confirm-link.ts";
import { decideConsent, showConsent } from "./consent.ts";
import { enterUserCode, showDevice } from "./device.ts";
import { errorPage } from "./error-route.ts";
import { logoutByGet, logoutByPost, signedOut } from "./logout.ts";
import { type PageEndpoint, toEndpoint } from "./page-request.ts";
import {
  showForgotPassword,
  showResetPassword,
  submitForgotPassword,
  submitResetPassword,
} from "./recovery.ts";
import { resendCode } from "./resend-code.ts";
import { showSignIn, signIn } from "./sign-in.ts";
import { showSignUp, submitSignUp } from "./sign-up.ts";

const pages: readonly PageEndpoint[] = [
  authorizeByGet,
  authorizeByPost,
  showSignIn,
  signIn,
  showChallenge,
  answerChallengePage,
  showMfa,
  answerMfa,
  showConsent,
  decideConsent,
  showDevice,
  enterUserCode,
  logoutByGet,
  logoutByPost,
  signedOut,
  showSignUp,
  submitSignUp,
  showConfirm,
  submitConfirm,
  followConfirmLink,
  confirmByButton,
  resendCode,
  showForgotPassword,
  submitForgotPassword,
  showResetPassword,
  submitResetPassword,
  showAddPasskey,
  addPasskey,
  errorPage,
];

/** Serves the pages and the authorization endpoint, which may answer with one. */
export function registerLogin(app: FastifyInstance, context: Context, built: LoginPages): void {
  registerAssets(app, built.assetsDir);
  registerEndpoints(app, context, [brandingStyleSheet, brandingImage]);
  registerEndpoints(
    app,
    context,
    pages.map((page) => toEndpoint(built, page)),
  );
}
