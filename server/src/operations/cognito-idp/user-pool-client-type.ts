/** A client as DescribeUserPoolClient shows it. */

import type * as Sdk from "@aws-sdk/client-cognito-identity-provider";
import type { UserPoolClient, UserPoolClientSettings } from "../../domain/clients/client.ts";
import { openSecrets } from "../../domain/clients/secrets.ts";
import type { Context } from "../../domain/context.ts";
import { copyList } from "../../lib/copy-list.ts";

/** AWS's UserPoolClientType of a client, with its secret if it has any; what was never set is absent. */
export function userPoolClientType(
  context: Pick<Context, "vault">,
  client: UserPoolClient,
): Sdk.UserPoolClientType {
  const { settings } = client;
  return {
    UserPoolId: client.userPoolId,
    ClientId: client.id,
    ClientName: client.name,
    // While there are two, the one that the client's apps had first.
    ClientSecret: openSecrets(context, client)[0]?.value,
    CreationDate: new Date(client.createdAtMs),
    LastModifiedDate: new Date(client.modifiedAtMs),
    // Nothing else passes the check of the requests that set it.
    ExplicitAuthFlows: settings.explicitAuthFlows as Sdk.ExplicitAuthFlowsType[] | undefined,
    ReadAttributes: copyList(settings.readAttributes),
    WriteAttributes: copyList(settings.writeAttributes),
    PreventUserExistenceErrors: settings.preventUserExistenceErrors,
    AuthSessionValidity: settings.authSessionValidityMinutes,
    EnableTokenRevocation: settings.enableTokenRevocation,
    EnablePropagateAdditionalUserContextData: settings.enablePropagateAdditionalUserContextData,
    ...tokens(settings),
    ...oauth(settings),
  };
}

function tokens(settings: UserPoolClientSettings): Sdk.UserPoolClientType {
  const { tokenValidityUnits: units, refreshTokenRotation: rotation } = settings;
  return {
    RefreshTokenValidity: settings.refreshTokenValidity,
    AccessTokenValidity: settings.accessTokenValidity,
    IdTokenValidity: settings.idTokenValidity,
    TokenValidityUnits: {
      AccessToken: units.accessToken,
      IdToken: units.idToken,
      RefreshToken: units.refreshToken,
    },
    RefreshTokenRotation: rotation && {
      Feature: rotation.feature,
      RetryGracePeriodSeconds: rotation.retryGracePeriodSeconds,
    },
  };
}

function oauth({ oauth }: UserPoolClientSettings): Sdk.UserPoolClientType {
  return {
    AllowedOAuthFlowsUserPoolClient: oauth.allowedFlowsUserPoolClient,
    AllowedOAuthFlows: copyList(oauth.allowedFlows),
    AllowedOAuthScopes: copyList(oauth.allowedScopes),
    CallbackURLs: copyList(oauth.callbackUrls),
    LogoutURLs: copyList(oauth.logoutUrls),
    DefaultRedirectURI: oauth.defaultRedirectUri,
    SupportedIdentityProviders: copyList(oauth.supportedIdentityProviders),
  };
}
