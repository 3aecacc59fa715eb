import { readFile } from "node:fs/promises";
import { createSecureContext, type TlsOptions } from "node:tls";
import { ConfigError } from "../config/reading.ts";
import type { ServerConfig } from "../config.ts";
import type { Authority } from "../protocol/tls/authority.ts";
import { tlsPolicy } from "../protocol/tls/tls-policy.ts";
import { tlsServerOptions } from "../protocol/tls/tls-server-options.ts";

export type Tls = {
  readonly options: TlsOptions;
  /** The own authority; absent where the certificate was given. */
  readonly authority: Authority | undefined;
};

/** What the listener needs for TLS, by the given files or by the data directory's own authority; nothing for plain HTTP. */
export async function openTls(config: ServerConfig): Promise<Tls | undefined> {
  if (config.listen.kind !== "https") return undefined;
  if (!config.tlsFiles) return await tlsServerOptions(config.dataDir, { now: () => Date.now() });
  const { certificate, key } = config.tlsFiles;
  try {
    const pair = { cert: await readFile(certificate, "utf8"), key: await readFile(key, "utf8") };
    // Here a pair that does not fit fails with a reason; in the listener it would with a stack.
    createSecureContext(pair);
    return { options: { ...tlsPolicy, ...pair }, authority: undefined };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError([
      `POOLHOUSE_TLS_CERT_FILE and POOLHOUSE_TLS_KEY_FILE cannot be used: ${why}`,
    ]);
  }
}
