/**
 * Every hosted page with all that it shows, as plain data. `web/src/login` imports these types and nothing else of the
 * server, and renders them to whole documents; what a page says in the user's language stands there.
 */
import type { Field } from "./fields.ts";

/** How the pages of a client look, and in which language they speak. */
export type Look = {
  /** One of the bundle's languages. */
  readonly lang: string;
  /** What the pages call the app. */
  readonly appName: string;
  /** Address of the logo, if the branding has one; `dark` where the dark look has its own. */
  readonly logo?: { readonly light: string; readonly dark?: string };
  readonly favicon?: string;
  /** `auto` follows the browser. */
  readonly colorScheme: "light" | "dark" | "auto";
  /** The branding's own style sheet, which comes after the bundle's. */
  readonly styleSheet?: string;
  /** Below this the bundle's assets are served; no slash at its end. */
  readonly assetsUrl: string;
  /** Where the same page is in another language: the address up to the value of `lang`. */
  readonly languageUrl?: string;
  /** Texts of the customer in place of the bundle's, by their keys. */
  readonly texts?: Readonly<Record<string, string>>;
};

/** Where a form goes, and the token that binds it to the browser: a hidden field `_csrf` in each form. */
export type Form = { readonly action: string; readonly csrf: string };

/** What happened at the last step. `code` names the text; `detail` is shown as it stands, for texts of the pool's functions. */
export type Notice = {
  readonly kind: "error" | "info" | "success";
  readonly code: string;
  readonly detail?: string;
};

export type PasswordRules = {
  readonly minimumLength: number;
  readonly requireUppercase: boolean;
  readonly requireLowercase: boolean;
  readonly requireNumbers: boolean;
  readonly requireSymbols: boolean;
};

/** What users of the pool sign in with. */
export type NameKind = "email" | "phone_number" | "email_or_phone_number" | "username";

export type ProviderButton = {
  /** As the pool names it. */
  readonly name: string;
  readonly label: string;
  readonly kind: "google" | "facebook" | "apple" | "amazon" | "oidc" | "saml";
  readonly url: string;
};

export type FirstFactor = "PASSWORD" | "EMAIL_OTP" | "SMS_OTP" | "WEB_AUTHN";
export type SecondFactor = "SMS_MFA" | "SOFTWARE_TOKEN_MFA" | "EMAIL_OTP";

type SignInPage = {
  readonly name: "sign-in";
  /** Fields `username`, `password` where it is asked at once, `cognitoAsfData`, `signInSubmitButton`. */
  readonly form: Form;
  readonly username: string;
  readonly nameKind: NameKind;
  /** `identifier` asks for the name alone, and then how to go on. */
  readonly asks: "password" | "identifier";
  /** WebAuthn request options as JSON, for the browser's own list of passkeys; posted as `credential` and `passkey`. */
  readonly passkey?: { readonly options: string; readonly handle: string };
  readonly providers: readonly ProviderButton[];
  readonly signUpUrl?: string;
  readonly forgotPasswordUrl?: string;
  /** Somebody is signed in already and may go on as such: the form's field `continue`. */
  readonly signedInAs?: string;
};

type ChooseFactorPage = {
  readonly name: "choose-factor";
  /** Field `answer`. */
  readonly form: Form;
  readonly username: string;
  readonly factors: readonly FirstFactor[];
  readonly startOverUrl: string;
};

type PasswordPage = {
  readonly name: "password";
  /** Field `password`. */
  readonly form: Form;
  readonly username: string;
  readonly forgotPasswordUrl?: string;
  readonly startOverUrl: string;
};

type CodePage = {
  readonly name: "code";
  readonly factor: FirstFactor | SecondFactor;
  /** Field `code`. */
  readonly form: Form;
  /** Masked, where a message carries the code. */
  readonly destination?: string;
  /** Whether a recovery code is taken as well. */
  readonly takesRecoveryCode: boolean;
  readonly startOverUrl: string;
};

type PasskeyPage = {
  readonly name: "passkey";
  /** Field `credential`: the browser's answer as JSON. */
  readonly form: Form;
  /** WebAuthn request options as JSON. */
  readonly options: string;
  readonly startOverUrl: string;
};

type NewPasswordPage = {
  readonly name: "new-password";
  /** Fields `password`, `confirmPassword` and one for each of `fields`. */
  readonly form: Form;
  readonly rules: PasswordRules;
  /** Attributes that the user must give now. */
  readonly fields: readonly Field[];
  readonly username: string;
};

type ChooseMfaPage = {
  readonly name: "choose-mfa";
  /** Whether the chosen one is passed now or set up first. */
  readonly purpose: "pass" | "set-up";
  /** Field `answer`. */
  readonly form: Form;
  readonly factors: readonly SecondFactor[];
  readonly startOverUrl: string;
};

