/** Poolhouse's own operations, which no SDK knows. */
import { sign } from "./sign.ts";

type Target = {
  readonly url: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** Calls one as root; the caller's process trusts the server (harness/trust.ts). */
export async function operate<Output>(
  { url, keys }: Target,
  operation: string,
  input: object,
): Promise<Output> {
  const body = JSON.stringify(input);
  const { host } = new URL(url);
  const target = `PoolhouseService.${operation}`;
  const headers = sign({ host, target, service: "poolhouse", keys, body });
  const answer = await fetch(`${url}/`, { method: "POST", headers, body });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`${operation} answered ${answer.status}: ${text}`);
  // The caller knows the operation that it calls.
  return JSON.parse(text) as Output;
}
