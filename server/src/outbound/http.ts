/** HTTP to addresses that somebody configured: never into the network that the server stands in, never without bounds. */
import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { isPublicAddress } from "./public-address.ts";

export type HttpRequest = {
  readonly url: string;
  readonly method: "POST" | "GET";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For all of it, from the look-up of the name to the last byte of the answer. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
};

export type HttpResponse = {
  readonly status: number;
  /** Names in lower case; what came several times stands with commas between. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type HttpClient = {
  /**
   * Sends one request and reads its answer, whatever its status: a redirect is an answer as any other. Rejects with
   * OutboundRefusal where it must not be sent, and with another error where it failed. No error holds more of the URL
   * than its host.
   */
  send(request: HttpRequest): Promise<HttpResponse>;
};

/** The request must not be sent: its URL is unfit, or leads to an address that is not public. */
export class OutboundRefusal extends Error {
  override readonly name = "OutboundRefusal";
}

export type HttpClientOptions = {
  /** Host names, or IP addresses, that may be private and need not speak TLS. */
  readonly allowedPrivateHosts: readonly string[];
  /** Looks names up in another way than the system does. */
  readonly lookup?: LookupFunction;
};

/** A client that connects anew for each request and follows no redirect; it takes no proxy from the environment. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const allowed = new Set(options.allowedPrivateHosts.map(plainHost));
  // An agent of our own: the global one may be told to use proxies or to keep connections.
  const agent = new HttpsAgent({ keepAlive: false, maxCachedSessions: 0 });
  return {
    async send(request) {
      const url = checkedUrl(request.url, allowed);
      const isAllowed = allowed.has(plainHost(url.hostname));
      const lookup = options.lookup ?? systemLookup;
      const reach: RequestOptions = { lookup: isAllowed ? lookup : publicOnly(lookup) };
      return await exchange(request, {
        url,
        start: url.protocol === "https:" ? httpsRequest : httpRequest,
        reach: url.protocol === "https:" ? { ...reach, agent } : { ...reach, agent: false },
      });
    },
  };
}

/** A host as it stands in the list and in URLs: without brackets, case or the dot at its end. */
function plainHost(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
}

function checkedUrl(text: string, allowed: ReadonlySet<string>): URL {
  if (!URL.canParse(text)) throw new OutboundRefusal("the URL cannot be read");
  const url = new URL(text);
  const host = plainHost(url.hostname);
  if (url.username !== "" || url.password !== "") {
    throw new OutboundRefusal(`the URL of ${host} must not hold credentials`);
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && allowed.has(host))) {
    throw new OutboundRefusal(`the URL of ${host} must begin with https://`);
  }
  // Node looks no address up, so the look-up's check would not see it.
  if (isIP(host) !== 0 && !isPublicAddress(host) && !allowed.has(host)) throw notPublic(host);
  return url;
}

function notPublic(host: string): OutboundRefusal {
  return new OutboundRefusal(
    `${host} is not on the public Internet: name it in POOLHOUSE_ALLOWED_PRIVATE_HOSTS to reach it`,
  );
}

/** The connection goes to the very addresses that are checked here, so a name that changes its mind gains nothing. */
function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, answer) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return answer(error, "");
      const addresses = found as LookupAddress[];
      const [first] = addresses;
      // All of them: a name that has both kinds is somebody's trick or somebody's mistake.
      if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
        return answer(notPublic(hostname), "");
      }
      if (options.all) answer(null, addresses);
      else answer(null, first.address, first.family);
    });
  };
}

type Way = {
  readonly url: URL;
  readonly start: typeof httpRequest;
  readonly reach: RequestOptions;
};

async function exchange(request: HttpRequest, { url, start, reach }: Way): Promise<HttpResponse> {
  const signal = AbortSignal.timeout(request.timeoutMs);
  const body = Buffer.from(request.body ?? "", "utf8");
  const sent = start(url, {
    ...reach,
    method: request.method,
    headers: {
      ...request.headers,
      ...(request.method === "POST" ? { "content-length": body.length } : {}),
      "accept-encoding": "identity",
      connection: "close",
    },
    // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
    ...(url.protocol === "https:" ? { rejectUnauthorized: true, minVersion: "TLSv1.2" } : {}),
    signal,
  });
  try {
    const response = await answerTo(sent, body);
    return {
      status: response.statusCode ?? 0,
      headers: headersOf(response),
      body: await readBody(response, request.maxResponseBytes),
    };
  } catch (error) {
    throw signal.aborted ? tooSlow(url, request.timeoutMs) : error;
  } finally {
    sent.destroy();
  }
}

function tooSlow(url: URL, timeoutMs: number): Error {
  return new Error(`${url.host} did not answer within ${timeoutMs} ms`);
}

function answerTo(sent: ReturnType<typeof httpRequest>, body: Buffer): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once("response", resolve);
    // It stays: what breaks after the answer has begun comes here too.
    sent.on("error", reject);
    sent.once("close", () => reject(new Error("the connection ended without an answer")));
    sent.end(body);
  });
}

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, [value ?? ""].flat().join(", ")]),
  );
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`the answer is longer than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
