/** Calls a running server's operations as an administrator: AWS JSON 1.1, signed with Signature Version 4. */
import { readFileSync } from "node:fs";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { getCACertificates } from "node:tls";
import { readCredentials } from "../app/credentials.ts";
import { readClientConfig, type ServerAccess } from "../config.ts";
import { readRefusal } from "../protocol/read-refusal.ts";
import { type SignedCall, signRequest, type Target } from "../protocol/sigv4/sign-request.ts";
import { CommandError } from "./command-error.ts";

/** Making a large stack takes its time. */
const ANSWER_WITHIN_MS = 60_000;
const MAX_ANSWER_BYTES = 16_000_000;

/**
 * Calls one operation, such as `PoolhouseService.ApplyStack`, of the server that the environment or the data directory
 * names; a refusal is a CommandError in the server's own words.
 */
export async function callOperation<Output>(target: Target, input: object): Promise<Output> {
  const access = await findAccess();
  const call = { target, body: JSON.stringify(input), nowMs: Date.now() };
  const answer = await send(access, signRequest(access, call));
  // The caller names the type of an operation of this program's own version.
  if (answer.status === 200) return JSON.parse(answer.body) as Output;
  throw new CommandError(refusalOf(access, answer));
}

async function findAccess(): Promise<ServerAccess> {
  const { dataDir, access } = readClientConfig();
  const found = access ?? (await readCredentials(dataDir));
  if (found) return found;
  throw new CommandError(
    `no server is known here: there is no credentials.env in ${dataDir}, so start poolhouse dev, or set POOLHOUSE_DATA_DIR, or POOLHOUSE_PUBLIC_URL with the root keys`,
  );
}

type Answer = { readonly status: number; readonly body: string };

function send(access: ServerAccess, { url, headers, body }: SignedCall): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const options = { method: "POST", headers, timeout: ANSWER_WITHIN_MS, agent: false as const };
  const request =
    url.protocol === "http:"
      ? requestHttp(url, options)
      : requestHttps(url, { ...options, ca: authorities(access) });
  request.on("timeout", () => request.destroy(new Error("it did not answer in time")));
  request.on("error", (error) => reject(explain(access, error)));
  request.on("response", (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("error", (error) => reject(explain(access, error)));
    response.on("data", (chunk: string) => {
      text += chunk;
      if (text.length > MAX_ANSWER_BYTES) request.destroy(new Error("its answer is too long"));
    });
    response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
  });
  request.end(body);
  return promise;
}

/** Those that this process trusts anyway, and the server's own. */
function authorities({ caFile }: ServerAccess): string[] {
  if (!caFile) return getCACertificates("default");
  try {
    return [...getCACertificates("default"), readFileSync(caFile, "utf8")];
  } catch {
    // Of a server elsewhere there need not be one; where it is missed, the error of the connection says so.
    return getCACertificates("default");
  }
}

const untrusted = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_CERT)/;

function explain({ url }: ServerAccess, error: Error): CommandError {
  const code = "code" in error ? String(error.code) : "";
  if (code === "ECONNREFUSED" || code === "ENOTFOUND") {
    return new CommandError(
      `no server answers at ${url} (${code}): is it running, and is this its URL?`,
    );
  }
  if (untrusted.test(code)) {
    return new CommandError(
      `the certificate of ${url} is not trusted (${code}): name its authority with NODE_EXTRA_CA_CERTS`,
    );
  }
  return new CommandError(`${url} could not be asked: ${error.message || code}`);
}

function refusalOf({ url, accessKeyId }: ServerAccess, { status, body }: Answer): string {
  const refusal = readRefusal(body);
  if (!refusal) return `${url} answered ${status}, and not as a Poolhouse does`;
  const { code, message } = refusal;
  const isAboutKeys = ["UnrecognizedClientException", "InvalidSignatureException"].includes(code);
  return `${code}: ${message}${isAboutKeys ? ` (signed with the key ${accessKeyId})` : ""}`;
}
