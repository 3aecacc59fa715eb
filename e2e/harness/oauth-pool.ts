/** Pools whose clients come by OAuth, for client libraries of that standard. */
import {
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { makeAppUser } from "./amplify.ts";
import { createAppPool } from "./app-pool.ts";
import { operate } from "./operate.ts";
import type { Server } from "./server.ts";

export const redirectUri = "https://app.example.com/callback";

export type OauthClient = { readonly id: string; readonly secret: string | undefined };

export type OauthPool = {
  readonly userPoolId: string;
  readonly issuer: string;
  /** The name of a user who may sign in. */
  readonly username: string;
  /** Makes a client with these settings and what it switches on beyond AWS. */
  client(settings: ClientOptions, extensions?: object): Promise<OauthClient>;
};

type ClientOptions = Partial<CreateUserPoolClientCommandInput>;

const codeSettings: ClientOptions = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ["code"],
  AllowedOAuthScopes: ["openid", "email", "orders/read"],
  SupportedIdentityProviders: ["COGNITO"],
  CallbackURLs: [redirectUri],
};

export const machineSettings: ClientOptions = {
  GenerateSecret: true,
  AllowedOAuthFlows: ["client_credentials"],
  AllowedOAuthScopes: ["orders/read", "orders/write"],
};

/** A pool of this profile with a resource server `orders` and one user. */
export async function makeOauthPool(
  server: Server,
  profile: "compat" | "hardened",
): Promise<OauthPool> {
  const sdk = server.client();
  const pool = await createAppPool(sdk);
  const { userPoolId: UserPoolId } = pool;
  const Extensions = { Profile: profile };
  await operate(server, "PutUserPoolExtensions", { UserPoolId, Extensions });
  const scopes = ["read", "write"].map((name) => ({ ScopeName: name, ScopeDescription: name }));
  const named = { Identifier: "orders", Name: "Orders", Scopes: scopes };
  await sdk.send(new CreateResourceServerCommand({ UserPoolId, ...named }));
  return {
    userPoolId: UserPoolId,
    issuer: `${server.url}/${UserPoolId}`,
    username: await makeAppUser(server, pool),
    async client(settings, extensions) {
      const given = { UserPoolId, ClientName: "oauth", ...codeSettings, ...settings };
      const { UserPoolClient } = await sdk.send(new CreateUserPoolClientCommand(given));
      const { ClientId: id = "", ClientSecret: secret } = UserPoolClient ?? {};
      if (extensions) {
        const input = { UserPoolId, ClientId: id, Extensions: extensions };
        await operate(server, "PutUserPoolClientExtensions", input);
      }
      return { id, secret };
    },
  };
}
