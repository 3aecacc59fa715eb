import { AddUserPoolClientSecret } from "./add-user-pool-client-secret.ts";
import { CreateUserPoolClient } from "./create-user-pool-client.ts";
import { DeleteUserPoolClient } from "./delete-user-pool-client.ts";
import { DeleteUserPoolClientSecret } from "./delete-user-pool-client-secret.ts";
import { DescribeUserPoolClient } from "./describe-user-pool-client.ts";
import { GetClientToken } from "./get-client-token.ts";
import { ListUserPoolClientSecrets } from "./list-user-pool-client-secrets.ts";
import { ListUserPoolClients } from "./list-user-pool-clients.ts";
import { UpdateUserPoolClient } from "./update-user-pool-client.ts";

export const clientOperations = {
  CreateUserPoolClient,
  DescribeUserPoolClient,
  UpdateUserPoolClient,
  ListUserPoolClients,
  DeleteUserPoolClient,
  AddUserPoolClientSecret,
  ListUserPoolClientSecrets,
  DeleteUserPoolClientSecret,
  GetClientToken,
};
