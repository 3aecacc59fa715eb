import { createPrivateKey } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import { dropOldest } from "../../lib/drop-oldest.ts";
import type { Authority } from "./authority.ts";
import { isFresh, type Leaf, signLeaf } from "./leaf.ts";
import { tlsPolicy } from "./tls-policy.ts";

/** What node's TLS server asks for a name: undefined means the server's own certificate. */
export type ServerNameCallback = (
  name: string,
  answer: (error: Error | null, context?: SecureContext) => void,
) => void;

export type ServerNameOptions = {
  /** Its key serves all names: one process, one owner. */
  leaf: Leaf;
  now: () => number;
  maxRemembered?: number;
  maxSigningAtOnce?: number;
};

// One to six labels below localhost: prefix.auth.localhost, my.bucket.s3.localhost.
const localhostName = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,6}localhost$/;

/**
 * Answers with a certificate of its own for a name below localhost, signed when first asked for: clients accept no
 * wildcard there. Any other name, and any beyond what may be signed at once, gets the server's own certificate.
 */
export function sniCallback(
  authority: Authority,
  { leaf, now, maxRemembered = 256, maxSigningAtOnce = 8 }: ServerNameOptions,
): ServerNameCallback {
  const remembered = new Map<string, { context: SecureContext; leaf: Leaf }>();
  const signing = new Map<string, Promise<SecureContext>>();
  const privateKey = createPrivateKey(leaf.key);

  const sign = async (name: string): Promise<SecureContext> => {
    const own = await signLeaf(authority, { names: [name], privateKey, nowMs: now() });
    const context = createSecureContext({ key: own.key, cert: own.certificate, ...tlsPolicy });
    remembered.set(name, { context, leaf: own });
    dropOldest(remembered, maxRemembered);
    return context;
  };
  const contextFor = async (name: string): Promise<SecureContext | undefined> => {
    if (!localhostName.test(name)) return undefined;
    const known = remembered.get(name);
    if (known && isFresh(known.leaf, now())) {
      remembered.delete(name);
      remembered.set(name, known);
      return known.context;
    }
    const pending = signing.get(name);
    if (pending) return pending;
    if (signing.size >= maxSigningAtOnce) return undefined;
    const started = sign(name).finally(() => signing.delete(name));
    signing.set(name, started);
    return started;
  };
  return (name, answer) => {
    contextFor(name.toLowerCase()).then(
      (context) => (context ? answer(null, context) : answer(null)),
      (error: unknown) =>
        answer(error instanceof Error ? error : new Error("no certificate for the name")),
    );
  };
}
