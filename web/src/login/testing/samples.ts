/** Every page with data such as the server gives it, for tests. */
import type {
  Form,
  Look,
  Page,
  PageName,
  ProviderButton,
} from "../../../../server/src/login/pages.ts";

const form = (path: string): Form => ({ action: `/pool${path}`, csrf: "token-of-this-browser" });

const providers: readonly ProviderButton[] = [
  { name: "Google", label: "Google", kind: "google", url: "/pool/oauth2/authorize?idp=Google" },
  { name: "Facebook", label: "Facebook", kind: "facebook", url: "/pool/oauth2/authorize?idp=f" },
  { name: "SignInWithApple", label: "Apple", kind: "apple", url: "/pool/oauth2/authorize?idp=a" },
  { name: "LoginWithAmazon", label: "Amazon", kind: "amazon", url: "/pool/oauth2/authorize?idp=z" },
  { name: "corp", label: "Example Corp", kind: "saml", url: "/pool/oauth2/authorize?idp=corp" },
];

const rules = {
  minimumLength: 12,
  requireUppercase: true,
  requireLowercase: true,
  requireNumbers: true,
  requireSymbols: true,
};

const username = "jane.doe@example.com";
const destination = "j***@e***";
const startOverUrl = "/pool/login?client_id=app";
const signInUrl = startOverUrl;
const secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/** One of each page. */
export const samples: { readonly [Name in PageName]: Extract<Page, { name: Name }> } = {
  "sign-in": {
    name: "sign-in",
    form: form("/login"),
    username: "",
    nameKind: "email",
    asks: "password",
    providers: providers.slice(0, 2),
    signUpUrl: "/pool/signup?client_id=app",
    forgotPasswordUrl: "/pool/forgotPassword?client_id=app",
  },
  "choose-factor": {
    name: "choose-factor",
    form: form("/challenge"),
    username,
    factors: ["WEB_AUTHN", "PASSWORD", "EMAIL_OTP", "SMS_OTP"],
    startOverUrl,
  },
  password: {
    name: "password",
    form: form("/challenge"),
    username,
    forgotPasswordUrl: "/pool/forgotPassword?client_id=app",
    startOverUrl,
  },
  code: {
    name: "code",
    factor: "EMAIL_OTP",
    form: form("/challenge"),
    destination,
    takesRecoveryCode: false,
    startOverUrl,
  },
  passkey: {
    name: "passkey",
    form: form("/challenge"),
    options: JSON.stringify({ challenge: "AAAA", rpId: "localhost", allowCredentials: [] }),
    startOverUrl,
  },
  "new-password": {
    name: "new-password",
    form: form("/challenge"),
    rules,
    fields: [{ name: "given_name", value: "", required: true, type: "text", maxLength: 2048 }],
    username,
  },
  "choose-mfa": {
    name: "choose-mfa",
    purpose: "set-up",
    form: form("/challenge"),
    factors: ["SOFTWARE_TOKEN_MFA", "SMS_MFA", "EMAIL_OTP"],
    startOverUrl,
  },
  "set-up-app": {
    name: "set-up-app",
    form: form("/challenge"),
    secret,
    uri: `otpauth://totp/Example:${encodeURIComponent(username)}?secret=${secret}&issuer=Example`,
    startOverUrl,
  },
  "set-up-email": { name: "set-up-email", form: form("/challenge"), startOverUrl },
  "sign-up": {
    name: "sign-up",
    form: form("/signup"),
    nameKind: "email_or_phone_number",
    username: "",
    passwordIsOptional: false,
    rules,
    fields: [
      { name: "given_name", value: "", required: true, type: "text" },
      { name: "family_name", value: "", required: true, type: "text" },
      { name: "birthdate", value: "", required: true, type: "date" },
      { name: "phone_number", value: "", required: false, type: "tel" },
      { name: "custom:favourite_colour", value: "", required: false, type: "text", maxLength: 40 },
      { name: "custom:seats", value: "2", required: true, type: "number", min: "1", max: "8" },
    ],
    providers: providers.slice(0, 1),
    signInUrl,
    terms: [
      { name: "terms-of-use", url: "https://example.com/terms" },
      { name: "privacy-policy", url: "https://example.com/privacy" },
    ],
  },
  confirm: {
    name: "confirm",
    byLink: false,
    form: form("/confirm"),
    username,
    destination,
    resend: form("/resend"),
    signInUrl,
  },
  "forgot-password": {
    name: "forgot-password",
    form: form("/forgotPassword"),
    nameKind: "email",
    username: "",
    signInUrl,
  },
  "reset-password": {
    name: "reset-password",
    form: form("/confirmForgotPassword"),
    username,
    destination,
    rules,
    resend: form("/resend"),
    signInUrl,
  },
  "add-passkey": {
    name: "add-passkey",
    form: form("/passkeys/add"),
    options: JSON.stringify({
      rp: { id: "localhost", name: "Example" },
      user: { id: "AAAA", name: username, displayName: username },
      challenge: "AAAA",
      pubKeyCredParams: [{ type: "public-key", alg: -7 }],
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
    }),
    username,
    skipUrl: "/pool/passkeys/skip",
  },
  consent: {
    name: "consent",
    form: form("/consent"),
    clientName: "Photo Printer",
    username,
    scopes: [
      { name: "openid" },
      { name: "email" },
      { name: "profile" },
      { name: "photos/read", description: "See the photos in your albums" },
      { name: "photos/print" },
    ],
    lifetimeDays: 30,
  },
  device: { name: "device", form: form("/device"), userCode: "WDJB-MJHT" },
  "device-done": { name: "device-done", decision: "allowed" },
  "logout-confirm": { name: "logout-confirm", form: form("/logout"), username },
  "signed-out": { name: "signed-out", continueUrl: "/pool/login?client_id=app" },
  "confirm-link": { name: "confirm-link", form: form("/confirmUser") },
  confirmed: { name: "confirmed", isConfirmed: true },
  error: {
    name: "error",
    error: "redirect_mismatch",
    requestId: "0c2f6d1e-7c0e-4a39-9d6c-0f7a1f6f7f11",
    startOverUrl,
  },
  "form-post": {
    name: "form-post",
    action: "https://app.example.com/callback",
    fields: { code: "9a1b2c3d", state: "xyz" },
  },
};

