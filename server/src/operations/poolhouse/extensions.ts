/**
 * The extensions documents on the wire: what `Metadata.Poolhouse` of a template holds beside `Id`, and what
 * Get/PutUserPoolExtensions and …UserPoolClientExtensions carry. A key that is not known is refused by name.
 */
import type { UserPoolClientExtensions } from "../../domain/clients/client.ts";
import type { UserPoolExtensions } from "../../domain/pools/pool.ts";
import { present } from "../../lib/present.ts";
import { type Checks, oneOf, readInput, string, structure } from "../../protocol/checks.ts";

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

/** One member for each of UserPoolClientExtensions, which says what it means. */
export type UserPoolClientExtensionsDocument = {
  Profile?: UserPoolClientExtensions["profile"];
  RequirePkce?: UserPoolClientExtensions["requirePkce"];
  Consent?: UserPoolClientExtensions["consent"];
  FormPost?: UserPoolClientExtensions["formPost"];
  PushedAuthorizationRequests?: UserPoolClientExtensions["pushedAuthorizationRequests"];
  Dpop?: UserPoolClientExtensions["dpop"];
  DeviceAuthorization?: UserPoolClientExtensions["deviceAuthorization"];
  TokenIntrospection?: UserPoolClientExtensions["tokenIntrospection"];
  RpInitiatedLogout?: UserPoolClientExtensions["rpInitiatedLogout"];
  BackChannelLogoutUri?: string;
  /** A JWKS as JSON text. */
  AssertionKeys?: string;
};

const poolChecks: Checks<UserPoolExtensionsDocument> = {
  Profile: oneOf("compat", "hardened"),
  IssuerMode: oneOf("own", "aws"),
  SrpVerifiers: oneOf("on", "off"),
  RecoveryCodes: oneOf("on", "off"),
};
const onOrOff = oneOf("on", "off");
const clientChecks: Checks<UserPoolClientExtensionsDocument> = {
  Profile: oneOf("compat", "hardened"),
  RequirePkce: onOrOff,
  Consent: onOrOff,
  FormPost: onOrOff,
  PushedAuthorizationRequests: oneOf("on", "required", "off"),
  Dpop: oneOf("on", "required", "off"),
  DeviceAuthorization: onOrOff,
  TokenIntrospection: onOrOff,
  RpInitiatedLogout: onOrOff,
  BackChannelLogoutUri: string({ min: 1, max: 1024 }),
  // Public keys, unless somebody takes the wrong ones.
  AssertionKeys: string({ min: 1, max: 8192, sensitive: true }),
};

export const UserPoolExtensionsType = structure<UserPoolExtensionsDocument>(poolChecks);
export const UserPoolClientExtensionsType =
  structure<UserPoolClientExtensionsDocument>(clientChecks);

/** The document of a template's pool, checked as that of a request. */
export function readPoolExtensions(document: unknown): Partial<UserPoolExtensions> {
  return poolExtensionsOf(readInput(poolChecks, document));
}

/** The document of a template's client, checked as that of a request. */
export function readClientExtensions(document: unknown): UserPoolClientExtensions {
  return clientExtensionsOf(readInput(clientChecks, document));
}

/** What a checked document says. */
export function clientExtensionsOf(
  document: UserPoolClientExtensionsDocument,
): UserPoolClientExtensions {
  return present({
    profile: document.Profile,
    requirePkce: document.RequirePkce,
    consent: document.Consent,
    formPost: document.FormPost,
    pushedAuthorizationRequests: document.PushedAuthorizationRequests,
    dpop: document.Dpop,
    deviceAuthorization: document.DeviceAuthorization,
    tokenIntrospection: document.TokenIntrospection,
    rpInitiatedLogout: document.RpInitiatedLogout,
    backChannelLogoutUri: document.BackChannelLogoutUri,
    assertionKeys: document.AssertionKeys,
  });
}

/** A client's extensions as a document. */
export function clientExtensionsDocument(
  extensions: UserPoolClientExtensions,
): UserPoolClientExtensionsDocument {
  return present({
    Profile: extensions.profile,
    RequirePkce: extensions.requirePkce,
    Consent: extensions.consent,
    FormPost: extensions.formPost,
    PushedAuthorizationRequests: extensions.pushedAuthorizationRequests,
    Dpop: extensions.dpop,
    DeviceAuthorization: extensions.deviceAuthorization,
    TokenIntrospection: extensions.tokenIntrospection,
    RpInitiatedLogout: extensions.rpInitiatedLogout,
    BackChannelLogoutUri: extensions.backChannelLogoutUri,
    AssertionKeys: extensions.assertionKeys,
  });
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
