/**
 * What one address may do without proving anybody: guess, sign up and have messages sent. Counted in the database, so it
 * is one budget for all pools, operations and nodes. The numbers leave room for an office behind one address.
 */
import { tooManyRequests } from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { countUp, readCount } from "../../store/counters.ts";
import type { Call } from "../call.ts";
import { sourceOf } from "./source.ts";

const minuteMs = 60_000;

const budgets = {
  /** Refused sign-ins, wrong codes of sign-ups and forgotten passwords, and wrong secrets of clients. */
  failures: { limit: 100, windowMs: 15 * minuteMs },
  "sign-ups": { limit: 100, windowMs: 60 * minuteMs },
  /** Codes asked for without a token, by name or at a sign-in, sent or not. */
  messages: { limit: 300, windowMs: 60 * minuteMs },
  /** Codes that are to be shown by devices. */
  devices: { limit: 1000, windowMs: 60 * minuteMs },
  /** Requests that are pushed without a secret: one for each sign-in. */
  pushes: { limit: 1000, windowMs: 60 * minuteMs },
} as const;

type Budget = keyof typeof budgets;

/** What is counted by being asked for. A name that nobody has counts as well: the limit must not tell who is there. */
const counted: Readonly<Record<string, Budget>> = {
  SignUp: "sign-ups",
  ForgotPassword: "messages",
  ResendConfirmationCode: "messages",
  // The same on the hosted pages.
  Signup_POST: "sign-ups",
  ForgotPassword_POST: "messages",
  ResendCode_POST: "messages",
  DeviceAuthorization_POST: "devices",
};

/** What can be guessed at. Only refusals count, so that a good sign-in costs one look and no write. */
const guessable: ReadonlySet<string> = new Set([
  "InitiateAuth",
  "RespondToAuthChallenge",
  "ConfirmSignUp",
  "ConfirmForgotPassword",
  "VerifySoftwareToken",
  "GetClientToken",
  "Login_POST",
  "Challenge_POST",
  "Mfa_POST",
  "Confirm_POST",
  "Confirm_With_Link_GET",
  "Confirm_With_Link_POST",
  "ConfirmForgotPassword_POST",
  "Device_POST",
]);

const wrongGuesses: ReadonlySet<string> = new Set([
  "NotAuthorizedException",
  "UserNotFoundException",
  "CodeMismatchException",
  "ExpiredCodeException",
  // A code of an app that is being set up, and a password that another directory's function refuses.
  "EnableSoftwareTokenMFAException",
  "UserLambdaValidationException",
  "wrong-user-code",
]);

/** Nobody guesses a refresh token, and apps come with old ones. */
const refreshFlows: ReadonlySet<unknown> = new Set(["REFRESH_TOKEN_AUTH", "REFRESH_TOKEN"]);

/** Refuses a public call whose source has used up its budget, before anything is looked at; counts what counts by itself. */
export async function admitSource(call: Call, input: object): Promise<void> {
  const { operation } = call.facts;
  const budget = Object.hasOwn(counted, operation) ? counted[operation] : undefined;
  if (budget) await countSource(call, budget);
  const isRefresh = "AuthFlow" in input && refreshFlows.has(input.AuthFlow);
  if (guessable.has(operation) && !isRefresh) await admitGuess(call);
}

/** Refuses whoever shows something that can be guessed, from a source that has guessed wrong too often. */
export async function admitGuess(call: Call): Promise<void> {
  const name = counterOf(call, "failures");
  if (name === undefined) return;
  const count = await readCount(call.db, { name, nowMs: call.clock.now() });
  if (count >= budgets.failures.limit) throw tooManyRequests();
}

/** Counts a message that is asked for in the course of a sign-in, whether or not there is somebody to get it. */
export async function countMessage(call: Call): Promise<void> {
  await countSource(call, "messages");
}

/** Counts a request that a client without a secret pushes. */
export async function countPush(call: Call): Promise<void> {
  await countSource(call, "pushes");
}

/** Counts a wrong guess and answers what is told of it: of many at once no more are told than were counted. */
export async function countRefusal(call: Call, refusal: ServiceError): Promise<ServiceError> {
  const { facts, about } = call;
  const isGuess = guessable.has(facts.operation) && wrongGuesses.has(refusal.code);
  return isGuess && !refreshFlows.has(about.more["authFlow"]) ? countGuess(call, refusal) : refusal;
}

/** Counts a wrong guess of whatever was shown, and answers what is told of it. */
export async function countGuess(call: Call, refusal: ServiceError): Promise<ServiceError> {
  return (await takes(call, "failures")) ? refusal : tooManyRequests();
}

async function countSource(call: Call, budget: Budget): Promise<void> {
  if (!(await takes(call, budget))) throw tooManyRequests();
}

async function takes(call: Call, budget: Budget): Promise<boolean> {
  const name = counterOf(call, budget);
  if (name === undefined) return true;
  const nowMs = call.clock.now();
  const { limit } = budgets[budget];
  const { allowed, count } = await countUp(call.db, { name, nowMs, ...budgets[budget] });
  if (allowed && count === limit) {
    call.log.warn({ counter: name, limit }, "an address has used up what it may do for a while");
  }
  return allowed;
}

/** Undefined where nothing is counted: for an administrator, who signs, and for this machine itself. */
function counterOf({ principal, facts, settings }: Call, budget: Budget): string | undefined {
  const source = principal || !settings.rateLimits ? undefined : sourceOf(facts.sourceIp);
  return source && `source/${budget}/${source}`;
}
