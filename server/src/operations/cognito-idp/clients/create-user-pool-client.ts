import type {
  CreateUserPoolClientCommandInput,
  CreateUserPoolClientCommandOutput,
} from "@aws-sdk/client-cognito-identity-provider";
import { checkClientSettings } from "../../../domain/clients/check-settings.ts";
import { createClient } from "../../../domain/clients/create.ts";
import { loadPool } from "../../../domain/pools/pool.ts";
import { invalidParameter } from "../../../errors/cognito-idp.ts";
import { makeClientSecret } from "../../../lib/ids.ts";
import { present } from "../../../lib/present.ts";
import { required } from "../../../protocol/checks.ts";
import { readClientExtensions } from "../../poolhouse/extensions.ts";
import { clientMembers, readClientSettings } from "../client-settings.ts";
import type { CognitoOperation } from "../operation.ts";
import { ClientNameType, GenerateSecret } from "../pool-shapes.ts";
import { ClientSecretType, UserPoolIdType } from "../shapes.ts";
import { userPoolClientType } from "../user-pool-client-type.ts";

export const CreateUserPoolClient: CognitoOperation<
  CreateUserPoolClientCommandInput,
  CreateUserPoolClientCommandOutput
> = {
  caller: "iam",
  input: {
    UserPoolId: required(UserPoolIdType),
    ClientName: required(ClientNameType),
    GenerateSecret,
    ClientSecret: ClientSecretType,
    ...clientMembers,
  },
  async handle(call, input) {
    const pool = await loadPool(call, input.UserPoolId);
    if (input.GenerateSecret && input.ClientSecret !== undefined) {
      throw invalidParameter(
        "You cannot specify both GenerateSecret as true and provide a ClientSecret value.",
      );
    }
    const secret = input.GenerateSecret ? makeClientSecret(call.random) : input.ClientSecret;
    const settings = readClientSettings(pool, input);
    checkClientSettings(settings, { pool, hasSecret: secret !== undefined, doing: "creating" });
    const extensions = readClientExtensions(call.fixed?.extensions ?? {});
    const given = { id: call.fixed?.id, name: input.ClientName, secret, settings, extensions };
    const client = await createClient(call, pool, present(given));
    return { UserPoolClient: userPoolClientType(call, client) };
  },
};
