/** The settings of a client as requests have them, made ours. */
import type { UserPoolClientSettings } from "../../domain/clients/client.ts";
import { clientDefaults } from "../../domain/clients/default-settings.ts";
import type { UserPool } from "../../domain/pools/pool.ts";
import { present } from "../../lib/present.ts";
import type { Checks } from "../../protocol/checks.ts";
import {
  AccessTokenValidityType,
  AnalyticsConfigurationType,
  AuthSessionValidityType,
  CallbackURLsListType,
  ClientPermissionListType,
  ExplicitAuthFlowsListType,
  IdTokenValidityType,
  LogoutURLsListType,
  OAuthFlowsType,
  PreventUserExistenceErrorTypes,
  RedirectUrlType,
  RefreshTokenRotationType,
  RefreshTokenValidityType,
  ScopeListType,
  SupportedIdentityProvidersListType,
  TokenValidityUnitsType,
  WrappedBooleanType,
} from "./pool-shapes.ts";
import { BooleanType } from "./shapes.ts";
import { type ClientInput, refuseUnbuilt, unbuiltClientSettings } from "./unbuilt-settings.ts";

/** The members that CreateUserPoolClient and UpdateUserPoolClient share. */
export const clientMembers: Checks<ClientInput> = {
  RefreshTokenValidity: RefreshTokenValidityType,
  AccessTokenValidity: AccessTokenValidityType,
  IdTokenValidity: IdTokenValidityType,
  TokenValidityUnits: TokenValidityUnitsType,
  ReadAttributes: ClientPermissionListType,
  WriteAttributes: ClientPermissionListType,
  ExplicitAuthFlows: ExplicitAuthFlowsListType,
  SupportedIdentityProviders: SupportedIdentityProvidersListType,
  CallbackURLs: CallbackURLsListType,
  LogoutURLs: LogoutURLsListType,
  DefaultRedirectURI: RedirectUrlType,
  AllowedOAuthFlows: OAuthFlowsType,
  AllowedOAuthScopes: ScopeListType,
  AllowedOAuthFlowsUserPoolClient: BooleanType,
  AnalyticsConfiguration: AnalyticsConfigurationType,
  PreventUserExistenceErrors: PreventUserExistenceErrorTypes,
  EnableTokenRevocation: WrappedBooleanType,
  EnablePropagateAdditionalUserContextData: WrappedBooleanType,
  AuthSessionValidity: AuthSessionValidityType,
  RefreshTokenRotation: RefreshTokenRotationType,
};

/** What a request asks for; what it leaves out is what the pool's profile gives, at an update too. */
export function readClientSettings(pool: UserPool, input: ClientInput): UserPoolClientSettings {
  refuseUnbuilt(unbuiltClientSettings, input);
  const defaults = clientDefaults(pool, input.ExplicitAuthFlows);
  return {
    ...defaults,
    ...readLifetimes(input),
    ...present({
      explicitAuthFlows: input.ExplicitAuthFlows,
      readAttributes: input.ReadAttributes,
      writeAttributes: input.WriteAttributes,
      preventUserExistenceErrors:
        input.PreventUserExistenceErrors ?? defaults.preventUserExistenceErrors,
      refreshTokenRotation: readRotation(input) ?? defaults.refreshTokenRotation,
    }),
    authSessionValidityMinutes: input.AuthSessionValidity ?? defaults.authSessionValidityMinutes,
    enableTokenRevocation: input.EnableTokenRevocation ?? defaults.enableTokenRevocation,
    enablePropagateAdditionalUserContextData:
      input.EnablePropagateAdditionalUserContextData ?? false,
    oauth: readOAuth(input),
  };
}

type Lifetimes = Pick<
  UserPoolClientSettings,
  "accessTokenValidity" | "idTokenValidity" | "refreshTokenValidity" | "tokenValidityUnits"
>;

function readLifetimes(input: ClientInput): Lifetimes {
  const { AccessToken, IdToken, RefreshToken } = input.TokenValidityUnits ?? {};
  // Zero asks for the default of 30 days, whatever the unit (API reference, CreateUserPoolClient).
  const isDefault = input.RefreshTokenValidity === 0;
  const refreshToken = isDefault && RefreshToken !== undefined ? "days" : RefreshToken;
  return {
    refreshTokenValidity: input.RefreshTokenValidity || 30,
    tokenValidityUnits: present({ accessToken: AccessToken, idToken: IdToken, refreshToken }),
    ...present({
      accessTokenValidity: input.AccessTokenValidity,
      idTokenValidity: input.IdTokenValidity,
    }),
  };
}

function readRotation({
  RefreshTokenRotation: given,
}: ClientInput): UserPoolClientSettings["refreshTokenRotation"] {
  if (given?.Feature === undefined) return undefined;
  return {
    feature: given.Feature,
    ...present({ retryGracePeriodSeconds: given.RetryGracePeriodSeconds }),
  };
}

function readOAuth(input: ClientInput): UserPoolClientSettings["oauth"] {
  return {
    allowedFlowsUserPoolClient: input.AllowedOAuthFlowsUserPoolClient ?? false,
    ...present({
      allowedFlows: input.AllowedOAuthFlows,
      allowedScopes: input.AllowedOAuthScopes,
      callbackUrls: input.CallbackURLs,
      logoutUrls: input.LogoutURLs,
      defaultRedirectUri: input.DefaultRedirectURI,
      supportedIdentityProviders: input.SupportedIdentityProviders,
    }),
  };
}
