/** Calling a function by its ARN: whether it may be called, by what it is run, and how often that is tried. */
import type { Vault } from "../../lib/envelope.ts";
import type { Random } from "../../lib/random.ts";
import { findFunction, listFunctionPermissions } from "../../store/functions.ts";
import type { Db } from "../../store/schema.ts";
import type { Log } from "../context.ts";
import { isArnLike, readFunctionArn } from "./arn.ts";
import {
  type FunctionPermission,
  functionFromRow,
  permissionFromRow,
  type RegisteredFunction,
} from "./function.ts";
import type { FunctionOutcome, FunctionRunner } from "./function-runner.ts";
import {
  type FunctionRuntime,
  type FunctionRuntimes,
  type Invocation,
  maxPayloadBytes,
} from "./runtime.ts";

export type RunnerOptions = {
  readonly db: Db;
  readonly vault: Vault;
  readonly random: Random;
  readonly log: Log;
  readonly accountId: string;
  readonly runtimes: FunctionRuntimes;
};

type FunctionCall = Parameters<FunctionRunner["invoke"]>[0];

/** The service for which a pool calls. */
const caller = "cognito-idp.amazonaws.com";
/** AWS, "Customizing user pool workflows with Lambda triggers". */
const maxAttempts = 3;

/** The runner of all functions that are registered. */
export function createFunctionRunner(options: RunnerOptions): FunctionRunner {
  return {
    async invoke(call) {
      try {
        return await invoke(options, call);
      } catch (error) {
        options.log.error({ err: error, arn: call.arn }, "a function could not be called");
        return { kind: "broken", message: "the function could not be looked up" };
      }
    },
  };
}

async function invoke(options: RunnerOptions, call: FunctionCall): Promise<FunctionOutcome> {
  const found = await findCallable(options, call);
  if ("kind" in found) return found;
  const event = JSON.stringify(call.event);
  if (Buffer.byteLength(event) > maxPayloadBytes) {
    return { kind: "broken", message: `the event is larger than ${maxPayloadBytes} bytes` };
  }
  const { region, name, target, handler, environment, secret } = found.callable;
  const invocation: Invocation = {
    arn: call.arn,
    region,
    name,
    target,
    handler,
    environment,
    secret,
    event,
    requestId: options.random.uuid(),
  };
  return await attempt(options.runtimes[found.callable.kind], invocation);
}

async function findCallable(
  { db, vault, accountId }: RunnerOptions,
  { arn, sourceArn }: FunctionCall,
): Promise<FunctionOutcome | { callable: RegisteredFunction }> {
  const key = readFunctionArn(arn, accountId);
  const [, , , region] = sourceArn.split(":");
  const row = key?.region === region && key ? await findFunction(db, key) : undefined;
  if (!key || !row) return { kind: "missing", message: `there is no function ${arn} in ${region}` };
  const permissions = await listFunctionPermissions(db, key);
  if (permissions.some((each) => allows(permissionFromRow(each), sourceArn))) {
    return { callable: functionFromRow(vault, row) };
  }
  const message = `no permission of ${arn} lets ${caller} call it for ${sourceArn}`;
  return { kind: "missing", message };
}

function allows(permission: FunctionPermission, sourceArn: string): boolean {
  const { principal, sourceArn: pattern, sourceAccount } = permission;
  return (
    principal === caller &&
    (pattern === undefined || isArnLike(sourceArn, pattern)) &&
    (sourceAccount === undefined || sourceAccount === sourceArn.split(":")[4])
  );
}

async function attempt(runtime: FunctionRuntime, invocation: Invocation): Promise<FunctionOutcome> {
  let message = "";
  for (let attempts = 1; attempts <= maxAttempts; attempts++) {
    const came = await runtime.run(invocation);
    if (came.kind !== "failed") return came;
    message = came.message;
    if (!came.again) break;
  }
  return { kind: "broken", message };
}
