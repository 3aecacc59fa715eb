/** The machine of sign-in: what each flow begins with, and what answers each challenge. What comes after is in next-step.ts. */
import { flowNotEnabled, invalidParameter, onlyCustomAuth } from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import type { Call } from "../call.ts";
import { type AuthFlowName, allowsFlow } from "../clients/client.ts";
import { checkSourceAddress } from "../risk/source-address.ts";
import { answerChoice, answerPassword, answerPasswordSrp } from "./answer/choice.ts";
import { answerCode } from "./answer/code.ts";
import { answerCustom } from "./answer/custom.ts";
import { answerDeviceSrp, answerDeviceVerifier } from "./answer/device.ts";
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

type Flow = { readonly begin: Step; readonly takes: string; readonly leadsTo: string };

/** docs/sign-in-flows.md is printed from these tables. */
export const flows: Readonly<Record<AuthFlowName, Flow>> = {
  USER_SRP_AUTH: {
    begin: beginBySrp,
    takes: "USERNAME, SRP_A",
    leadsTo: "PASSWORD_VERIFIER",
  },
  USER_PASSWORD_AUTH: {
    begin: beginByPassword,
    takes: "USERNAME, PASSWORD",
    leadsTo: "what is due after PASSWORD",
  },
  ADMIN_USER_PASSWORD_AUTH: {
    begin: beginByPassword,
    takes: "USERNAME, PASSWORD, by a signed call alone",
    leadsTo: "what is due after PASSWORD",
  },
  USER_AUTH: {
    begin: beginByChoice,
    takes:
      "USERNAME, and PREFERRED_CHALLENGE with its PASSWORD or SRP_A, or the Session of a confirmed sign-up",
    leadsTo: "the preferred challenge, SELECT_CHALLENGE, or what is due after SIGN_UP",
  },
  CUSTOM_AUTH: {
    begin: beginCustom,
    takes: "USERNAME, and CHALLENGE_NAME=SRP_A with SRP_A",
    leadsTo:
      "what the function DefineAuthChallenge says: PASSWORD_VERIFIER, CUSTOM_CHALLENGE, tokens",
  },
  REFRESH_TOKEN_AUTH: {
    begin: refreshByFlow,
    takes: "REFRESH_TOKEN",
    leadsTo: "tokens; nothing is asked again",
  },
};

type Challenge = { readonly answer: Step; readonly takes: string; readonly proves: string };

export const challenges: Readonly<Record<ChallengeName, Challenge>> = {
  SELECT_CHALLENGE: {
    answer: answerChoice,
    takes: "ANSWER, with PASSWORD or SRP_A where it fits",
    proves: "PASSWORD, or asks what was chosen",
  },
  PASSWORD: { answer: answerPassword, takes: "PASSWORD", proves: "PASSWORD" },
  PASSWORD_SRP: { answer: answerPasswordSrp, takes: "SRP_A", proves: "asks PASSWORD_VERIFIER" },
  PASSWORD_VERIFIER: {
    answer: answerPasswordVerifier,
    takes: "PASSWORD_CLAIM_SIGNATURE, PASSWORD_CLAIM_SECRET_BLOCK, TIMESTAMP",
    proves: "PASSWORD",
  },
  NEW_PASSWORD_REQUIRED: {
    answer: answerNewPassword,
    takes: "NEW_PASSWORD, userAttributes.*",
    proves: "NEW_PASSWORD",
  },
  EMAIL_OTP: {
    answer: answerCode("EMAIL_OTP"),
    takes: "EMAIL_OTP_CODE",
    proves: "EMAIL_OTP as the first factor, EMAIL_MFA as the second",
  },
  SMS_OTP: { answer: answerCode("SMS_OTP"), takes: "SMS_OTP_CODE", proves: "SMS_OTP" },
  WEB_AUTHN: {
    answer: answerPasskey,
    takes: "CREDENTIAL",
    proves: "WEB_AUTHN, or WEB_AUTHN_VERIFIED where the authenticator verified its user",
  },
  CUSTOM_CHALLENGE: {
    answer: answerCustom,
    takes: "ANSWER",
    proves: "CUSTOM_CHALLENGE once DefineAuthChallenge says tokens",
  },
  SELECT_MFA_TYPE: {
    answer: answerSelectFactor,
    takes: "ANSWER",
    proves: "asks the factor that was chosen",
  },
  MFA_SETUP: {
    answer: answerMfaSetup,
    takes: "the Session of VerifySoftwareToken, or EMAIL",
    proves: "SOFTWARE_TOKEN_MFA, or asks EMAIL_OTP",
  },
  SMS_MFA: { answer: answerCode("SMS_MFA"), takes: "SMS_MFA_CODE", proves: "SMS_MFA" },
  SOFTWARE_TOKEN_MFA: {
    answer: answerSoftwareToken,
    takes: "SOFTWARE_TOKEN_MFA_CODE",
    proves: "SOFTWARE_TOKEN_MFA",
  },
  DEVICE_SRP_AUTH: {
    answer: answerDeviceSrp,
    takes: "DEVICE_KEY, SRP_A",
    proves: "asks DEVICE_PASSWORD_VERIFIER",
  },
  DEVICE_PASSWORD_VERIFIER: {
    answer: answerDeviceVerifier,
    takes: "DEVICE_KEY, PASSWORD_CLAIM_SIGNATURE, PASSWORD_CLAIM_SECRET_BLOCK, TIMESTAMP",
    proves: "DEVICE",
  },
};

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
  checkSourceAddress(call, signIn);
  const srpIsOff = flow === "USER_SRP_AUTH" && signIn.pool.extensions.srpVerifiers === "off";
  const isAllowed = signIn.byPages || allowsFlow(signIn.client, flow);
  if (srpIsOff || !isAllowed) throw refusalOf(signIn, flow);
  return flows[flow].begin(call, signIn, given);
}

/** Answers a challenge of a sign-in under way. */
export async function answerChallenge(
  call: Call,
  signIn: SignIn,
  given: Given & { name: string },
): Promise<Outcome> {
  call.about.more["challengeName"] = given.name;
  checkSourceAddress(call, signIn);
  if (!isAnswerable(given.name)) throw invalidParameter(`${given.name} is no challenge to answer.`);
  requireUsername(given.parameters);
  return challenges[given.name].answer(call, signIn, given);
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
