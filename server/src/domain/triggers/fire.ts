/** Asking a pool's function: the event that AWS's functions get, and what may come back (AWS, "Customizing user pool workflows with Lambda triggers"). */
import {
  lambdaInvocationFailed,
  unrecognizableLambdaOutput,
  userLambdaValidation,
} from "../../errors/cognito-idp.ts";
import type { ServiceError } from "../../errors/service-error.ts";
import { recordEvent } from "../audit/record.ts";
import { type Call, makeOwnCall } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import type { FunctionOutcome } from "../functions/function-runner.ts";
import {
  type LambdaConfig,
  regionOf,
  type TriggerName,
  type UserPool,
  userPoolArn,
} from "../pools/pool.ts";
import { aliasesOf } from "../users/aliases.ts";
import { contactAttributes } from "../users/contacts.ts";
import type { User } from "../users/user.ts";

export type FirableTrigger =
  | TriggerName
  | "PreTokenGeneration"
  | "CustomEmailSender"
  | "CustomSMSSender";

export type Firing = {
  readonly pool: UserPool;
  /** Absent for operations without a client. */
  readonly client?: Pick<UserPoolClient, "id">;
  readonly trigger: FirableTrigger;
  /** Which of the trigger's occasions it is, such as "PreSignUp_SignUp". */
  readonly source: string;
  /** Of the event's form; "1" when absent. */
  readonly version?: "1" | "2" | "3";
  readonly userName: string;
  readonly request: object;
  /** The empty response that the event carries. */
  readonly response: object;
};

/** The ARN of the function that a pool has for a trigger. */
export function functionOf(config: LambdaConfig, trigger: FirableTrigger): string | undefined {
  const given = config[trigger];
  return typeof given === "string" ? given : given?.arn;
}

/**
 * Asks the function; never inside a transaction. Gives its `response` member, an object in which nothing is checked, or
 * undefined where the pool has no such trigger. Throws UserLambdaValidationException when the function refuses,
 * UnexpectedLambdaException when it is missing or broken, InvalidLambdaResponseException when what it answered is no event.
 */
export async function fireTrigger(
  call: Call,
  firing: Firing,
): Promise<Record<string, unknown> | undefined> {
  const outcome = await invoke(call, firing);
  if (outcome === undefined) return undefined;
  const response = outcome.kind === "returned" ? responseIn(outcome.payload) : undefined;
  if (response === undefined) throw await failed(call, firing, outcome);
  await note(call, firing, { ended: "returned" });
  return response;
}

/** Asks a function of which only the work counts; throws as fireTrigger does, but whatever is answered is right. */
export async function fireForWork(call: Call, firing: Firing): Promise<void> {
  const outcome = await invoke(call, firing);
  if (outcome === undefined) return;
  if (outcome.kind !== "returned") throw await failed(call, firing, outcome);
  await note(call, firing, { ended: "returned" });
}

async function invoke(call: Call, firing: Firing): Promise<FunctionOutcome | undefined> {
  const { pool, trigger } = firing;
  const arn = functionOf(pool.settings.lambdaConfig, trigger);
  if (arn === undefined) return undefined;
  const sourceArn = userPoolArn(pool, call.settings.accountId);
  return await call.functions.invoke({ arn, sourceArn, event: eventOf(firing) });
}

/** Logs and notes what went wrong; answers the error to throw. */
async function failed(call: Call, firing: Firing, outcome: FunctionOutcome): Promise<ServiceError> {
  const { pool, trigger } = firing;
  const error = errorOf(trigger, outcome);
  logFailure(call, { trigger, arn: functionOf(pool.settings.lambdaConfig, trigger), outcome });
  const ended = outcome.kind === "returned" ? "unrecognizable" : outcome.kind;
  await note(call, firing, { ended, error });
  return error;
}

function eventOf(firing: Firing): object {
  const { pool, client, source, version = "1", userName, request, response } = firing;
  return {
    version,
    region: regionOf(pool),
    userPoolId: pool.id,
    userName,
    callerContext: {
      awsSdkVersion: "aws-sdk-unknown-unknown",
      clientId: client?.id ?? "CLIENT_ID_NOT_APPLICABLE",
    },
    triggerSource: source,
    request,
    response,
  };
}

function responseIn(payload: unknown): Record<string, unknown> | undefined {
  return isRecord(payload) && isRecord(payload["response"]) ? payload["response"] : undefined;
}

/** Whether a value is an object with members, as JSON has them. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function errorOf(trigger: FirableTrigger, outcome: FunctionOutcome): ServiceError {
  switch (outcome.kind) {
    case "returned":
      return unrecognizableLambdaOutput();
    case "refused":
      return userLambdaValidation(`${trigger} failed with error ${showable(outcome.message)}.`);
    case "missing":
      // What AWS says of a function that is gone or may not be called; why is for the log alone.
      return lambdaInvocationFailed(trigger, "AccessDeniedException");
    case "broken":
      return lambdaInvocationFailed(trigger, "ServiceException");
  }
}

const showableCharacters = 1024;

/** The function's own words as its users see them: on one line, within bounds, and no control or direction marks. */
function showable(text: string): string {
  const clean = text
    .slice(0, showableCharacters * 2)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ");
  const characters = [...clean];
  return characters.length <= showableCharacters
    ? clean
    : `${characters.slice(0, showableCharacters).join("")}…`;
}

/** What a function says of itself stays out: it may name the user. */
function logFailure(
  call: Call,
  { trigger, arn, outcome }: { trigger: string; arn: string | undefined; outcome: FunctionOutcome },
): void {
  const why = outcome.kind === "missing" || outcome.kind === "broken" ? outcome.message : undefined;
  const { requestId } = call.facts;
  call.log.warn({ requestId, trigger, arn, outcome: outcome.kind, why }, "a trigger failed");
}

/** Leaves word in the row of the call, or in one of its own where that is committed already; never any data. */
async function note(
  call: Call,
  { pool, client, source }: Firing,
  { ended, error }: { ended: string; error?: ServiceError },
): Promise<void> {
  if (!call.trail.written) {
    call.about.more[source] = ended;
    return;
  }
  const own = makeOwnCall(call, {
    service: "cognito-idp",
    operation: "InvokeTrigger",
    requestId: call.facts.requestId,
  });
  own.about.userPoolId = pool.id;
  if (client) own.about.clientId = client.id;
  if (call.about.sub !== undefined) own.about.sub = call.about.sub;
  own.about.more[source] = ended;
  await call.store.transaction((trx) => recordEvent(trx, own, error));
}

/** The user's attributes as events carry them: strings, with `sub`, the status and the addresses that are aliases. */
export function eventAttributes(pool: UserPool, user: User): Record<string, string> {
  const aliases = aliasesOf(pool, user);
  const held = contactAttributes.flatMap((kind): [string, string][] => {
    const value = user.attributes[kind];
    return aliases.has(kind) && value ? [[`cognito:${kind}_alias`, value]] : [];
  });
  return {
    sub: user.id,
    ...Object.fromEntries(held),
    "cognito:user_status": user.status,
    ...user.attributes,
  };
}