type SetUpAppPage = {
  readonly name: "set-up-app";
  /** Field `code`, `friendlyDeviceName`. */
  readonly form: Form;
  /** Base32. */
  readonly secret: string;
  /** `otpauth://…`, for the QR code. */
  readonly uri: string;
  readonly startOverUrl: string;
};

type SetUpEmailPage = {
  readonly name: "set-up-email";
  /** Field `email`. */
  readonly form: Form;
  readonly startOverUrl: string;
};

type SignUpPage = {
  readonly name: "sign-up";
  /** Fields `username`, `password`, and one for each of `fields`. */
  readonly form: Form;
  readonly nameKind: NameKind;
  readonly username: string;
  /** Whether the account may be made without a password. */
  readonly passwordIsOptional: boolean;
  readonly rules: PasswordRules;
  readonly fields: readonly Field[];
  readonly providers: readonly ProviderButton[];
  readonly signInUrl: string;
  readonly terms: readonly { readonly name: string; readonly url: string }[];
};

type ConfirmPage = {
  readonly name: "confirm";
  /** Where a link was sent there is no code to type. */
  readonly byLink: boolean;
  /** Field `code`, and `username` where it is not known. */
  readonly form: Form;
  readonly username: string;
  readonly destination?: string;
  /** Sends another code; absent where none can be sent. */
  readonly resend?: Form;
  readonly signInUrl: string;
};

type ForgotPasswordPage = {
  readonly name: "forgot-password";
  /** Field `username`. */
  readonly form: Form;
  readonly nameKind: NameKind;
  readonly username: string;
  readonly signInUrl: string;
};

type ResetPasswordPage = {
  readonly name: "reset-password";
  /** Fields `code`, `password`, `confirmPassword`. */
  readonly form: Form;
  readonly username: string;
  readonly destination?: string;
  readonly rules: PasswordRules;
  readonly resend: Form;
  readonly signInUrl: string;
};

type AddPasskeyPage = {
  readonly name: "add-passkey";
  /** Field `credential`: the browser's answer as JSON. */
  readonly form: Form;
  /** WebAuthn creation options as JSON. */
  readonly options: string;
  readonly username: string;
  readonly skipUrl: string;
};

type ConsentPage = {
  readonly name: "consent";
  /** Field `decision`: `allow` or `deny`. */
  readonly form: Form;
  readonly clientName: string;
  /** Where it is for a device: what it must show, so that nobody allows another's (RFC 8628 §5.4). */
  readonly userCode?: string;
  readonly username: string;
  /** Names of scopes; those of resource servers with their descriptions. */
  readonly scopes: readonly { readonly name: string; readonly description?: string }[];
  /** Until when the client can renew what it gets. */
  readonly lifetimeDays: number;
};

type DevicePage = {
  readonly name: "device";
  /** Field `user_code`. */
  readonly form: Form;
  readonly userCode: string;
};

type DeviceDonePage = { readonly name: "device-done"; readonly decision: "allowed" | "denied" };

type LogoutConfirmPage = {
  readonly name: "logout-confirm";
  /** Field `decision`: `sign-out` or `stay`. */
  readonly form: Form;
  readonly username: string;
};

/** Asks whoever followed the link in a message to confirm by a button. */
type ConfirmLinkPage = { readonly name: "confirm-link"; readonly form: Form };

/** What came of the link in a message. */
type ConfirmedPage = { readonly name: "confirmed"; readonly isConfirmed: boolean };

type SignedOutPage = { readonly name: "signed-out"; readonly continueUrl?: string };

/** What went wrong where there is nowhere to send the browser back to. */
type ErrorPage = {
  readonly name: "error";
  /** Names the text. */
  readonly error: string;
  /** Shown as it stands. */
  readonly detail?: string;
  readonly requestId: string;
  readonly startOverUrl?: string;
};

/** Carries the answer to the client: a form that posts itself, with a button where scripts are off. */
type FormPostPage = {
  readonly name: "form-post";
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
};

export type Page =
  | SignInPage
  | ChooseFactorPage
  | PasswordPage
  | CodePage
  | PasskeyPage
  | NewPasswordPage
  | ChooseMfaPage
  | SetUpAppPage
  | SetUpEmailPage
  | SignUpPage
  | ConfirmPage
  | ForgotPasswordPage
  | ResetPasswordPage
  | AddPasskeyPage
  | ConsentPage
  | DevicePage
  | DeviceDonePage
  | LogoutConfirmPage
  | SignedOutPage
  | ConfirmLinkPage
  | ConfirmedPage
  | ErrorPage
  | FormPostPage;

export type PageName = Page["name"];

/** What the built bundle exports. */
export type Render = (page: Page, look: Look, notice?: Notice) => string;
