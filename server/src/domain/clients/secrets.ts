/** The secrets of a client: one, or two while its apps move from the old one to the new. */
import {
  clientHasNoSecret,
  clientSecretLimitExceeded,
  clientSecretNotFound,
  lastClientSecret,
} from "../../errors/cognito-idp.ts";
import { makeClientSecret } from "../../lib/ids.ts";
import type { Call } from "../call.ts";
import type { Context } from "../context.ts";
import { changeClient } from "./change.ts";
import type { UserPoolClient } from "./client.ts";

export type ClientSecret = {
  readonly id: string;
  readonly value: string;
  readonly createdAtMs: number;
};

const mostSecrets = 2;

type ClientKey = Pick<UserPoolClient, "id" | "createdAtMs">;

function secretPlace(clientId: string) {
  return { table: "user_pool_clients", column: "secret", row: clientId };
}

/** A client's first secret, in the form in which its secrets are stored. */
export function sealFirstSecret(
  context: Pick<Context, "vault">,
  client: ClientKey,
  value: string,
): string {
  return sealSecrets(context, client.id, [firstSecret(client, value)]);
}

function sealSecrets(
  { vault }: Pick<Context, "vault">,
  clientId: string,
  secrets: readonly ClientSecret[],
): string {
  return vault.seal(secretPlace(clientId), JSON.stringify(secrets));
}

/** The client's secrets in clear, oldest first; none for a public client. */
export function openSecrets(
  { vault }: Pick<Context, "vault">,
  client: UserPoolClient,
): readonly ClientSecret[] {
  if (client.sealedSecrets === undefined) return [];
  const text = vault.open(secretPlace(client.id), client.sealedSecrets).toString("utf8");
  // From before there could be two, the secret itself stands there; no secret has a bracket in it.
  return text.startsWith("[") ? (JSON.parse(text) as ClientSecret[]) : [firstSecret(client, text)];
}

function firstSecret({ id, createdAtMs }: ClientKey, value: string): ClientSecret {
  return { id: secretId(id, createdAtMs), value, createdAtMs };
}

/** As AWS makes them; ids of clients may be as long as those of secrets. */
function secretId(clientId: string, createdAtMs: number): string {
  return `${clientId.slice(0, 100)}--${createdAtMs}`;
}

type ClientName = { readonly userPoolId: string; readonly clientId: string };

/** Gives a client another secret beside the one it has: the given value, or one made here. */
export async function addSecret(
  call: Call,
  named: ClientName,
  given: string | undefined,
): Promise<ClientSecret> {
  const value = given ?? makeClientSecret(call.random);
  let added: ClientSecret | undefined;
  const client = await changeClient(call, named, (now) => {
    const secrets = openSecrets(call, now.client);
    if (secrets.length === 0) throw clientHasNoSecret();
    if (secrets.length >= mostSecrets) throw clientSecretLimitExceeded();
    const latestMs = Math.max(...secrets.map(({ createdAtMs }) => createdAtMs));
    // Later than every other, so that no two have one id.
    const createdAtMs = Math.max(call.clock.now(), latestMs + 1);
    added = { id: secretId(now.client.id, createdAtMs), value, createdAtMs };
    return { sealedSecrets: sealSecrets(call, now.client.id, [...secrets, added]) };
  });
  return added ?? firstSecret(client, value);
}

/** Ends one of a client's secrets at once; the last one stays. */
export async function deleteSecret(call: Call, named: ClientName, id: string): Promise<void> {
  await changeClient(call, named, (now) => {
    const secrets = openSecrets(call, now.client);
    const rest = secrets.filter((secret) => secret.id !== id);
    if (rest.length === secrets.length) throw clientSecretNotFound();
    if (rest.length === 0) throw lastClientSecret();
    return { sealedSecrets: sealSecrets(call, now.client.id, rest) };
  });
}
