/** Tells clients of logouts by HTTP (OpenID Connect Back-Channel Logout 1.0 §2.5, §2.8). */
import { type BackChannel, Unreachable } from "../domain/logout/back-channel.ts";
import { type HttpClient, OutboundRefusal } from "./http.ts";

const timeoutMs = 5_000;
const maxResponseBytes = 65_536;

/** Makes it; it holds nothing between calls. */
export function createBackChannel(http: HttpClient): BackChannel {
  return {
    async tell({ uri, logoutToken }) {
      const status = await post(http, uri, new URLSearchParams({ logout_token: logoutToken }));
      // Redirects are not followed; 200 is the standard's answer, some frameworks give 204 for an empty one.
      if (status !== 200 && status !== 204) throw new Error(`it answered ${status}`);
    },
  };
}

async function post(http: HttpClient, url: string, form: URLSearchParams): Promise<number> {
  try {
    const { status } = await http.send({
      url,
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: form.toString(),
      timeoutMs,
      maxResponseBytes,
    });
    return status;
  } catch (error) {
    if (error instanceof OutboundRefusal) throw new Unreachable(error.message, { cause: error });
    throw error;
  }
}
