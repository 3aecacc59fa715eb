import type { TlsOptions } from "node:tls";
import { type Authority, loadOrCreateAuthority } from "./authority.ts";
import { leafFor, loopbackNames } from "./leaf.ts";
import { sniCallback } from "./server-name.ts";
import { tlsPolicy } from "./tls-policy.ts";

/** Everything a server of a data directory needs to speak TLS under its own authority, made at first use. */
export async function tlsServerOptions(
  dir: string,
  { now, extraNames = [] }: { now: () => number; extraNames?: readonly string[] },
): Promise<{ authority: Authority; options: TlsOptions }> {
  const authority = await loadOrCreateAuthority(dir, { nowMs: now(), extraNames });
  const leaf = await leafFor(authority, [...loopbackNames, ...extraNames], { nowMs: now() });
  return {
    authority,
    options: {
      ...tlsPolicy,
      key: leaf.key,
      cert: leaf.certificate,
      SNICallback: sniCallback(authority, { leaf, now }),
    },
  };
}
