/** Making, changing and deleting documents. */
import { termsExist, termsNotFound } from "../../errors/branding.ts";
import { invalidParameter } from "../../errors/cognito-idp.ts";
import {
  deleteTerms as deleteRow,
  insertTerms,
  listTermsOfClient,
  updateTerms as updateRow,
} from "../../store/terms.ts";
import type { Call } from "../call.ts";
import type { UserPoolClient } from "../clients/client.ts";
import { holdClient } from "../clients/hold.ts";
import type { UserPool } from "../pools/pool.ts";
import { isLink, loadTerms, type Terms, type TermsSettings } from "./terms.ts";

/** Gives a client a document; refuses a second one of that name. */
export async function createTerms(
  call: Call,
  client: UserPoolClient,
  { name, ...settings }: TermsSettings & Pick<Terms, "name">,
): Promise<Terms> {
  checkLinks(settings.links);
  const nowMs = call.clock.now();
  const terms: Terms = {
    ...settings,
    id: call.fixed?.id ?? call.random.uuid(),
    userPoolId: client.userPoolId,
    clientId: client.id,
    name,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
  };
  await call.change(async (trx) => {
    await holdClient(trx, client);
    const isNew = await insertTerms(trx, {
      user_pool_id: terms.userPoolId,
      id: terms.id,
      client_id: terms.clientId,
      name,
      settings: JSON.stringify(settings),
      created_at_ms: nowMs,
      modified_at_ms: nowMs,
    });
    if (!isNew) throw termsExist();
  });
  return terms;
}

/** Changes what is given of a document and leaves the rest. */
export async function updateTerms(
  call: Call,
  key: { userPoolId: string; id: string },
  given: Partial<TermsSettings & Pick<Terms, "name">>,
): Promise<Terms> {
  if (given.links) checkLinks(given.links);
  const { clientId } = await loadTerms(call.db, key);
  call.about.clientId = clientId;
  return await call.change(async (trx) => {
    // A document stays with its client, so whoever else changes one of the client's waits here.
    await holdClient(trx, { id: clientId, userPoolId: key.userPoolId });
    const before = await loadTerms(trx, key);
    const { name, source, enforcement, links, ...rest } = {
      ...before,
      ...given,
      modifiedAtMs: call.clock.now(),
    };
    const others = await listTermsOfClient(trx, { userPoolId: key.userPoolId, clientId });
    if (others.some((each) => each.id !== key.id && each.name === name)) throw termsExist();
    const settings = { source, enforcement, links };
    await updateRow(trx, key, {
      name,
      settings: JSON.stringify(settings),
      modified_at_ms: rest.modifiedAtMs,
    });
    return { ...rest, ...settings, name };
  });
}

/** Takes a document away. */
export async function deleteTerms(call: Call, pool: UserPool, id: string): Promise<void> {
  await call.change(async (trx) => {
    if (!(await deleteRow(trx, { userPoolId: pool.id, id }))) throw termsNotFound();
  });
}

function checkLinks(links: Terms["links"]): void {
  const wrong = Object.entries(links).find(([, url]) => !isLink(url));
  if (wrong) throw invalidParameter(`The link of ${wrong[0]} is not an address of the web.`);
}
