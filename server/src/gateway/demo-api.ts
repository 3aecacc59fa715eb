/** The demo's API: one route for everybody who signed in, one for administrators. */
import { countUsersByStatus } from "../domain/users/count.ts";
import type { Caller, RestApi } from "./rest-api.ts";

/** The API of the demo's pools, at `/_api/poolhsdemo/dev`. */
export function demoApi(userPoolIds: readonly string[]): RestApi {
  return {
    id: "poolhsdemo",
    stage: "dev",
    routes: [
      {
        method: "GET",
        path: "/me",
        authorizer: { userPoolIds },
        handle: async (_call, caller) => describe(caller),
      },
      {
        method: "GET",
        path: "/admin",
        authorizer: { userPoolIds, requiredGroup: "Admin" },
        handle: async (call, { pool }) => ({
          users: await countUsersByStatus(call.db, pool),
          time: new Date(call.clock.now()).toISOString(),
        }),
      },
    ],
  };
}

/** What the token says of its holder, and nothing that it does not say. */
function describe({ claims }: Caller): object {
  const isAccess = claims.token_use === "access";
  return {
    sub: claims.sub,
    username: isAccess ? claims.username : claims["cognito:username"],
    ...(isAccess || claims.email === undefined ? {} : { email: claims.email }),
    groups: claims["cognito:groups"] ?? [],
    tokenUse: claims.token_use,
    scopes: isAccess ? claims.scope.split(" ") : [],
    expiresAt: new Date(claims.exp * 1000).toISOString(),
  };
}
