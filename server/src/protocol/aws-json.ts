/**
 * AWS JSON 1.1: bytes to a call, an outcome to bytes. The order is AWS's: target, signature, body, constraints, token,
 * then the operation itself.
 */
import { ServiceError } from "../errors/service-error.ts";
import { JsonFault, parseJson } from "../lib/json.ts";
import { type Checked, type Checks, readInput, showInput } from "./checks.ts";
import { serializationError } from "./faults.ts";
import type { Caller, ListedOperation, Service } from "./operation.ts";
import type { WireAnswer, WireRequest } from "./wire.ts";

/** What a call is opened for. */
export type CalledOperation = {
  readonly service: string;
  readonly name: string;
  readonly caller: Caller;
  readonly readOnly: boolean;
};

/** Every call has these facts; the rest of it is the business of the rooms behind the gate. */
export type OpenedCall = { readonly facts: { readonly requestId: string } };

/** What the pipeline needs from the rooms behind it; `Call` is the context that handlers get. */
export type Gate<Call extends OpenedCall> = {
  /** The context of a call; for `iam` only after the signature is verified, else it throws the refusal. */
  open(request: WireRequest, operation: CalledOperation): Promise<Call>;
  /** A call of its own for an operation that another call makes, by the same principal, or the refusal. */
  nest(call: Call, operation: CalledOperation): Promise<Call>;
  /** The same call as the holder of this access token, or the refusal. */
  identify(call: Call, accessToken: string): Promise<Call>;
  /** What the trail may show of the input, and the checked input itself; known before the handler runs. */
  describe(call: Call, requestParameters: Record<string, unknown>, input: object): void;
  /** Throws the refusal of a public call whose source has asked too often. */
  admit(call: Call, input: object): Promise<void>;
  /** The good end of a call: an audit row where one is due and not yet written. */
  close(call: Call): Promise<void>;
  /** The refusal of a call, its row written where one is due. Answers what the client is told. */
  refuse(call: Call, error: ServiceError): Promise<ServiceError>;
  /** An error that is nobody's intention. Answers what the client may know of it. */
  unexpected(about: { readonly requestId: string }, error: unknown): ServiceError;
};

const MAX_DEPTH = 16;
const contentType = "application/x-amz-json-1.1";

type Found = { readonly operation: ListedOperation; readonly called: CalledOperation };

/** Answers one AWS JSON request for whichever service its `target`, X-Amz-Target as received, names. */
export async function answerAwsJson<Call extends OpenedCall>(
  services: readonly Service[],
  gate: Gate<Call>,
  request: WireRequest & { readonly target: string },
): Promise<WireAnswer> {
  try {
    const found = findByTarget(services, request);
    const call = await gate.open(request, found.called);
    const output = await perform(found, gate, { call, value: () => parseBody(request.body) });
    return {
      status: 200,
      headers: { "content-type": contentType, "x-amzn-requestid": request.requestId },
      body: JSON.stringify(output, datesInSeconds),
    };
  } catch (error) {
    const refusal = error instanceof ServiceError ? error : gate.unexpected(request, error);
    return answerError(request.requestId, refusal);
  }
}

/**
 * Runs an operation that another call makes for its principal, as CloudFormation calls the API for whoever deploys: the
 * same checks, a row of its own in the trail. Answers the output in AWS's casing or throws the refusal.
 */
export async function invokeWithin<Call extends OpenedCall>(
  service: Service,
  gate: Gate<Call>,
  given: { call: Call; name: string; input: object },
): Promise<unknown> {
  const found = find(service, given.name);
  const call = await gate.nest(given.call, found.called);
  return perform(found, gate, { call, value: () => given.input });
}

function findByTarget(services: readonly Service[], request: WireRequest & { target: string }) {
  const { target, method } = request;
  const service = services.find((each) => target.startsWith(`${each.targetPrefix}.`));
  if (!service || method !== "POST") throw unknownOperation();
  return find(service, target.slice(service.targetPrefix.length + 1));
}

function find(service: Service, name: string): Found {
  if (!Object.hasOwn(service.operations, name)) throw unknownOperation(service, name);
  const operation = service.operations[name] as ListedOperation;
  const { caller, readOnly = false } = operation;
  return { operation, called: { service: service.signingName, name, caller, readOnly } };
}

/** AWS answers the code alone; what is missing here and why is worth a word. */
function unknownOperation(service?: Service, name = ""): ServiceError {
  const known = service && Object.hasOwn(service.unsupported, name);
  const message = known ? `${name} is not available here: ${service.unsupported[name]}` : "";
  return new ServiceError("UnknownOperationException", message);
}

/**
 * A row in the trail is disk space, so a stranger gets none for garbage: a refused signature, and a malformed request
 * that nobody signed, show in the request log alone. Whatever a signer or a well-formed request is refused leaves its row.
 */
async function perform<Call extends OpenedCall>(
  { operation, called }: Found,
  gate: Gate<Call>,
  given: { call: Call; value: () => unknown },
): Promise<unknown> {
  let { call } = given;
  // The table forgot the types; the operation's own file tied its checks to its handler's input.
  const checks = operation.input as Checks<object>;
  const read = (): Checked<object> => {
    const input = readInput(checks, given.value());
    gate.describe(call, showInput(checks, input), input);
    return input;
  };
  const unsigned = called.caller === "iam" ? undefined : read();
  let output: unknown;
  try {
    const input = unsigned ?? read();
    if (called.caller === "public") await gate.admit(call, input);
    if (called.caller === "token") call = await gate.identify(call, accessTokenOf(input));
    output = await operation.handle(call as never, input as never);
  } catch (error) {
    throw await refused(gate, call, error);
  }
  await gate.close(call);
  return output ?? {};
}

/** The refusal of a call, its row written. A call shed under load has none: rows would add to the load. */
async function refused<Call extends OpenedCall>(
  gate: Gate<Call>,
  call: Call,
  error: unknown,
): Promise<ServiceError> {
  if (error instanceof ServiceError) return gate.refuse(call, error);
  const refusal = gate.unexpected(call.facts, error);
  return refusal.fault === "server" ? gate.refuse(call, refusal) : refusal;
}

function accessTokenOf(input: { AccessToken?: string }): string {
  if (input.AccessToken === undefined) {
    throw new Error("a token operation must require AccessToken");
  }
  return input.AccessToken;
}

function parseBody(body: Buffer): unknown {
  try {
    return parseJson(body, MAX_DEPTH);
  } catch (error) {
    if (error instanceof JsonFault) throw serializationError();
    throw error;
  }
}

/** AWS JSON has times as epoch seconds with a millisecond fraction. JSON.stringify hands over dates already as text. */
function datesInSeconds(this: unknown, key: string, value: unknown): unknown {
  const original = (this as Record<string, unknown>)[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}

/** An error as AWS JSON renders it. Cognito answers 400 for every client fault, whatever status the model names. */
export function answerError(
  requestId: string,
  error: ServiceError,
  status = error.fault === "client" ? 400 : 500,
): WireAnswer {
  return {
    status,
    headers: {
      "content-type": contentType,
      "x-amzn-requestid": requestId,
      "x-amzn-errortype": `${error.code}:`,
      "x-amzn-errormessage": headerText(error.message),
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}

/** A header takes one line of Latin-1: nothing of a message may end it early. */
function headerText(message: string): string {
  return message.replace(/[^\x20-\x7e]/g, "?").slice(0, 1024);
}
