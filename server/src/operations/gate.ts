/** What the pipeline asks before and after an operation: who calls, and the row in the trail. */
import { type Call, closeCall, makeCall } from "../domain/call.ts";
import type { Context } from "../domain/context.ts";
import { authenticate } from "../domain/tokens/authenticate.ts";
import { tooManyRequests } from "../errors/cognito-idp.ts";
import { Overloaded } from "../errors/overloaded.ts";
import { ServiceError } from "../errors/service-error.ts";
import type { Gate, WireRequest } from "../protocol/aws-json.ts";
import { type SignerKeys, verifySigner } from "./signer.ts";

/** The gate of our AWS services; administrators prove themselves to `signers`. */
export function makeGate(context: Context, signers: SignerKeys): Gate<Call> {
  return {
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
      return makeCall(context, facts, { principal });
    },
    identify: (call, accessToken) => authenticate(call, accessToken),
    describe(call, requestParameters) {
      call.about.requestParameters = requestParameters;
    },
    close: (call, error) => closeCall(call, error),
    unexpected: (request, error) => unexpected(context, request, error),
  };
}

function unexpected(context: Context, request: WireRequest, error: unknown): ServiceError {
  if (error instanceof Overloaded) return tooManyRequests();
  context.log.error({ requestId: request.requestId, err: error }, "a call failed unexpectedly");
  return new ServiceError("InternalErrorException", "Something went wrong. Try again.", {
    fault: "server",
  });
}
