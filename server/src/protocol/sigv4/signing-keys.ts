import { createHmac } from "node:crypto";
import { dropOldest } from "../../lib/drop-oldest.ts";
import type { CredentialScope } from "./presented-signature.ts";

/** What a lookup must know of an access key; a caller's own type may say more (the principal) and gets it back. */
export type SigningCredential = {
  secret: string;
  /** Bound to temporary keys: the request has to present exactly this one. */
  sessionToken?: string;
  /** Set by the lookup, which knows the product's clock, once temporary keys have ended. */
  expired?: boolean;
};

/**
 * Finds the credential behind an access key id. The presented session token is passed for lookups that open sealed
 * tokens; presenting it proves nothing until the signature is verified.
 */
export type LookupSecret<K extends SigningCredential> = (
  accessKeyId: string,
  sessionToken: string | undefined,
) => Promise<K | undefined> | K | undefined;

/** Credentials by access key id, and the signing keys derived from them. */
export type SigningKeys<K extends SigningCredential> = {
  lookupSecret: LookupSecret<K>;
  signingKey(scope: CredentialScope, secret: string): Buffer;
};

/** Wraps a lookup with a bounded memory of derived signing keys, least recently used out first. */
export function signingKeys<K extends SigningCredential>(
  lookupSecret: LookupSecret<K>,
  maxRemembered = 1000,
): SigningKeys<K> {
  const remembered = new Map<string, { secret: string; key: Buffer }>();
  return {
    lookupSecret,
    signingKey(scope, secret) {
      const id = `${scope.accessKeyId}/${scope.date}/${scope.region}/${scope.service}`;
      const known = remembered.get(id);
      if (known) remembered.delete(id);
      const entry =
        known?.secret === secret ? known : { secret, key: deriveSigningKey(scope, secret) };
      remembered.set(id, entry);
      dropOldest(remembered, maxRemembered);
      return entry.key;
    },
  };
}

/** Derives the key that signs for one day, region and service (IAM User Guide, "Create a signed AWS API request"). */
function deriveSigningKey({ date, region, service }: CredentialScope, secret: string): Buffer {
  const dateKey = hmac(`AWS4${secret}`, date);
  const regionKey = hmac(dateKey, region);
  const serviceKey = hmac(regionKey, service);
  return hmac(serviceKey, "aws4_request");
}

const hmac = (key: string | Buffer, text: string): Buffer =>
  createHmac("sha256", key).update(text).digest();
