/** The page of each challenge. */
import type { AuthorizationRequest } from "../oauth/authorize/request.ts";
import { type ChallengeStep, mfaChoices, offered } from "./advance.ts";
import { fieldsOf } from "./attribute-fields.ts";
import { linkFor, linkToFlow } from "./authorization.ts";
import type { Browser } from "./browser.ts";
import type { Flow } from "./flow.ts";
import type { FirstFactor, Page, SecondFactor } from "./pages.ts";
import type { PageRequest } from "./show.ts";
import { mayRecover, passwordRulesOf } from "./sign-in-page.ts";

type Given = {
  readonly authorization: AuthorizationRequest;
  readonly browser: Browser;
  readonly flow: Flow<ChallengeStep>;
};

/** The page that puts an open challenge to the user. */
export function challengePage(request: PageRequest, given: Given): Page {
  const { authorization, browser, flow } = given;
  const { step } = flow;
  const form = { action: linkToFlow(request, request.path, flow.handle), csrf: browser.csrf };
  const startOverUrl = linkFor(request, "/login", authorization);
  const common = { form, startOverUrl };
  const { username } = step;
  switch (step.name) {
    case "SELECT_CHALLENGE": {
      const factors = offered(step.available) as FirstFactor[];
      return { name: "choose-factor", ...common, username, factors };
    }
    case "PASSWORD":
      return {
        ...{ name: "password", ...common, username },
        ...(mayRecover(authorization.pool)
          ? { forgotPasswordUrl: linkFor(request, "/forgotPassword", authorization) }
          : {}),
      };
    case "EMAIL_OTP":
    case "SMS_OTP":
    case "SMS_MFA":
    case "SOFTWARE_TOKEN_MFA":
      return { ...common, ...codePage(authorization, step, step.name) };
    case "WEB_AUTHN": {
      const options = step.parameters["CREDENTIAL_REQUEST_OPTIONS"] ?? "{}";
      return { name: "passkey", ...common, options };
    }
    case "NEW_PASSWORD_REQUIRED":
      return {
        name: "new-password",
        ...{ form, username, rules: passwordRulesOf(authorization.pool) },
        fields: fieldsOf(authorization.pool, missingIn(step)),
      };
    case "SELECT_MFA_TYPE": {
      const factors = mfaChoices(step) as SecondFactor[];
      return { name: "choose-mfa", ...common, purpose: "pass", factors };
    }
    case "MFA_SETUP":
      return { ...common, ...setUpPage(authorization, step) };
    default:
      throw new Error(`the pages do not ask ${step.name}`);
  }
}

function codePage(
  { pool }: AuthorizationRequest,
  { parameters }: ChallengeStep,
  factor: FirstFactor | SecondFactor,
) {
  const destination = parameters["CODE_DELIVERY_DESTINATION"];
  const isSecond = factor === "SMS_MFA" || factor === "SOFTWARE_TOKEN_MFA";
  return {
    ...({ name: "code", factor } as const),
    takesRecoveryCode: isSecond && pool.extensions.recoveryCodes === "on",
    ...(destination === undefined ? {} : { destination }),
  };
}

function setUpPage({ pool }: AuthorizationRequest, step: ChallengeStep) {
  const secret = step.parameters["SECRET_CODE"];
  const factors = mfaChoices(step) as SecondFactor[];
  if (secret !== undefined) {
    const label = encodeURIComponent(`${pool.name}:${step.username}`);
    const query = new URLSearchParams({ secret, issuer: pool.name });
    return { name: "set-up-app", secret, uri: `otpauth://totp/${label}?${query}` } as const;
  }
  if (factors.join() === "EMAIL_OTP") return { name: "set-up-email" } as const;
  return { name: "choose-mfa", purpose: "set-up", factors } as const;
}

function missingIn({ parameters }: ChallengeStep): string[] {
  // Written by the machine, each with its prefix.
  const names = JSON.parse(parameters["requiredAttributes"] ?? "[]") as string[];
  return names.map((name) => name.replace(/^userAttributes\./, ""));
}
