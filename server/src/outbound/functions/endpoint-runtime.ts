/** Functions that are HTTPS endpoints: each call is one signed POST, and nothing is believed that is not JSON. */
import {
  type Attempt,
  attemptTimeoutMs,
  type FunctionRuntime,
  maxPayloadBytes,
} from "../../domain/functions/runtime.ts";
import { type HttpClient, type HttpResponse, OutboundRefusal } from "../http.ts";
import { signatureHeaders } from "../webhook-signature.ts";
import { errorMessageIn, readAnswer } from "./answer.ts";

export type EndpointRuntimeOptions = {
  readonly http: HttpClient;
  /** What the receiver compares its own clock with. */
  nowMs(): number;
};

const failed = (message: string, again = false): Attempt => ({ kind: "failed", message, again });

/** Makes the runtime; it holds nothing between calls. */
export function createEndpointRuntime({ http, nowMs }: EndpointRuntimeOptions): FunctionRuntime {
  return {
    async run({ target, event, secret, requestId, name }) {
      if (secret === undefined) return failed("it has no secret to sign with");
      try {
        const response = await http.send({
          url: target,
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: "application/json",
            "x-poolhouse-function": name,
            "x-poolhouse-request-id": requestId,
            ...signatureHeaders({ secret, body: event, nowMs: nowMs() }),
          },
          body: event,
          timeoutMs: attemptTimeoutMs,
          maxResponseBytes: maxPayloadBytes,
        });
        return toAttempt(response);
      } catch (error) {
        const message = error instanceof Error ? error.message : "the call failed";
        return failed(message, !(error instanceof OutboundRefusal));
      }
    },
  };
}

function toAttempt({ status, body }: HttpResponse): Attempt {
  const answer = readAnswer(body);
  const message = answer && errorMessageIn(answer.payload);
  const saidNo = status === 200 || (status >= 400 && status < 500);
  if (message !== undefined && saidNo) return { kind: "refused", message };
  if (status !== 200) return failed(`it answered ${status}`, status >= 500);
  return answer
    ? { kind: "returned", payload: answer.payload }
    : failed("it answered what is not JSON");
}
