/** The secrets of a client as they are stored: one, or two while its apps move from the old one to the new. */
import type { Context } from "../context.ts";

export type ClientSecret = {
  readonly id: string;
  readonly value: string;
  readonly createdAtMs: number;
};

type ClientKey = { readonly id: string; readonly createdAtMs: number };

function secretPlace(clientId: string) {
  return { table: "user_pool_clients", column: "secret", row: clientId };
}

/** The form in which a client's secrets are stored. */
export function sealSecrets(
  { vault }: Pick<Context, "vault">,
  clientId: string,
  secrets: readonly ClientSecret[],
): string {
  return vault.seal(secretPlace(clientId), JSON.stringify(secrets));
}

/** The client's secrets in clear, the oldest first; none for a public client. */
export function openSecrets(
  { vault }: Pick<Context, "vault">,
  client: ClientKey & { readonly sealedSecrets: string | undefined },
): readonly ClientSecret[] {
  if (client.sealedSecrets === undefined) return [];
  const text = vault.open(secretPlace(client.id), client.sealedSecrets).toString("utf8");
  // From before there could be two, the secret itself stands there; no secret has a bracket in it.
  return text.startsWith("[") ? (JSON.parse(text) as ClientSecret[]) : [firstSecret(client, text)];
}

/** The secret that a client is made with. */
export function firstSecret({ id, createdAtMs }: ClientKey, value: string): ClientSecret {
  return { id: makeSecretId(id, createdAtMs), value, createdAtMs };
}

/** `<client-id>--<epoch-create-time>` (API reference, ClientSecretDescriptorType), cut to the length of AWS's shape. */
export function makeSecretId(clientId: string, createdAtMs: number): string {
  return `${clientId.slice(0, 100)}--${createdAtMs}`;
}
