/**
 * The machine of sign-in as a table: what each flow begins with, and what answers each challenge.
 *
 *   flow                        begins                      goes on with
 *   USER_PASSWORD_AUTH          password                    NEW_PASSWORD_REQUIRED or tokens
 *   ADMIN_USER_PASSWORD_AUTH    password                    NEW_PASSWORD_REQUIRED or tokens
 *   USER_SRP_AUTH               SRP_A → PASSWORD_VERIFIER   NEW_PASSWORD_REQUIRED or tokens
 *   REFRESH_TOKEN_AUTH          refresh token               tokens
 */
import { flowNotEnabled, invalidParameter } from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import type { Call } from "../call.ts";
import { type AuthFlowName, allowsFlow } from "../clients/client.ts";
import { answerNewPassword } from "./new-password.ts";
import { signInByPassword } from "./password-flow.ts";
import { refreshByFlow } from "./refresh-flow.ts";
import type { ChallengeName, Outcome, Parameters, SignIn } from "./sign-in.ts";
import { answerPasswordVerifier, startSrpFlow } from "./srp-flow.ts";

type Begin = (call: Call, signIn: SignIn, parameters: Parameters) => Promise<Outcome>;
type Answer = (
  call: Call,
  signIn: SignIn,
  given: { session?: string; responses: Parameters },
) => Promise<Outcome>;

const flows: Partial<Record<AuthFlowName, Begin>> = {
  USER_PASSWORD_AUTH: signInByPassword,
  ADMIN_USER_PASSWORD_AUTH: signInByPassword,
  USER_SRP_AUTH: startSrpFlow,
  REFRESH_TOKEN_AUTH: refreshByFlow,
};

const challenges: Record<ChallengeName, Answer> = {
  PASSWORD_VERIFIER: answerPasswordVerifier,
  NEW_PASSWORD_REQUIRED: answerNewPassword,
};

/** AuthFlow as AWS spells it, with its two older names. */
export type RequestedFlow = AuthFlowName | "REFRESH_TOKEN" | "ADMIN_NO_SRP_AUTH";

/** Begins a sign-in by a flow that the client allows. */
export async function beginSignIn(
  call: Call,
  signIn: SignIn,
  given: { flow: RequestedFlow; parameters: Parameters },
): Promise<Outcome> {
  const flow = currentName(given.flow);
  if (flow === "ADMIN_USER_PASSWORD_AUTH" && !signIn.admin) {
    throw invalidParameter("Initiate Auth method not supported.");
  }
  call.about.more["authFlow"] = flow;
  const begin = flows[flow];
  const srpIsOff = flow === "USER_SRP_AUTH" && signIn.pool.extensions.srpVerifiers === "off";
  if (!begin || srpIsOff || !allowsFlow(signIn.client, flow)) throw refusalOf(signIn, flow);
  return begin(call, signIn, given.parameters);
}

/** Answers a challenge of a sign-in under way. */
export async function answerChallenge(
  call: Call,
  signIn: SignIn,
  given: { name: string; session?: string; responses: Parameters },
): Promise<Outcome> {
  call.about.more["challengeName"] = given.name;
  const answer = Object.hasOwn(challenges, given.name)
    ? challenges[given.name as ChallengeName]
    : undefined;
  if (!answer) throw invalidParameter(`${given.name} is not built yet.`);
  return answer(call, signIn, given);
}

function currentName(flow: RequestedFlow): AuthFlowName {
  if (flow === "REFRESH_TOKEN") return "REFRESH_TOKEN_AUTH";
  return flow === "ADMIN_NO_SRP_AUTH" ? "ADMIN_USER_PASSWORD_AUTH" : flow;
}

/** AWS words the same refusal in three ways. */
function refusalOf({ admin }: SignIn, flow: AuthFlowName): ServiceError {
  if (flow === "USER_SRP_AUTH" || flow === "CUSTOM_AUTH") return flowNotEnabled(flow);
  return invalidParameter(
    admin ? "Auth flow not enabled for this client" : `${flow} flow not enabled for this client`,
  );
}
