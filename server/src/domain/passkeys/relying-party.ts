/** For whom passkeys are made: the domain that they are bound to, and the origins that may use them. */
import { isIP } from "node:net";
import {
  webAuthnConfigurationMissing,
  webAuthnNotEnabled,
  webAuthnOriginNotAllowed,
} from "../../errors/cognito-idp.ts";
import type { Context } from "../context.ts";
import type { UserPool } from "../pools/pool.ts";

export type RelyingParty = {
  /** A domain name. */
  readonly id: string;
  readonly userVerification: "required" | "preferred";
};

/**
 * The relying party of a pool: the one it names, else the host that this server is known by. Undefined where that is an
 * address, to which no passkey can be bound.
 */
export function relyingPartyOf(
  { settings }: Pick<Context, "settings">,
  pool: UserPool,
): RelyingParty | undefined {
  const { relyingPartyId, userVerification = "preferred" } = pool.settings.mfa.webAuthn ?? {};
  const id = relyingPartyId ?? new URL(settings.publicUrl).hostname;
  return id === "" || isIP(id.replace(/^\[|\]$/g, "")) !== 0 ? undefined : { id, userVerification };
}

/** Whether users of this pool may sign in with passkeys. */
export function allowsPasskeys({ settings }: UserPool): boolean {
  return (
    settings.allowedFirstAuthFactors.includes("WEB_AUTHN") ||
    settings.mfa.webAuthn?.factorConfiguration === "MULTI_FACTOR_WITH_USER_VERIFICATION"
  );
}

/** The relying party of a pool that has passkeys; throws AWS's refusal for one that has none. */
export function requireRelyingParty(
  context: Pick<Context, "settings">,
  pool: UserPool,
): RelyingParty {
  if (!allowsPasskeys(pool)) throw webAuthnNotEnabled();
  const party = relyingPartyOf(context, pool);
  if (!party) throw webAuthnConfigurationMissing();
  return party;
}

/**
 * Whether a page of this origin may use the passkeys of a relying party: its own host and those below it, on any port,
 * over TLS. Browsers take pages of this machine for safe without (W3C, Secure Contexts §3.1). Apps, whose origins are no
 * URLs, may not.
 */
export function isAllowedOrigin(relyingPartyId: string, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  const { hostname } = url;
  const isLocal = hostname === "localhost" || hostname.endsWith(".localhost");
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isLocal);
  const isBelow = hostname === relyingPartyId || hostname.endsWith(`.${relyingPartyId}`);
  return isSafe && isBelow && url.origin === origin;
}

/**
 * Whether browsers let a page of this origin ask for passkeys of a relying party: one of its own host, or of a host below a
 * name that can be had (HTML, "is a registrable domain suffix of"), which `localhost` is not.
 */
export function mayAskFor({ id }: RelyingParty, origin: string): boolean {
  const isOfItsHost = URL.parse(origin)?.hostname === id;
  return isAllowedOrigin(id, origin) && (isOfItsHost || id.includes("."));
}

/** What a browser says of the page that asked for a passkey. */
export type PageFacts = { readonly origin: string; readonly crossOrigin: boolean };

/** Whether the page was one of the relying party's, and not shown within a stranger's. */
export function isAllowedPage(party: RelyingParty, page: PageFacts): boolean {
  return isAllowedOrigin(party.id, page.origin) && !page.crossOrigin;
}

export function requireAllowedPage(party: RelyingParty, page: PageFacts): void {
  if (!isAllowedPage(party, page)) throw webAuthnOriginNotAllowed();
}