/** The same pages as they are in other cases. */
export const variants = {
  "sign-in by name first": {
    ...samples["sign-in"],
    asks: "identifier",
    nameKind: "phone_number",
    providers,
    passkey: { options: samples.passkey.options, handle: "flow" },
  },
  "sign-in again": { ...samples["sign-in"], signedInAs: username, username, providers: [] },
  "sign-in bare": {
    name: "sign-in",
    form: form("/login"),
    username: "",
    nameKind: "username",
    asks: "password",
    providers: [],
  },
  "code of an app": {
    name: "code",
    factor: "SOFTWARE_TOKEN_MFA",
    form: form("/challenge"),
    takesRecoveryCode: true,
    startOverUrl,
  },
  "choose-mfa to pass": { ...samples["choose-mfa"], purpose: "pass" },
  "sign-up without password": {
    ...samples["sign-up"],
    passwordIsOptional: true,
    providers: [],
    fields: [],
    terms: [],
    nameKind: "username",
  },
  "confirm somebody": {
    name: "confirm",
    byLink: false,
    form: form("/confirm"),
    username: "",
    signInUrl,
  },
  "confirm by link": {
    name: "confirm",
    byLink: true,
    form: form("/confirm"),
    username,
    destination,
    resend: form("/resend"),
    signInUrl,
  },
  "consent to a device": { ...samples.consent, userCode: "WDJB-MJHT" },
  "device-done denied": { name: "device-done", decision: "denied" },
  "not confirmed": { name: "confirmed", isConfirmed: false },
  "error of the server": {
    name: "error",
    error: "server_error",
    detail: "The function PreSignUp took too long.",
    requestId: samples.error.requestId,
  },
} satisfies Readonly<Record<string, Page>>;

/** Every page there is here, by a name for it. */
export const everyPage: readonly (readonly [string, Page])[] = [
  ...Object.entries(samples),
  ...Object.entries(variants),
];

/** A look without a branding. */
export function sampleLook(look: Partial<Look> = {}): Look {
  return {
    lang: "en",
    appName: "Example",
    colorScheme: "auto",
    assetsUrl: "/pool/assets",
    languageUrl: "/pool/login?client_id=app&lang=",
    ...look,
  };
}
