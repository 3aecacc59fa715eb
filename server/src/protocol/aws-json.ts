/**
 * AWS JSON 1.1: bytes to a call, an outcome to bytes. The order is AWS's: target, signature, body, constraints, token,
 * then the operation itself.
 */
import { ServiceError } from "../errors/service-error.ts";
import { JsonFault, parseJson } from "../lib/json.ts";
import { type Checked, type Checks, readInput, serializationError, showInput } from "./checks.ts";
import type { Caller, ListedOperation, Service } from "./operation.ts";

/** A request as the listener took it in, its body whole and within the limit. */
export type WireRequest = {
  readonly requestId: string;
  readonly method: string;
  /** Path and query exactly as received, for signatures. */
  readonly rawUrl: string;
  /** Name, value, name, value, … as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly userAgent: string;
};

export type WireAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What the pipeline needs from the rooms behind it; `Call` is the context that handlers get. */
export type Gate<Call> = {
  /** The context of a call; for `iam` only after the signature is verified, else it throws the refusal. */
  open(
    request: WireRequest,
    operation: { service: string; name: string; caller: Caller; readOnly: boolean },
  ): Promise<Call>;
  /** The same call as the holder of this access token, or the refusal. */
  identify(call: Call, accessToken: string): Promise<Call>;
  /** What the trail may show of the input; known before the handler runs. */
  describe(call: Call, requestParameters: Record<string, unknown>): void;
  /** The end of a call that got past its constraints: an audit row where one is due and not yet written. */
  close(call: Call, error?: ServiceError): Promise<void>;
  /** An error that is nobody's intention. Answers what the client may know of it. */
  unexpected(request: WireRequest, error: unknown): ServiceError;
};

const MAX_DEPTH = 16;
export const contentType = "application/x-amz-json-1.1";

/** Answers one AWS JSON request; `target` is X-Amz-Target as received. */
export async function answerAwsJson<Call>(
  service: Service,
  gate: Gate<Call>,
  request: WireRequest & { target: string },
): Promise<WireAnswer> {
  try {
    const name = request.target.slice(service.targetPrefix.length + 1);
    const output = await invoke(find(service, name), gate, { request, service, name });
    return {
      status: 200,
      headers: { "content-type": contentType, "x-amzn-requestid": request.requestId },
      body: JSON.stringify(output, datesInSeconds),
    };
  } catch (error) {
    return answerError(
      request,
      error instanceof ServiceError ? error : gate.unexpected(request, error),
    );
  }
}

function find(service: Service, name: string): ListedOperation {
  if (Object.hasOwn(service.operations, name)) return service.operations[name] as ListedOperation;
  const reason = Object.hasOwn(service.unsupported, name) ? service.unsupported[name] : undefined;
  throw new ServiceError(
    "UnknownOperationException",
    reason === undefined ? "" : `${name} is not available here: ${reason}`,
  );
}

async function invoke<Call>(
  operation: ListedOperation,
  gate: Gate<Call>,
  about: { request: WireRequest; service: Service; name: string },
): Promise<unknown> {
  const call = await gate.open(about.request, {
    service: about.service.signingName,
    name: about.name,
    caller: operation.caller,
    readOnly: operation.readOnly === true,
  });
  // The table forgot the types; the operation's own file tied its checks to its handler's input.
  const checks = operation.input as Checks<object>;
  const input = readInput(checks, readBody(about.request.body));
  gate.describe(call, showInput(checks, input));
  return run(operation, gate, { call, input });
}

async function run<Call>(
  operation: ListedOperation,
  gate: Gate<Call>,
  given: { call: Call; input: Checked<object> },
): Promise<unknown> {
  let call = given.call;
  try {
    if (operation.caller === "token") {
      const { AccessToken } = given.input as { AccessToken?: string };
      if (AccessToken === undefined) throw new Error("a token operation must require AccessToken");
      call = await gate.identify(call, AccessToken);
    }
    const output = await operation.handle(call as never, given.input as never);
    await gate.close(call);
    return output ?? {};
  } catch (error) {
    if (error instanceof ServiceError) await gate.close(call, error);
    throw error;
  }
}

function readBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return parseJson(body, MAX_DEPTH);
  } catch (error) {
    if (error instanceof JsonFault) throw serializationError("");
    throw error;
  }
}

/** AWS JSON has times as epoch seconds with a millisecond fraction. JSON.stringify hands over dates already as text. */
function datesInSeconds(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}

/** Cognito answers 400 for every client fault, whatever status the model names. */
export function answerError(request: { requestId: string }, error: ServiceError): WireAnswer {
  return {
    status: error.fault === "client" ? 400 : 500,
    headers: {
      "content-type": contentType,
      "x-amzn-requestid": request.requestId,
      "x-amzn-errortype": `${error.code}:`,
      ...(error.message === "" ? {} : { "x-amzn-errormessage": headerText(error.message) }),
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}

/** A header takes one line of Latin-1: nothing of a message may end it early. */
function headerText(message: string): string {
  return message.replace(/[^\x20-\x7e]/g, "?").slice(0, 1024);
}
