import type { ResourceServerType } from "@aws-sdk/client-cognito-identity-provider";
import type { ResourceServer, Scope } from "../../domain/resource-servers/resource-server.ts";

/** A resource server as AWS shows it. */
export function resourceServerType(server: ResourceServer): ResourceServerType {
  return {
    UserPoolId: server.userPoolId,
    Identifier: server.identifier,
    Name: server.name,
    Scopes: server.scopes.map(({ name, description }) => ({
      ScopeName: name,
      ScopeDescription: description,
    })),
  };
}

/** The scopes of a request, whose members its checks require. */
export function readScopes(given: ResourceServerType["Scopes"] = []): Scope[] {
  return given.map(({ ScopeName = "", ScopeDescription = "" }) => ({
    name: ScopeName,
    description: ScopeDescription,
  }));
}
