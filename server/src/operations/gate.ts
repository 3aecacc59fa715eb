/** What the pipeline asks before and after an operation: who calls, and the row in the trail. */
import { isIP } from "node:net";
import { type Call, closeCall, type Invoke, makeCall, type Principal } from "../domain/call.ts";
import type { Context } from "../domain/context.ts";
import { admitSource, countRefusal } from "../domain/limits/source-limits.ts";
import { makeUserRate } from "../domain/limits/user-rate.ts";
import { authenticate } from "../domain/tokens/authenticate.ts";
import { tooManyRequests } from "../errors/cognito-idp.ts";
import { Overloaded } from "../errors/overloaded.ts";
import { ServiceError } from "../errors/service-error.ts";
import { type Gate, invokeWithin } from "../protocol/aws-json.ts";
import { cognitoIdp } from "./cognito-idp/index.ts";
import { poolhouse } from "./poolhouse/index.ts";
import { type SignerKeys, verifySigner } from "./signer.ts";

/** Members that have one shape in all operations that have them; only signed ones have ContextData. */
type PassedOn = { ClientMetadata?: Record<string, string>; ContextData?: { IpAddress?: string } };

/** The gate of our AWS services; administrators prove themselves to `signers`. */
export function makeGate(context: Context, signers: SignerKeys): Gate<Call> {
  const countUse = makeUserRate();
  const gate: Gate<Call> = {
    async open(request, operation) {
      const facts = {
        service: operation.service,
        operation: operation.name,
        readOnly: operation.readOnly,
        requestId: request.requestId,
        sourceIp: request.sourceIp,
        userAgent: request.userAgent,
      };
      if (operation.caller !== "iam") return makeCall(context, facts);
      const principal = await verifySigner(context, signers, {
        request,
        service: operation.service,
      });
      return signedCall(makeCall(context, facts, { principal }), principal);
    },
    async nest({ facts, principal, fixed }, operation) {
      if (!principal) throw new Error("only a signed call may make another");
      const { service, name, readOnly } = operation;
      const nested = { ...facts, service, operation: name, readOnly };
      const by = { principal, ...(fixed ? { fixed } : {}) };
      return signedCall(makeCall(context, nested, by), principal);
    },
    async identify(call, accessToken) {
      const identified = await authenticate(call, accessToken);
      const key = `${identified.pool.id}/${identified.user.id}`;
      if (context.settings.rateLimits) countUse({ key, nowMs: context.clock.now() });
      return identified;
    },
    describe(call, requestParameters, input: PassedOn) {
      call.about.requestParameters = requestParameters;
      const { ClientMetadata: clientMetadata, ContextData: context } = input;
      if (clientMetadata) call.passedOn.clientMetadata = clientMetadata;
      if (context?.IpAddress && isIP(context.IpAddress)) {
        call.passedOn.userAddress = context.IpAddress;
      }
    },
    admit: (call, input) => admitSource(call, input),
    close: (call) => closeCall(call),
    async refuse(call, error) {
      // Rows would add to the load that is refused; the request log has it.
      if (error.code !== "TooManyRequestsException") await closeCall(call, error);
      return countRefusal(call, error);
    },
    unexpected: ({ requestId }, error) => unexpected(context, requestId, error),
  };

  function signedCall(call: Call, principal: Principal): Call {
    return Object.assign(call, { principal, invoke: invokeAs(call) });
  }

  function invokeAs(call: Call): Invoke {
    return async ({ service, operation: name, input, fixed }) => {
      const { fixed: _others, ...own } = call;
      const caller = fixed ? { ...own, fixed } : own;
      const output = await invokeWithin(services[service], gate, { call: caller, name, input });
      // What an operation answers is an object in AWS's casing.
      return output as Record<string, unknown>;
    };
  }

  return gate;
}

const services = { "cognito-idp": cognitoIdp, poolhouse } as const;

function unexpected(context: Context, requestId: string, error: unknown): ServiceError {
  if (error instanceof Overloaded) return tooManyRequests();
  context.log.error({ requestId, err: error }, "a call failed unexpectedly");
  return new ServiceError("InternalErrorException", "Something went wrong. Try again.", {
    fault: "server",
  });
}
