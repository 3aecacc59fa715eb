/** Reading what functions answer. */
import { parseJson } from "../../lib/json.ts";

/** No event of AWS's goes half as deep, nor a claim that anybody reads. */
const maxDepth = 64;
const maxMessageLength = 4096;

/** The JSON of an answer, or undefined where it is none. */
export function readAnswer(body: string): { readonly payload: unknown } | undefined {
  try {
    return { payload: parseJson(Buffer.from(body), maxDepth) };
  } catch {
    return undefined;
  }
}

/** The message of a function that threw, as Lambda reports it; undefined where the answer is no such report. */
export function errorMessageIn(payload: unknown): string | undefined {
  if (typeof payload !== "object" || payload === null) return undefined;
  if (!Object.hasOwn(payload, "errorMessage")) return undefined;
  const { errorMessage } = payload as { errorMessage: unknown };
  return String(errorMessage).slice(0, maxMessageLength);
}
