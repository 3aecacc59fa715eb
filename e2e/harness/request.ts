/** Plain HTTPS under a CA of one's own, for what no client library is asked to do. */
import { type Agent, request } from "node:https";

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
};

export type RequestOptions = {
  readonly ca: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes and text are sent as they are, another object as JSON. */
  readonly body?: object | string;
  /** Keeps connections for many requests; without it each has its own. */
  readonly agent?: Agent;
};

/** Sends one request and reads the whole answer. */
export function send(url: string, options: RequestOptions): Promise<Answer> {
  const { body } = options;
  const isJson = typeof body === "object" && !(body instanceof Uint8Array);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        ca: options.ca,
        method: options.method ?? "GET",
        agent: options.agent ?? false,
        headers: { ...(isJson ? { "content-type": "application/json" } : {}), ...options.headers },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(isJson ? JSON.stringify(body) : body);
  });
}

/** The JSON of a successful answer. */
export async function requestJson<T>(url: string, options: RequestOptions): Promise<T> {
  const { status, text } = await send(url, options);
  if (status !== 200) throw new Error(`${url} answered ${status}: ${text}`);
  // The caller knows the endpoint that it asks.
  return JSON.parse(text) as T;
}
