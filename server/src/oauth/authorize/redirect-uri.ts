/** Where an authorization answer may go. */
import type { UserPoolClient } from "../../domain/clients/client.ts";

const maxCharacters = 1024;
const loopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(:\d{1,5})?(?=[/?]|$)/;

/**
 * The registered address that a request names: compared character by character (RFC 9700 §4.1.3), but for the port of an
 * app on the user's own machine, which cannot know it beforehand (RFC 8252 §7.3).
 */
export function matchRedirectUri(client: UserPoolClient, given: string): string | undefined {
  const { callbackUrls = [] } = client.settings.oauth;
  if (given.length > maxCharacters) return undefined;
  if (callbackUrls.includes(given)) return given;
  if (!loopback.test(given)) return undefined;
  const bare = withoutPort(given);
  return callbackUrls.some((url) => loopback.test(url) && withoutPort(url) === bare)
    ? given
    : undefined;
}

function withoutPort(url: string): string {
  return url.replace(loopback, "http://$1");
}
