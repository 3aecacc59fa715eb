/** Documents that a client's sign-up page links to: terms of use and privacy policy, in several languages. */
import { termsNotFound } from "../../errors/branding.ts";
import type { Db } from "../../store/schema.ts";
import { findTerms, listTermsOfClient, type TermsRow } from "../../store/terms.ts";

export type TermsSettings = {
  readonly source: "LINK";
  readonly enforcement: "NONE";
  /** Addresses by AWS's names of languages: `cognito:default`, `cognito:french`. */
  readonly links: Readonly<Record<string, string>>;
};

export type Terms = TermsSettings & {
  readonly id: string;
  readonly userPoolId: string;
  readonly clientId: string;
  /** `terms-of-use` or `privacy-policy`. */
  readonly name: string;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
};

export function termsFromRow(row: TermsRow): Terms {
  // Written by this program alone.
  const settings = JSON.parse(row.settings) as TermsSettings;
  return {
    ...settings,
    id: row.id,
    userPoolId: row.user_pool_id,
    clientId: row.client_id,
    name: row.name,
    createdAtMs: row.created_at_ms,
    modifiedAtMs: row.modified_at_ms,
  };
}

/** The document of a pool that a call names. */
export async function loadTerms(db: Db, key: { userPoolId: string; id: string }): Promise<Terms> {
  const row = await findTerms(db, key);
  if (!row) throw termsNotFound();
  return termsFromRow(row);
}

/** The document of a client that a call names. */
export async function loadTermsOfClient(
  db: Db,
  { id, userPoolId }: { id: string; userPoolId: string },
  name: string,
): Promise<Terms> {
  const rows = await listTermsOfClient(db, { userPoolId, clientId: id });
  const row = rows.find((each) => each.name === name);
  if (!row) throw termsNotFound();
  return termsFromRow(row);
}

/** AWS's languages by the tags of browsers. */
const languages: Readonly<Record<string, string>> = {
  de: "german",
  en: "english",
  es: "spanish",
  fr: "french",
  id: "bahasa-indonesia",
  it: "italian",
  ja: "japanese",
  ko: "korean",
  nl: "dutch",
  pt: "portuguese-brazil",
  zh: "chinese-simplified",
  "zh-hant": "chinese-traditional",
  "zh-hk": "chinese-traditional",
  "zh-tw": "chinese-traditional",
};

/**
 * What the sign-up page of a client links to in a language (a BCP 47 tag), with the addresses for everybody where it has
 * none of its own. Nothing before there are both documents (AWS, "Terms documents").
 */
export async function termsShownIn(
  db: Db,
  { id, userPoolId }: { id: string; userPoolId: string },
  language: string,
): Promise<{ name: string; url: string }[]> {
  const documents = (await listTermsOfClient(db, { userPoolId, clientId: id })).map(termsFromRow);
  const shown = documents.flatMap(({ name, links }) => {
    const url = linkIn(links, language);
    return url === undefined ? [] : [{ name, url }];
  });
  // The terms first.
  return shown.length < 2 ? [] : shown.toReversed();
}

function linkIn(links: Terms["links"], language: string): string | undefined {
  const tag = language.toLowerCase();
  const named = languages[tag] ?? languages[tag.split("-")[0] ?? ""];
  return links[`cognito:${named}`] ?? links["cognito:default"];
}

/** Whether a page may link to it: the browser would run some of what else fits AWS's pattern. */
export function isLink(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === "https:" || url?.protocol === "http:";
}
