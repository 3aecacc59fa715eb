/**
 * Where a request of the OAuth endpoints and the hosted pages came to. Every pool has them below `/<poolId>` of this
 * server; a pool with a domain has them at `<prefix>.auth.<host>` or at its custom domain as well, where nothing else is.
 */
import { isIP } from "node:net";
import type { FastifyInstance } from "fastify";
import type { Context } from "../domain/context.ts";
import { findDomain } from "../domain/domains/domain.ts";
import { findPool, type UserPool } from "../domain/pools/pool.ts";
import { healthPath } from "../protocol/health.ts";
import { refuseUnknown } from "../protocol/http.ts";

export type Place = {
  readonly pool: UserPool;
  /** As browsers have it. */
  readonly origin: string;
  /** What stands before every path of the pool: `/<poolId>`, or nothing at a host of its own. */
  readonly prefix: string;
};

/** Requests to a host of its own are routed below this; no pool has such an id. */
const routedPrefix = "/_domain";

/** What a custom domain answers; at the names of this server none of it is anything. */
const pathsOfDomains =
  /^\/(oauth2|login|logout|signed-out|challenge|signup|mfa|passkeys|error|forgotPassword|confirm\w*|resendcode|\.well-known|saml2|device|consent|branding|assets)(?=[/?]|$)/;

/** Routes what came to a domain's host; whose it is, placeOf finds out. */
export function rewriteForDomains(publicUrl: string): (host: string, url: string) => string {
  const base = new URL(publicUrl).hostname;
  return (host, url) => {
    const name = hostname(host);
    if (name === base || isLoopback(name)) return url;
    const isPrefixed = prefixOf(name, base) !== undefined;
    const isRouted = isPrefixed || pathsOfDomains.test(url) || url.startsWith(routedPrefix);
    return isRouted ? `${routedPrefix}${url}` : url;
  };
}

/** Keeps everything but the endpoints and pages of a pool away from the domains of pools: no API, nothing of other apps. */
export function keepDomainsApart(app: FastifyInstance, context: Context): void {
  app.addHook("onRequest", async (request, reply) => {
    const { url = "" } = request.routeOptions;
    // Load balancers ask for the health at any name, and want an answer though the store has none.
    if (url.startsWith("/:poolId") || url === healthPath) return;
    if (await isAtDomain(context, request.headers.host ?? "")) return refuseUnknown(request, reply);
  });
}

/** Whether a host is, or looks like, one of a pool's own. */
async function isAtDomain(
  { store, settings }: Pick<Context, "store" | "settings">,
  host: string,
): Promise<boolean> {
  const base = new URL(settings.publicUrl).hostname;
  const name = hostname(host);
  if (name === base || isLoopback(name) || isIP(name) !== 0) return false;
  return prefixOf(name, base) !== undefined || (await findDomain(store.db, name)) !== undefined;
}

/** The pool that a request came to; undefined where there is none at this address. */
export async function placeOf(
  { store, settings }: Pick<Context, "store" | "settings">,
  { host, poolId }: { host: string; poolId: string },
): Promise<Place | undefined> {
  const base = new URL(settings.publicUrl).hostname;
  const name = hostname(host);
  const isOwnName = name === base || isLoopback(name);
  const domain = isOwnName ? undefined : await findDomain(store.db, prefixOf(name, base) ?? name);
  const isAtDomain = `/${poolId}` === routedPrefix;
  // At the domain of one pool there is no other, and a path cannot pretend to be a host.
  if (isAtDomain !== (domain !== undefined)) return undefined;
  if (domain && domain.isCustom === (prefixOf(name, base) !== undefined)) return undefined;
  const pool = await findPool(store.db, domain?.userPoolId ?? poolId);
  if (!pool) return undefined;
  return domain
    ? { pool, origin: `https://${host.toLowerCase()}`, prefix: "" }
    : { pool, origin: settings.publicUrl, prefix: `/${pool.id}` };
}

/** A Host header without its port, in lower case. */
function hostname(host: string): string {
  return host.toLowerCase().replace(/:\d{1,5}$/, "");
}

function isLoopback(name: string): boolean {
  return name === "localhost" || name === "127.0.0.1" || name === "[::1]";
}

/** The prefix of `<prefix>.auth.<base>`. */
function prefixOf(name: string, base: string): string | undefined {
  const suffix = `.auth.${base}`;
  const prefix = name.endsWith(suffix) ? name.slice(0, -suffix.length) : "";
  return prefix !== "" && !prefix.includes(".") ? prefix : undefined;
}
