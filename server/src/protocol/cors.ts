/** Cross-origin requests (the Fetch standard): answers for every origin, errors and preflights included, as AWS gives them. */
import type { FastifyReply, FastifyRequest } from "fastify";

/**
 * Tokens and signatures travel in headers and bodies, never in cookies, on what answers other origins; so any origin may
 * read the answer, as with AWS.
 */
export const openToOrigins: Readonly<Record<string, string>> = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date",
};

/** The headers of an answer whose further headers apps in browsers may read as well. */
export function exposing(headers: Readonly<Record<string, string>>): Record<string, string> {
  const expose = "access-control-expose-headers";
  return { ...headers, [expose]: [openToOrigins[expose], ...Object.keys(headers)].join(",") };
}

/** What Amplify and the SDKs send; a well-formed wish for other headers is granted as it stands. */
const usualRequestHeaders =
  "content-type,x-amz-target,x-amz-user-agent,cache-control,amz-sdk-invocation-id,amz-sdk-request," +
  "authorization,x-amz-date,x-amz-security-token,x-amz-content-sha256";
const headerNames = /^[\w!#$%&'*+.^`|~-]+(?:[ \t]*,[ \t]*[\w!#$%&'*+.^`|~-]+)*$/;
const ASKED_CHARACTERS = 4096;

/** Opens an answer to other origins and answers preflights, for every path but those of this server's own pages. */
export async function allowOrigins(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  if (isForOwnPages(request.url) || isHostedPage(request.url)) return;
  reply.headers(openToOrigins);
  const asked = request.headers["access-control-request-headers"];
  if (request.method !== "OPTIONS") return;
  await reply
    .code(204)
    .headers({
      "access-control-allow-methods": "GET,POST,PUT,PATCH,DELETE,HEAD,OPTIONS",
      "access-control-allow-headers":
        asked && asked.length <= ASKED_CHARACTERS && headerNames.test(asked)
          ? asked
          : usualRequestHeaders,
      "access-control-max-age": "600",
    })
    .send();
}

/** Of the hosted pages and the authorization endpoint no other origin reads anything (RFC 9700 §4.11). */
function isHostedPage(url: string): boolean {
  const path = decodedPath(url);
  // What cannot be decoded is no page, and opened to nobody.
  if (path === undefined) return true;
  const [, , first, ...rest] = path.split("/");
  if (first === "oauth2") return rest[0] === "authorize";
  return first !== undefined && hostedPages.has(first);
}

const hostedPages: ReadonlySet<string> = new Set([
  "login",
  "logout",
  "signed-out",
  "signup",
  "challenge",
  "mfa",
  "consent",
  "confirm",
  "resendcode",
  "confirmUser",
  "forgotPassword",
  "confirmForgotPassword",
  "passkeys",
  "device",
  "error",
]);

/** `/_poolhouse` in any spelling that the router might read as such: the inbox holds codes. */
function isForOwnPages(url: string): boolean {
  return decodedPath(url)?.toLowerCase().includes("/_poolhouse") ?? true;
}

/** The path as the router reads it; undefined where it is none. */
function decodedPath(url: string): string | undefined {
  const [path = ""] = url.split("?", 1);
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
