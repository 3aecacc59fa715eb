/** Moving a client from one secret to another while its apps go on: add one, let them move, delete the old one. */
import {
  clientHasNoSecret,
  clientSecretExists,
  clientSecretLimitExceeded,
  clientSecretNotFound,
  lastClientSecret,
} from "../../errors/cognito-idp.ts";
import { makeClientSecret } from "../../lib/ids.ts";
import type { Call } from "../call.ts";
import { type ClientName, changeClient } from "./change.ts";
import { type ClientSecret, makeSecretId, openSecrets, sealSecrets } from "./secrets.ts";

const mostSecrets = 2;

/** Gives a confidential client another secret beside the one it has: the value given, or one made here. */
export async function addSecret(
  call: Call,
  named: ClientName,
  given: string | undefined,
): Promise<ClientSecret> {
  const value = given ?? makeClientSecret(call.random);
  const made: ClientSecret[] = [];
  await changeClient(call, named, ({ client }) => {
    const secrets = openSecrets(call, client);
    const latest = secrets.at(-1);
    if (latest === undefined) throw clientHasNoSecret();
    if (secrets.length >= mostSecrets) throw clientSecretLimitExceeded();
    if (secrets.some((secret) => secret.value === value)) throw clientSecretExists();
    // Later than every other, so that no two have one id.
    const createdAtMs = Math.max(call.clock.now(), latest.createdAtMs + 1);
    // Replaces what an earlier run of this transaction made.
    made[0] = { id: makeSecretId(client.id, createdAtMs), value, createdAtMs };
    return { sealedSecrets: sealSecrets(call, client.id, [...secrets, made[0]]) };
  });
  const [secret] = made;
  if (!secret) throw new Error("the change made no secret");
  return secret;
}

/** Ends one of a client's secrets at once; the last one stays. */
export async function deleteSecret(call: Call, named: ClientName, id: string): Promise<void> {
  await changeClient(call, named, ({ client }) => {
    const secrets = openSecrets(call, client);
    const rest = secrets.filter((secret) => secret.id !== id);
    if (rest.length === secrets.length) throw clientSecretNotFound();
    if (rest.length === 0) throw lastClientSecret();
    return { sealedSecrets: sealSecrets(call, client.id, rest) };
  });
}
