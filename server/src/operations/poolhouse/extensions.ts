/**
 * The extensions documents on the wire: what `Metadata.Poolhouse` of a template holds beside `Id`, and what
 * Get/PutUserPoolExtensions and …UserPoolClientExtensions carry. A key that is not known is refused by name.
 */
import type { UserPoolClientExtensions } from "../../domain/clients/client.ts";
import type { UserPoolExtensions } from "../../domain/pools/pool.ts";
import { present } from "../../lib/present.ts";
import { type Checks, oneOf, readInput, structure } from "../../protocol/checks.ts";

export type UserPoolExtensionsDocument = {
  /** `compat` is true to Cognito to the byte; `hardened` adds what security standards ask for beyond it. */
  Profile?: UserPoolExtensions["profile"];
  /** Whether tokens name this server as their issuer, or AWS's address for verifiers that insist. */
  IssuerMode?: UserPoolExtensions["issuerMode"];
  /** Whether passwords can be proved by SRP; with `off` no verifiers are kept. */
  SrpVerifiers?: UserPoolExtensions["srpVerifiers"];
  /** Whether users may make codes that stand for a second factor that is lost. */
  RecoveryCodes?: UserPoolExtensions["recoveryCodes"];
};

/** Nothing yet. */
export type UserPoolClientExtensionsDocument = Readonly<Record<never, never>>;

const poolChecks: Checks<UserPoolExtensionsDocument> = {
  Profile: oneOf("compat", "hardened"),
  IssuerMode: oneOf("own", "aws"),
  SrpVerifiers: oneOf("on", "off"),
  RecoveryCodes: oneOf("on", "off"),
};
const clientChecks: Checks<UserPoolClientExtensionsDocument> = {};

export const UserPoolExtensionsType = structure<UserPoolExtensionsDocument>(poolChecks);
export const UserPoolClientExtensionsType =
  structure<UserPoolClientExtensionsDocument>(clientChecks);

/** The document of a template's pool, checked as that of a request. */
export function readPoolExtensions(document: unknown): Partial<UserPoolExtensions> {
  return poolExtensionsOf(readInput(poolChecks, document));
}

/** The document of a template's client, checked as that of a request. */
export function readClientExtensions(document: unknown): UserPoolClientExtensions {
  readInput(clientChecks, document);
  return {};
}

/** What a checked document says. */
export function poolExtensionsOf(
  document: UserPoolExtensionsDocument,
): Partial<UserPoolExtensions> {
  return present({
    profile: document.Profile,
    issuerMode: document.IssuerMode,
    srpVerifiers: document.SrpVerifiers,
    recoveryCodes: document.RecoveryCodes,
  });
}

/** A pool's extensions as a document. */
export function poolExtensionsDocument(extensions: UserPoolExtensions): UserPoolExtensionsDocument {
  return {
    Profile: extensions.profile,
    IssuerMode: extensions.issuerMode,
    SrpVerifiers: extensions.srpVerifiers,
    RecoveryCodes: extensions.recoveryCodes,
  };
}
