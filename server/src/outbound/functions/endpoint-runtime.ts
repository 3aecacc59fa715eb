/** Functions that are HTTPS endpoints: each call is one signed POST, and nothing is believed that is not JSON. */
import { createHmac } from "node:crypto";
import {
  type Attempt,
  attemptTimeoutMs,
  type FunctionRuntime,
  type Invocation,
  maxPayloadBytes,
} from "../../domain/functions/runtime.ts";
import { parseJson } from "../../lib/json.ts";
import { type HttpClient, type HttpResponse, OutboundRefusal } from "../http.ts";

export type EndpointRuntimeOptions = {
  readonly http: HttpClient;
  /** What the receiver compares its own clock with. */
  nowMs(): number;
};

const failed = (message: string, again = false): Attempt => ({ kind: "failed", message, again });
const maxMessageLength = 4096;

/** Makes the runtime; it holds nothing between calls. */
export function createEndpointRuntime({ http, nowMs }: EndpointRuntimeOptions): FunctionRuntime {
  return {
    async run({ target, event, secret, requestId, name }) {
      if (secret === undefined) return failed("it has no secret to sign with");
      const timestamp = String(Math.floor(nowMs() / 1000));
      try {
        const response = await http.send({
          url: target,
          method: "POST",
          headers: {
            "content-type": "application/json",
            accept: "application/json",
            "x-poolhouse-function": name,
            "x-poolhouse-request-id": requestId,
            "x-poolhouse-timestamp": timestamp,
            "x-poolhouse-signature": `v1=${sign({ secret, timestamp, event })}`,
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

/** The time is signed too, so that a call that somebody overheard is worth nothing later. */
function sign(call: { secret: string; timestamp: string } & Pick<Invocation, "event">): string {
  return createHmac("sha256", call.secret).update(`${call.timestamp}.${call.event}`).digest("hex");
}

function toAttempt({ status, body }: HttpResponse): Attempt {
  const payload = readJson(body);
  const message = errorMessageIn(payload);
  const saidNo = status === 200 || (status >= 400 && status < 500);
  if (message !== undefined && saidNo) return { kind: "refused", message };
  if (status !== 200) return failed(`it answered ${status}`, status >= 500);
  return payload === undefined
    ? failed("it answered what is not JSON")
    : { kind: "returned", payload };
}
