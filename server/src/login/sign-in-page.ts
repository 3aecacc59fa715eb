/** What the sign-in page shows of a pool and its client. */
import type { UserPool } from "../domain/pools/pool.ts";
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import { linkFor } from "./authorization.ts";
import type { Browser } from "./browser.ts";
import type { NameKind, Page, PasswordRules } from "./pages.ts";
import type { PasskeyOffer } from "./passkey-offer.ts";
import type { PageRequest } from "./show.ts";

/** The page for a request, with the name that was typed before. */
export function signInPage(
  request: PageRequest,
  authorization: AuthorizationRequest,
  given: {
    browser: Browser;
    username: string;
    signedInAs?: string | undefined;
    passkey?: PasskeyOffer | undefined;
  },
): Page {
  const { settings } = authorization.pool;
  return {
    name: "sign-in",
    form: { action: linkFor(request, "/login", authorization), csrf: given.browser.csrf },
    username: given.username,
    nameKind: nameKindOf(authorization.pool),
    asks: asksByChoice(authorization.pool) ? "identifier" : "password",
    providers: [],
    ...(settings.adminCreateUserOnly
      ? {}
      : { signUpUrl: linkFor(request, "/signup", authorization) }),
    ...(mayRecover(authorization.pool)
      ? { forgotPasswordUrl: linkFor(request, "/forgotPassword", authorization) }
      : {}),
    ...(given.signedInAs === undefined ? {} : { signedInAs: given.signedInAs }),
    ...(given.passkey ? { passkey: given.passkey } : {}),
  };
}

/** Whether users replace a forgotten password by themselves. */
export function mayRecover({ settings }: UserPool): boolean {
  return !settings.accountRecovery?.some(({ name }) => name === "admin_only");
}

/** Whether the name is asked for first, and then how to go on: where a password is not the only way to begin. */
export function asksByChoice({ settings }: UserPool): boolean {
  return settings.allowedFirstAuthFactors.some((factor) => factor !== "PASSWORD");
}

/** What users of the pool sign in with. */
export function nameKindOf({ settings }: UserPool): NameKind {
  const kinds = settings.usernameAttributes ?? [];
  const [only] = kinds;
  if (only === undefined) return "username";
  return kinds.length > 1 ? "email_or_phone_number" : only;
}

/** The pool's rules for passwords, as the pages show them. */
export function passwordRulesOf({ settings }: UserPool): PasswordRules {
  const { minimumLength, requireUppercase, requireLowercase, requireNumbers, requireSymbols } =
    settings.passwordPolicy;
  return { minimumLength, requireUppercase, requireLowercase, requireNumbers, requireSymbols };
}
