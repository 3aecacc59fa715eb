/** The machine of sign-in: what each flow begins with, and what answers each challenge. What comes after is in next-step.ts. */
import {
  flowNotEnabled,
  invalidParameter,
  invalidSession,
  onlyCustomAuth,
} from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import type { Call } from "../call.ts";
import { type AuthFlowName, allowsFlow } from "../clients/client.ts";
import { answerChoice, answerPassword, answerPasswordSrp } from "./answer/choice.ts";
import { answerCode } from "./answer/code.ts";
import { answerCustom } from "./answer/custom.ts";
import { answerMfaSetup } from "./answer/mfa-setup.ts";
import { answerNewPassword } from "./answer/new-password.ts";
import { answerPasskey } from "./answer/passkey.ts";
import { answerPasswordVerifier } from "./answer/password-verifier.ts";
import { answerSelectFactor } from "./answer/select-factor.ts";
import { answerSoftwareToken } from "./answer/software-token.ts";
import { beginByChoice } from "./begin/choice.ts";
import { beginCustom } from "./begin/custom.ts";
import { beginByPassword } from "./begin/password.ts";
import { refreshByFlow } from "./begin/refresh.ts";
import { beginBySrp } from "./begin/srp.ts";
import {
  type ChallengeName,
  type Given,
  type Outcome,
  requireUsername,
  type SignIn,
} from "./sign-in.ts";

type Step = (call: Call, signIn: SignIn, given: Given) => Promise<Outcome>;

const flows: Record<AuthFlowName, Step> = {
  USER_SRP_AUTH: beginBySrp,
  USER_PASSWORD_AUTH: beginByPassword,
  ADMIN_USER_PASSWORD_AUTH: beginByPassword,
  USER_AUTH: beginByChoice,
  CUSTOM_AUTH: beginCustom,
  REFRESH_TOKEN_AUTH: refreshByFlow,
};

const challenges: Record<ChallengeName, Step> = {
  SELECT_CHALLENGE: answerChoice,
  PASSWORD: answerPassword,
  PASSWORD_SRP: answerPasswordSrp,
  PASSWORD_VERIFIER: answerPasswordVerifier,
  NEW_PASSWORD_REQUIRED: answerNewPassword,
  EMAIL_OTP: answerCode("EMAIL_OTP"),
  SMS_OTP: answerCode("SMS_OTP"),
  WEB_AUTHN: answerPasskey,
  CUSTOM_CHALLENGE: answerCustom,
  SELECT_MFA_TYPE: answerSelectFactor,
  MFA_SETUP: answerMfaSetup,
  SMS_MFA: answerCode("SMS_MFA"),
  SOFTWARE_TOKEN_MFA: answerSoftwareToken,
  DEVICE_SRP_AUTH: noSuchChallenge,
  DEVICE_PASSWORD_VERIFIER: noSuchChallenge,
};

async function noSuchChallenge(): Promise<Outcome> {
  throw invalidSession();
}

/** AuthFlow as AWS spells it, with its two older names. */
export type RequestedFlow = AuthFlowName | "REFRESH_TOKEN" | "ADMIN_NO_SRP_AUTH";

/** Begins a sign-in by a flow that the client allows. */
export async function beginSignIn(
  call: Call,
  signIn: SignIn,
  given: Given & { flow: RequestedFlow },
): Promise<Outcome> {
  const flow = currentName(given.flow);
  if (flow === "ADMIN_USER_PASSWORD_AUTH" && !signIn.admin) {
    throw invalidParameter("Initiate Auth method not supported.");
  }
  call.about.more["authFlow"] = flow;
  const srpIsOff = flow === "USER_SRP_AUTH" && signIn.pool.extensions.srpVerifiers === "off";
  if (srpIsOff || !allowsFlow(signIn.client, flow)) throw refusalOf(signIn, flow);
  return flows[flow](call, signIn, given);
}

/** Answers a challenge of a sign-in under way. */
export async function answerChallenge(
  call: Call,
  signIn: SignIn,
  given: Given & { name: string },
): Promise<Outcome> {
  call.about.more["challengeName"] = given.name;
  if (!isAnswerable(given.name)) throw invalidParameter(`${given.name} is no challenge to answer.`);
  requireUsername(given.parameters);
  return challenges[given.name](call, signIn, given);
}

function isAnswerable(name: string): name is ChallengeName {
  return Object.hasOwn(challenges, name);
}

function currentName(flow: RequestedFlow): AuthFlowName {
  if (flow === "REFRESH_TOKEN") return "REFRESH_TOKEN_AUTH";
  return flow === "ADMIN_NO_SRP_AUTH" ? "ADMIN_USER_PASSWORD_AUTH" : flow;
}

/** AWS words the same refusal in four ways. */
function refusalOf({ admin, client }: SignIn, flow: AuthFlowName): ServiceError {
  if (client.settings.explicitAuthFlows?.includes("CUSTOM_AUTH_FLOW_ONLY")) return onlyCustomAuth();
  if (flow === "USER_SRP_AUTH" || flow === "CUSTOM_AUTH") return flowNotEnabled(flow);
  return invalidParameter(
    admin ? "Auth flow not enabled for this client" : `${flow} flow not enabled for this client`,
  );
}
