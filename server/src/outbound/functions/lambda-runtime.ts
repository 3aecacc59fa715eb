/** Functions that stay on AWS Lambda: its Invoke action, signed by keys of an account there. */
import {
  type Attempt,
  attemptTimeoutMs,
  type FunctionRuntime,
  maxPayloadBytes,
} from "../../domain/functions/runtime.ts";
import { signAwsRequest } from "../../protocol/sigv4/sign-request.ts";
import { type HttpClient, type HttpResponse, OutboundRefusal } from "../http.ts";
import { errorMessageIn, readAnswer } from "./answer.ts";

export type LambdaRuntimeOptions = {
  readonly http: HttpClient;
  /** AWS's clock, not one that was moved: signatures are good for minutes. */
  nowMs(): number;
  /** Undefined where this server has no keys. */
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  /** Without a slash at its end; that of the function's region when absent. */
  readonly endpoint: string | undefined;
};

const failed = (message: string, again = false): Attempt => ({ kind: "failed", message, again });

/** Makes the runtime; it holds nothing between calls. */
export function createLambdaRuntime(options: LambdaRuntimeOptions): FunctionRuntime {
  const { http, nowMs, keys } = options;
  return {
    async run({ target, event }) {
      if (!keys) return failed("POOLHOUSE_AWS_ACCESS_KEY_ID is not set");
      const region = target.split(":")[3] ?? "";
      const origin = options.endpoint ?? `https://lambda.${region}.amazonaws.com`;
      const path = `/2015-03-31/functions/${encodeURIComponent(target)}/invocations`;
      const url = new URL(path, origin);
      const named = {
        "content-type": "application/json",
        "x-amz-invocation-type": "RequestResponse",
      };
      const request = { url, service: "lambda", headers: named, body: event };
      try {
        const response = await http.send({
          url: url.href,
          method: "POST",
          headers: signAwsRequest({ region, ...keys }, request, nowMs()),
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

function toAttempt({ status, headers, body }: HttpResponse): Attempt {
  if (status !== 200) {
    const code = (headers["x-amzn-errortype"] ?? "").split(":")[0]?.slice(0, 100);
    return failed(`Lambda answered ${status} ${code}`.trim(), status === 429 || status >= 500);
  }
  const answer = readAnswer(body);
  if (headers["x-amz-function-error"] !== undefined) return ofError(answer?.payload);
  return answer
    ? { kind: "returned", payload: answer.payload }
    : failed("it answered what is not JSON");
}

/** A function that threw said no; one that Lambda had to end said nothing. */
function ofError(payload: unknown): Attempt {
  const message = errorMessageIn(payload);
  if (message === undefined) return failed("it failed without a message");
  const { errorType } = payload as { errorType?: unknown };
  return /^(Runtime|Sandbox|Extension)\./.test(String(errorType))
    ? failed(`it failed on Lambda: ${message}`, true)
    : { kind: "refused", message };
}
