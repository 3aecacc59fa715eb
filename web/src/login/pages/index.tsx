import type { Page } from "../../../../server/src/login/pages.ts";
import type { Say } from "../texts/index.ts";
import * as access from "./access.tsx";
import * as account from "./account.tsx";
import type { Fill, Filled } from "./page.ts";
import * as setUp from "./set-up.tsx";
import { signIn } from "./sign-in.tsx";
import * as ways from "./ways.tsx";

/** One entry a page. */
const pages: { readonly [Name in Page["name"]]: Fill<Name> } = {
  "sign-in": signIn,
  "choose-factor": ways.chooseFactor,
  password: ways.password,
  code: ways.code,
  passkey: ways.passkey,
  "new-password": setUp.newPassword,
  "choose-mfa": ways.chooseMfa,
  "set-up-app": setUp.setUpApp,
  "set-up-email": setUp.setUpEmail,
  "sign-up": account.signUp,
  confirm: account.confirm,
  "forgot-password": account.forgotPassword,
  "reset-password": account.resetPassword,
  "add-passkey": setUp.addPasskey,
  consent: access.consent,
  device: access.device,
  "device-done": access.deviceDone,
  "logout-confirm": access.logoutConfirm,
  "signed-out": access.signedOut,
  "confirm-link": account.confirmLink,
  confirmed: account.confirmed,
  error: access.error,
  "form-post": access.formPost,
};

/** What a page fills the frame with. */
export function pageOf(page: Page, say: Say): Filled {
  // The table has for each name what takes the page of that name.
  const fill = pages[page.name] as (page: Page, say: Say) => Filled;
  return fill(page, say);
}
