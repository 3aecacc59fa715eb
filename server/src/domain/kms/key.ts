/** Keys as KMS has them, for the codes that custom senders get. Their material follows from the vault, so nothing is stored. */
import type { Vault } from "../../lib/envelope.ts";

/** A key of this account. */
export type KmsKey = { readonly arn: string; readonly region: string };

const form = /^arn:aws:kms:([a-z0-9-]{1,32}):(\d{12}):key\/([\w-]{1,128})$/;

/** The key that an ARN names, or undefined where it names none of this account. */
export function readKeyArn(arn: string, accountId: string): KmsKey | undefined {
  const [, region, account] = form.exec(arn) ?? [];
  return region && account === accountId ? { arn, region } : undefined;
}

export function keyArn(given: { region: string; accountId: string; id: string }): string {
  return `arn:aws:kms:${given.region}:${given.accountId}:key/${given.id}`;
}

/** What is secret about a key: the same on every node and after every change of the master keys. */
export function materialOf(key: KmsKey, vault: Pick<Vault, "derive">): Buffer {
  return vault.derive(`kms key ${key.arn}`);
}
