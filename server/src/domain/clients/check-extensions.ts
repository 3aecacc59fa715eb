import { invalidParameter } from "../../errors/cognito-idp.ts";
import { readAssertionKeys } from "./assertion-keys.ts";
import type { UserPoolClientExtensions } from "./client.ts";

const localHosts = ["localhost", "127.0.0.1", "[::1]"];

/** Refuses what a client cannot switch on. */
export function checkClientExtensions(extensions: UserPoolClientExtensions): void {
  const { assertionKeys, backChannelLogoutUri } = extensions;
  if (assertionKeys !== undefined) readAssertionKeys(assertionKeys);
  if (backChannelLogoutUri !== undefined) checkBackChannelLogoutUri(backChannelLogoutUri);
}

/**
 * An absolute https URL without a fragment (OpenID Connect Back-Channel Logout 1.0 §2.2), http only to this machine. Where
 * it leads is looked at when it is called.
 */
function checkBackChannelLogoutUri(text: string): void {
  const refusal = (why: string) => invalidParameter(`BackChannelLogoutUri ${why}`);
  const url = URL.parse(text);
  if (!url) throw refusal("is not an absolute URL.");
  if (text.includes("#")) throw refusal("cannot use a fragment.");
  if (url.username !== "" || url.password !== "") throw refusal("cannot hold credentials.");
  const isLocal = url.protocol === "http:" && localHosts.includes(url.hostname);
  if (url.protocol !== "https:" && !isLocal) throw refusal("must begin with https://.");
}
